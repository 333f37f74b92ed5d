"""Candidates through the tools: found, added, rated, decided about, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

AISHA, CARMEN = ident("Candidate", "Aisha Bello"), ident("Candidate", "Carmen Diaz")
DMITRI = ident("Candidate", "Dmitri Volkov")
DESIGNER = ident("OrganizationPosition", "Designer")
NOBODYS = "00000000-0000-4000-8000-000000000000"


def names(answer: Any) -> set[str]:
    return {row["name"] for row in answer["items"]}


@pytest.mark.parametrize(("filters", "found"), [
    ({}, {"Aisha Bello", "Bruno Keller", "Carmen Diaz", "Dmitri Volkov", "Elif Aydin", "Finn Larsen"}),
    ({"status": "REJECTED"}, {"Dmitri Volkov"}),
    ({"status": "HIRED"}, set()),
    ({"positionId": DESIGNER}, {"Carmen Diaz", "Dmitri Volkov"}),
    ({"position": "support"}, {"Elif Aydin"}),
    ({"skill": "Figma"}, {"Carmen Diaz"}),
    ({"email": "finn.larsen@mail.example"}, {"Finn Larsen"}),
    ({"search": "keller"}, {"Bruno Keller"}),
    ({"minRating": 4}, {"Aisha Bello", "Carmen Diaz"}),
    ({"minRating": 4, "positionId": DESIGNER}, {"Carmen Diaz"}),
    ({"isArchived": False, "status": "REJECTED"}, {"Dmitri Volkov"}),
])  # fmt: skip
async def test_filters_have_an_effect(gauzy: Gauzy, filters: dict[str, Any], found: set[str]) -> None:
    assert names(await gauzy.call("get_candidates", **filters)) == found
    assert (await gauzy.call("get_candidate_count", **filters))["count"] == len(found)


async def test_pages_follow_each_other(gauzy: Gauzy) -> None:
    pages = [await gauzy.call("get_candidates", limit=4, page=page, sort="-createdAt") for page in (1, 2)]
    assert [(len(page["items"]), page["total"], page["has_more"]) for page in pages] == [(4, 6, True), (2, 6, False)]
    assert len(names(pages[0]) | names(pages[1])) == 6


async def test_candidates_for_a_position_are_listed(gauzy: Gauzy) -> None:
    found = await gauzy.call("get_candidates_by_position", positionId=DESIGNER, status="APPLIED")
    assert [(row["name"], row["positionName"]) for row in found["items"]] == [("Carmen Diaz", "Designer")]


async def test_a_candidate_is_added_and_changed(gauzy: Gauzy) -> None:
    made = await gauzy.call(
        "create_candidate", email="gita@mail.example", firstName="Gita", lastName="Rao", positionId=DESIGNER,
        appliedDate="2026-11-20", source="Referral",
    )  # fmt: skip
    await gauzy.call("update_candidate", id=made["id"], candidateLevel="Senior", billRateValue=70)
    shown = await gauzy.call("get_candidate", id=made["id"])
    assert (shown["name"], shown["email"], shown["positionName"]) == ("Gita Rao", "gita@mail.example", "Designer")
    assert (shown["candidateLevel"], shown["status"]) == ("Senior", "APPLIED")
    assert "billRateValue" not in shown, "pay is shown to those who ask for it"
    paid = await gauzy.call("get_candidate", id=made["id"], fields=["billRateValue"])
    assert paid == {"billRateValue": 70}
    assert shown["appliedDate"].startswith("2026-11-20")
    cleared = await gauzy.call("update_candidate", id=made["id"], clear=["candidateLevel"], payPeriod="WEEKLY")
    assert ("candidateLevel" in cleared, cleared["payPeriod"]) == (False, "WEEKLY"), "what was written is shown"
    assert "billRateValue" not in cleared


async def test_the_same_address_is_not_taken_twice(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match=f"change {AISHA}"):
        await gauzy.call("create_candidate", email="aisha.bello@mail.example")
    assert (await gauzy.call("get_candidate_count"))["count"] == 6


async def test_a_rejected_candidate_may_be_asked_again(gauzy: Gauzy) -> None:
    rejected = await gauzy.call("update_candidate_status", id=AISHA, status="REJECTED")
    assert rejected["status"] == "REJECTED"
    assert rejected["rejectDate"]
    again = await gauzy.call("update_candidate_status", id=AISHA, status="APPLIED")
    assert (again["status"], "rejectDate" in again) == ("APPLIED", False)


async def test_hiring_makes_an_employee_for_good(gauzy: Gauzy) -> None:
    hired = await gauzy.call("update_candidate_status", id=CARMEN, status="HIRED")
    assert (hired["status"], hired["alreadyHired"]) == ("HIRED", True)
    employee = await gauzy.call("get_employee", id=hired["employeeId"])
    assert employee["userId"] == hired["userId"]
    for status in ("HIRED", "APPLIED", "REJECTED"):
        with pytest.raises(Refused, match="cannot be undone"):
            await gauzy.call("update_candidate_status", id=CARMEN, status=status)
    assert (await gauzy.call("get_candidate", id=CARMEN))["status"] == "HIRED"


async def test_a_rating_is_kept_and_its_comment_too(gauzy: Gauzy) -> None:
    assert (await gauzy.call("rate_candidate", id=DMITRI, rating=3.5))["rating"] == 3.5
    rated = await gauzy.call("rate_candidate", id=DMITRI, rating=4, comment="Better the second time")
    assert (rated["rating"], rated["ratings"]) == (4, 4)
    assert [one["description"] for one in rated["feedbacks"]] == ["Better the second time"]
    assert (await gauzy.call("get_candidate", id=DMITRI))["status"] == "REJECTED"


async def test_a_deleted_candidate_keeps_a_login_that_works_and_that_is_told(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_candidate", email="hugo@mail.example", password="long-enough-1")
    gone = await gauzy.call("delete_candidate", id=made["id"])
    assert "hugo@mail.example still works" in gone["note"]
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("get_candidate", id=made["id"])
    await gauzy.sign_in("hugo@mail.example", "long-enough-1")


@pytest.mark.parametrize(("name", "arguments"), [
    ("create_candidate", {"email": "no address"}),
    ("create_candidate", {"email": "x@mail.example", "password": "short"}),
    ("create_candidate", {"firstName": "Nobody"}),
    ("update_candidate", {"id": AISHA}),
    ("update_candidate", {"id": NOBODYS, "candidateLevel": "x"}),
    ("update_candidate_status", {"id": AISHA, "status": "INTERVIEW"}),
    ("update_candidate_status", {"id": NOBODYS, "status": "HIRED"}),
    ("rate_candidate", {"id": AISHA, "rating": 6}),
    ("delete_candidate", {"id": NOBODYS}),
    ("get_candidates_by_position", {}),
    ("get_candidates", {"rating": 3}),
])  # fmt: skip
async def test_what_gauzy_cannot_take_is_told(gauzy: Gauzy, name: str, arguments: dict[str, Any]) -> None:
    before = await gauzy.call("get_candidates", limit=100)
    with pytest.raises(Refused):
        await gauzy.call(name, **arguments)
    assert await gauzy.call("get_candidates", limit=100) == before


async def test_an_employee_may_not_see_candidates(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="no permission"):
        await employee.call("get_candidates")
