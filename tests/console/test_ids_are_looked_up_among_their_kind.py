"""Which list an argument's records are in follows from the names of the catalogue."""

from __future__ import annotations

import pytest

from mcp_tools.catalog.offer import gauzy_offer
from mcp_tools.console.lookups import MEANT, NARROWER, ids, lookups, nouns, searched_by

CATALOG = gauzy_offer().tools
FOUND = lookups(CATALOG)


@pytest.mark.parametrize(
    ("tool", "argument", "lists"),
    [
        ("create_task", "projectId", "get_projects"),
        ("create_task", "memberIds", "get_employees"),
        ("create_task", "parentId", "get_tasks"),
        ("bulk_create_tasks", "projectId", "get_projects"),
        ("update_project", "id", "get_projects"),
        ("bulk_delete_projects", "ids", "get_projects"),
        ("delete_key_result", "id", "get_key_results"),
        ("get_time_off_requests", "policyId", "get_time_off_policies"),
        ("create_deal", "clientId", "get_organization_contacts"),
        ("create_expense", "categoryId", "get_expense_categories"),
        ("create_product", "categoryId", "get_product_categories"),
        ("create_goal", "ownerTeamId", "list_teams"),
    ],
)
def test_an_id_is_one_of_its_list(tool: str, argument: str, lists: str) -> None:
    assert FOUND[tool][argument] == lists


def test_every_list_can_be_read_without_further_arguments() -> None:
    for lists in {lists for arguments in FOUND.values() for lists in arguments.values()}:
        tool = CATALOG.find(lists)
        assert tool is not None and tool.effect == "reads" and not tool.required
        assert searched_by(tool) in ("", *tool.input_schema["properties"])


def test_most_ids_are_found_and_every_word_is_of_use() -> None:
    every = [(tool.name, name) for tool in CATALOG for name in set(ids(tool.typed_schema))]
    missing = [(tool, name) for tool, name in every if name not in FOUND.get(tool, {})]
    assert len(missing) < len(every) / 8, missing
    assert set(MEANT.values()) | set(NARROWER.values()) <= set(nouns(CATALOG))
