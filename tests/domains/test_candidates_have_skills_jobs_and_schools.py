"""What a candidate can and has done, through the tools."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

AISHA = ident("Candidate", "Aisha Bello")
NOBODYS = "00000000-0000-4000-8000-000000000000"
PARTS = [
    ("skill", "skills", {"name": "Django"}),
    ("experience", "experience", {"occupation": "Team lead", "duration": "2 years", "description": "At Cobalt"}),
    (
        "education",
        "education",
        {"schoolName": "City College", "degree": "BSc", "field": "Physics", "completionDate": "2020-06-30"},
    ),
]

each_part = pytest.mark.parametrize(("one", "many", "values"), PARTS, ids=[part[0] for part in PARTS])


@each_part
async def test_what_is_added_is_listed(gauzy: Gauzy, one: str, many: str, values: dict[str, Any]) -> None:
    before = (await gauzy.call(f"get_candidate_{many}", candidateId=AISHA))["total"]
    made = await gauzy.call(f"add_candidate_{one}", candidateId=AISHA, **values)
    after = await gauzy.call(f"get_candidate_{many}", candidateId=AISHA)
    assert after["total"] == before + 1
    shown = next(row for row in after["items"] if row["id"] == made["id"])
    assert all(str(shown[name]).startswith(value) for name, value in values.items())


@each_part
async def test_an_earlier_clients_wrapper_is_understood(
    gauzy: Gauzy, one: str, many: str, values: dict[str, Any]
) -> None:
    made = await gauzy.call(f"add_candidate_{one}", candidateId=AISHA, **{one: values})
    assert made["candidateId"] == AISHA


@each_part
async def test_nothing_is_added_for_nobody(gauzy: Gauzy, one: str, many: str, values: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await gauzy.call(f"add_candidate_{one}", candidateId=NOBODYS, **values)
    assert (await gauzy.call(f"get_candidate_{many}", candidateId=NOBODYS))["total"] == 0


@each_part
async def test_the_list_is_that_of_one_candidate(gauzy: Gauzy, one: str, many: str, values: dict[str, Any]) -> None:
    bruno = ident("Candidate", "Bruno Keller")
    made = await gauzy.call(f"add_candidate_{one}", candidateId=bruno, **values)
    rows = (await gauzy.call(f"get_candidate_{many}", candidateId=AISHA))["items"]
    assert made["id"] not in [row["id"] for row in rows]
    with pytest.raises(Refused):
        await gauzy.call(f"get_candidate_{many}")
