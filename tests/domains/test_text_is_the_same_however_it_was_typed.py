"""An umlaut of one character or of two is the same text, stored as one (NFC); secrets and ids stay as they are."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from mcp_tools.catalog import write_only
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.texts import composed_by
from mcp_tools.catalog.tool import Tool
from mcp_tools.operations.contract.examples import value
from tests.dispatch.talk import talking
from tests.domains.gauzy import Gauzy

NAME = "Zo\u00eb M\u00fcller \ud55c\uae00"
TYPED = unicodedata.normalize("NFD", NAME)
assert NAME != TYPED


async def test_what_is_stored_is_composed(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_task", title=TYPED)
    row = await gauzy.request("GET", f"/tasks/{made['id']}")
    assert row["title"] == NAME
    await gauzy.call("bulk_create_tasks", tasks=[{"title": f"{TYPED} 2"}])
    found = await gauzy.call("get_tasks", search=TYPED, sort="title")
    assert [row["title"] for row in found["items"]] == [NAME, f"{NAME} 2"]


async def test_a_text_finds_what_gauzy_has_decomposed(gauzy: Gauzy) -> None:
    """Filters that are tested here fold both sides, and what Gauzy answers is shown as it is."""
    owned = {"organizationId": (await gauzy.call("get_current_user"))["organizationId"]}
    made = await gauzy.request("POST", "/skills", body={**owned, "name": TYPED, "color": "#000000"})
    for typed in (NAME, TYPED, NAME.upper()):
        [row] = (await gauzy.call("search_skills", query=typed))["items"]
        assert (row["id"], row["name"]) == (made["id"], TYPED)


async def test_prompts_and_completions_match_it_too(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        await client.call("create_project", name=TYPED)
        argument = {"name": "project", "value": TYPED[:6]}
        params = {"ref": {"type": "ref/prompt", "name": "project_status"}, "argument": argument}
        assert (await client.ask("completion/complete", params))["result"]["completion"]["values"] == [NAME]
        for typed in (NAME, TYPED):
            params = {"name": "project_status", "arguments": {"project": typed}}
            assert NAME in json.dumps(await client.ask("prompts/get", params), ensure_ascii=False)


@pytest.mark.parametrize("tool", list(catalog()), ids=lambda tool: tool.name)
def test_every_text_of_every_tool_is_composed_and_no_secret_is(tool: Tool) -> None:
    schema = tool.argument_schema
    given = value("", {**schema, "required": [*schema["properties"]]}, lambda name: TYPED)
    taken = composed_by(schema, given)
    shown, whole = texts(write_only.without(schema, taken)), texts(taken)
    # Left as they are: ids and URIs, which no decomposed text can be, and secrets.
    kept = {name for name, text in whole if text == TYPED}
    assert {name for name, text in shown if text == TYPED} <= named(schema, "uuid", "uri")
    assert kept <= named(schema, "uuid", "uri") | {"password"}
    assert ("password" in kept) is write_only.holds(schema)


def texts(one: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(one, str):
        return [(name, one)]
    if isinstance(one, dict):
        return [found for key, item in one.items() for found in texts(item, key)]
    return [found for item in one for found in texts(item, name)] if isinstance(one, list) else []


def named(schema: Any, *formats: str, name: str = "") -> set[str]:
    """The arguments of these formats."""
    found = {name} if schema.get("format") in formats else set()
    for key, part in schema.get("properties", {}).items():
        found |= named(part, *formats, name=key)
    return found | (named(schema["items"], *formats, name=name) if "items" in schema else set())
