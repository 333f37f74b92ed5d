"""Time off from asking to deciding, and the days it takes; in every month, for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

EMMA = ident("employee", f"{demo.TENANT}/employee@gauzy.local")
ALEX = ident("employee", f"{demo.TENANT}/demo@gauzy.local")
VACATION = ident("TimeOffPolicy", "Vacation")
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def ask(gauzy: Gauzy, first: str, last: str, **more: Any) -> dict[str, Any]:
    given = {"startDate": first, "endDate": last, "policyId": VACATION, **more}
    made: dict[str, Any] = await gauzy.call("create_time_off_request", **given)
    return made


async def found(gauzy: Gauzy, name: str = "get_time_off_requests", **more: Any) -> list[str]:
    return [row["id"] for row in (await gauzy.call(name, limit=100, **more))["items"]]


async def test_time_off_is_asked_for_changed_approved_denied_and_deleted(gauzy: Gauzy) -> None:
    made = await ask(gauzy, "2031-05-05", "2031-05-09", employeeId=EMMA, description="Lofoten")
    assert (made["status"], made["policyName"], made["employeeNames"]) == ("REQUESTED", "Vacation", ["Emma Fischer"])
    assert made["id"] in await found(gauzy, "get_pending_time_off_requests")
    changed = await gauzy.call("update_time_off_request", id=made["id"], endDate="2031-05-12", employeeIds=[EMMA, ALEX])
    assert (changed["end"][:10], len(changed["employeeIds"]), changed["description"]) == ("2031-05-12", 2, "Lofoten")
    assert (await gauzy.call("approve_time_off_request", id=made["id"]))["status"] == "APPROVED"
    denied = await gauzy.call("deny_time_off_request", id=made["id"], reason="The pilot needs you")
    assert (denied["status"], denied["description"]) == ("DENIED", "Lofoten (The pilot needs you)")
    assert (await gauzy.call("get_time_off_request", id=made["id"]))["status"] == "DENIED"
    await gauzy.call("delete_time_off_request", id=made["id"])
    assert made["id"] not in await found(gauzy)
    left = await gauzy.request("GET", "/request-approval/pagination", query=[("where[requestId]", made["id"])])
    assert left["total"] == 0, "the approval beside it went as well"


async def test_what_is_withdrawn_leaves_every_list(gauzy: Gauzy) -> None:
    made = await ask(gauzy, "2031-05-05", "2031-05-09")
    assert made["employeeIds"] == [ALEX], "asked for by the caller himself"
    assert (await gauzy.call("cancel_time_off_request", id=made["id"]))["cancelled"]
    assert made["id"] not in await found(gauzy)
    with pytest.raises(Refused, match="no time-off request"):
        await gauzy.call("get_time_off_request", id=made["id"])


async def test_lists_reach_beyond_this_month_and_keep_mornings(gauzy: Gauzy) -> None:
    far = await ask(gauzy, "2031-05-05", "2031-05-05", employeeIds=[EMMA])
    assert far["id"] in await found(gauzy)
    for first, last in (("2031-05-05", "2031-05-05"), ("2031-05-01", "2031-05-05"), ("2031-05-05", "2031-06-30")):
        assert await found(gauzy, startDate=first, endDate=last) == [far["id"]]
    assert await found(gauzy, startDate="2031-05-06", endDate="2031-05-30") == []


async def test_a_long_absence_is_found_by_any_of_its_days(gauzy: Gauzy) -> None:
    made = await ask(gauzy, "2031-01-10", "2031-11-20", employeeIds=[EMMA])
    assert await found(gauzy, startDate="2031-07-01", endDate="2031-07-01") == [made["id"]]


async def test_requests_are_found_by_whose_status_policy_and_text(gauzy: Gauzy) -> None:
    everything = (await gauzy.call("get_time_off_requests", limit=100))["items"]
    for name, value, key in (("status", "APPROVED", "status"), ("policyId", VACATION, "policyId")):
        expected = [row["id"] for row in everything if row[key] == value]
        assert 0 < len(expected) < len(everything)
        assert await found(gauzy, **{name: value}) == expected
        assert (await gauzy.call("get_time_off_request_count", **{name: value}))["count"] == len(expected)
    assert await found(gauzy, employeeId=EMMA) == [row["id"] for row in everything if EMMA in row["employeeIds"]]
    assert [row["description"] for row in everything if row["id"] in await found(gauzy, search="ALPS")] == [
        "Walking in the Alps"
    ]


async def test_an_employee_sees_his_own_and_decides_nothing(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    mine = (await emma.call("get_my_time_off_requests"))["items"]
    assert {EMMA in row["employeeIds"] for row in mine} == {True}
    for name in ("approve_time_off_request", "delete_time_off_request", "cancel_time_off_request"):
        with pytest.raises(Refused, match="no permission"):
            await emma.call(name, id=mine[0]["id"])
    with pytest.raises(Refused, match="no permission"):
        await ask(emma, "2031-05-05", "2031-05-06")
    assert (await emma.call("get_time_off_request", id=mine[0]["id"]))["id"] == mine[0]["id"]


async def test_a_balance_counts_the_days_of_the_year_alone(gauzy: Gauzy) -> None:
    over = await ask(gauzy, "2030-12-30", "2031-01-03", employeeIds=[EMMA])
    await ask(gauzy, "2031-06-02", "2031-06-06", employeeIds=[EMMA])
    await ask(gauzy, "2031-06-02", "2031-06-30", employeeIds=[ALEX])
    await gauzy.call("approve_time_off_request", id=over["id"])
    told = await gauzy.call("get_time_off_balance", employeeId=EMMA, year=2031)
    assert (told["usedDays"], told["pendingDays"]) == (3, 5)
    assert [(row["policyName"], row["usedDays"]) for row in told["policies"]] == [("Vacation", 3)]
    emma = await gauzy.sign_in("employee@gauzy.local")
    assert await emma.call("get_my_time_off_balance", year=2031) == told
    assert (await emma.call("get_my_time_off_balance", year=2030))["usedDays"] == 2


async def test_statistics_count_requests_and_days(gauzy: Gauzy) -> None:
    await ask(gauzy, "2031-06-02", "2031-06-06", employeeIds=[EMMA, ALEX])
    told = await gauzy.call("get_time_off_statistics", startDate="2031-06-01", endDate="2031-06-30")
    assert (told["requests"], told["days"]) == (1, 5)
    assert told["by"]["month"] == {"2031-06": {"requests": 1, "days": 5}}
    assert set(told["by"]["employee"]) == {"Emma Fischer", "Alex Morgan"}
    assert list((await gauzy.call("get_time_off_statistics", groupBy="policy"))["by"]) == ["policy"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"startDate": "2031-05-09", "endDate": "2031-05-05"},
        {"policyId": NOBODYS},
        {"employeeIds": [NOBODYS]},
        {"status": "CANCELLED"},
        {"startDate": "soon"},
    ],
)
async def test_what_is_no_time_off_is_refused(gauzy: Gauzy, wrong: dict[str, Any]) -> None:
    before = await found(gauzy)
    with pytest.raises(Refused):
        await gauzy.call(
            "create_time_off_request",
            **{
                "startDate": "2031-05-05",
                "endDate": "2031-05-09",
                "policyId": VACATION,
                "employeeIds": [EMMA],
                **wrong,
            },
        )
    assert await found(gauzy) == before
    for name in ("approve_time_off_request", "delete_time_off_request", "cancel_time_off_request"):
        with pytest.raises(Refused):
            await gauzy.call(name, id=NOBODYS)
