"""Skills: the catalogue, who has which, and how giving one leaves everything else alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

PYTHON, FIGMA, NOBODYS = ident("Skill", "Python"), ident("Skill", "Figma"), "00000000-0000-4000-8000-000000000000"
EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")


async def names(gauzy: Gauzy, tool: str, **arguments: Any) -> list[str]:
    return [row["name"] for row in (await gauzy.call(tool, **arguments))["items"]]


async def test_they_are_listed_with_who_has_them(gauzy: Gauzy) -> None:
    found = await gauzy.call("get_skills", limit=3, page=2)
    assert (found["total"], found["page"], found["has_more"]) == (10, 2, True)
    assert [row["name"] for row in found["items"]] == ["Figma", "German", "Kubernetes"]
    assert found["items"][0]["employeeNames"] == ["Samira Haddad", "Yuki Tanaka"]
    assert await names(gauzy, "get_skills", sort="-name", limit=1) == ["TypeScript"]


async def test_they_are_found_by_part_of_their_name_or_description(gauzy: Gauzy) -> None:
    assert await names(gauzy, "search_skills", query="pyth") == ["Python"]
    assert await names(gauzy, "get_skills", search="screen READERS") == ["Accessibility testing"]
    assert await names(gauzy, "search_skills", query="no such thing") == []


async def test_one_shows_who_has_it(gauzy: Gauzy) -> None:
    assert (await gauzy.call("get_skill", id=FIGMA))["employeeNames"] == ["Samira Haddad", "Yuki Tanaka"]
    with pytest.raises(Refused, match="no skill"):
        await gauzy.call("get_skill", id=NOBODYS)


async def test_one_is_created_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_skill", name="Rust")
    assert made["color"] == "#000000", "Gauzy demands one"
    await gauzy.call("update_skill", id=made["id"], description="Systems", color="#ffffff")
    shown = await gauzy.call("get_skill", id=made["id"])
    assert (shown["name"], shown["description"], shown["color"]) == ("Rust", "Systems", "#ffffff")
    await gauzy.call("delete_skill", id=made["id"])
    with pytest.raises(Refused):
        await gauzy.call("delete_skill", id=made["id"])
    assert "Rust" not in await names(gauzy, "get_skills", limit=100)


async def test_a_second_one_of_the_same_name_is_refused(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match=f"already: {PYTHON}"):
        await gauzy.call("create_skill", name=" python ")
    made = await gauzy.call("bulk_create_skills", skills=[{"name": "Go"}, {"name": "FIGMA"}], confirm=True)
    assert [result["ok"] for result in made["results"]] == [True, False]
    assert await names(gauzy, "search_skills", query="go") == ["Go", "Negotiation"]


async def test_giving_one_leaves_those_who_have_it_and_the_skill_itself(gauzy: Gauzy) -> None:
    before = await gauzy.call("get_skill", id=FIGMA)
    given = await gauzy.call("assign_skill_to_employee", skillId=FIGMA, employeeId=EMMA)
    assert given["employeeNames"] == ["Samira Haddad", "Yuki Tanaka", "Emma Fischer"]
    assert await names(gauzy, "get_skills_by_employee", employeeId=EMMA) == ["Figma", "German", "TypeScript"]
    assert await gauzy.call("assign_skill_to_employee", skillId=FIGMA, employeeId=EMMA) == given, "again: nothing to do"
    taken = await gauzy.call("remove_skill_from_employee", skillId=FIGMA, employeeId=EMMA, confirm=True)
    assert {**taken, "updatedAt": ""} == {**before, "updatedAt": ""}
    assert await names(gauzy, "get_skills_by_employee", employeeId=EMMA) == ["German", "TypeScript"]


async def test_giving_one_keeps_the_links_of_the_employee_to_other_services(gauzy: Gauzy) -> None:
    owner = {"organizationId": ident("organization", demo.ORGANIZATION)}
    await gauzy.request("PUT", f"/employee/{EMMA}", body={**owner, "upworkId": "up-1", "linkedInId": "in-1"})
    await gauzy.call("assign_skill_to_employee", skillId=PYTHON, employeeId=EMMA)
    kept = await gauzy.request("GET", f"/employee/{EMMA}")
    assert (kept["upworkId"], kept["linkedInId"]) == ("up-1", "in-1")


async def test_what_does_not_exist_is_not_made_by_giving_it(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="no skill"):
        await gauzy.call("assign_skill_to_employee", skillId=NOBODYS, employeeId=EMMA)
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("assign_skill_to_employee", skillId=PYTHON, employeeId=NOBODYS)
    assert (await gauzy.call("get_skills"))["total"] == 10
    assert len((await gauzy.call("get_skill", id=PYTHON))["employeeNames"]) == 4


async def test_different_skills_are_given_side_by_side(gauzy: Gauzy) -> None:
    skills = [ident("Skill", name) for name in ("Python", "Figma", "Kubernetes", "Bookkeeping")]
    await asyncio.gather(*(gauzy.call("assign_skill_to_employee", skillId=one, employeeId=EMMA) for one in skills))
    assert (await gauzy.call("get_skills_by_employee", employeeId=EMMA))["total"] == 6


@pytest.mark.parametrize(("tool", "arguments"), [
    ("create_skill", {}),
    ("create_skill", {"name": ""}),
    ("update_skill", {"id": PYTHON}),
    ("update_skill", {"id": PYTHON, "clear": ["name"]}),
    ("get_skills", {"sort": "employees"}),
    ("search_skills", {}),
    ("assign_skill_to_employee", {"skillId": PYTHON}),
    ("get_skills_by_employee", {"employeeId": "Emma"}),
])  # fmt: skip
async def test_wrong_arguments_are_told(gauzy: Gauzy, tool: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(tool, **arguments)
