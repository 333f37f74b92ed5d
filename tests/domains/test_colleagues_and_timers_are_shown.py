"""Who the colleagues are, who I am among them, and whose timer runs on what."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

ALEX, EMMA = (ident("employee", f"{demo.TENANT}/{who}@gauzy.local") for who in ("demo", "employee"))
APOLLO, TASK = ident("project", "Apollo"), ident("task", "APO-1")
NOBODYS = "00000000-0000-4000-8000-000000000000"
EMPLOYED = {person.email.partition("@")[0]: f"{person.first} {person.last}" for person in demo.PEOPLE if person.level}


async def names(gauzy: Gauzy, **asked: Any) -> list[str]:
    listed = await gauzy.call("get_organization_members", **asked)
    assert listed["total"] == len(listed["items"])
    return sorted(row["fullName"] for row in listed["items"])


@pytest.mark.parametrize("who", ["demo", "employee", "manager", "viewer"])
async def test_everybody_sees_all_colleagues_and_nobodys_pay(gauzy: Gauzy, who: str) -> None:
    person = await gauzy.sign_in(f"{who}@gauzy.local")
    assert await names(person) == sorted(EMPLOYED.values())
    rows = (await person.call("get_organization_members"))["items"]
    assert {row["email"] for row in rows} == {p.email for p in demo.PEOPLE if p.level}
    assert not any("rate" in key.lower() for row in rows for key in row)


async def test_members_are_those_of_a_team_or_a_project(gauzy: Gauzy) -> None:
    for team, people in demo.TEAMS.items():
        assert await names(gauzy, teamId=ident("team", team)) == sorted(EMPLOYED[one] for one in people)
    for project in demo.PROJECTS:
        found = await names(gauzy, projectId=ident("project", project.name))
        assert found == sorted(EMPLOYED[one] for one in project.members)
    both = await names(gauzy, teamId=ident("team", "Design"), projectId=APOLLO)
    assert both == ["Samira Haddad"]
    assert await names(gauzy, projectId=NOBODYS) == []


async def test_members_are_found_by_a_part_of_the_name(gauzy: Gauzy) -> None:
    assert await names(gauzy, search="ma") == sorted(name for name in EMPLOYED.values() if "ma" in name.lower())
    assert await names(gauzy, search="o'con") == ["Liam O'Connor"]
    assert await names(gauzy, search="emma", teamId=ident("team", "Design")) == []


async def test_whoever_is_dismissed_is_no_member(gauzy: Gauzy) -> None:
    await gauzy.call("soft_delete_employee", id=EMMA, confirm=True)
    assert "Emma Fischer" not in await names(gauzy)


async def test_my_employee_record_is_mine(gauzy: Gauzy) -> None:
    for who, record_id in (("demo", ALEX), ("employee", EMMA)):
        person = await gauzy.sign_in(f"{who}@gauzy.local")
        me = await person.call("get_current_employee")
        assert (me["id"], me["name"], me["email"]) == (record_id, EMPLOYED[who], f"{who}@gauzy.local")
    assert "teams" not in await gauzy.call("get_current_employee")
    related = await gauzy.call("get_current_employee", relations=["teams", "projects"])
    assert {row["organizationTeamId"] for row in related["teams"]} == {
        ident("team", team) for team, people in demo.TEAMS.items() if "demo" in people
    }
    assert len(related["projects"]) == sum("demo" in project.members for project in demo.PROJECTS)


async def test_a_timer_is_shown_from_its_start_to_its_stop(gauzy: Gauzy) -> None:
    assert (await gauzy.call("timer_status"))["running"] is False
    started = await gauzy.call("start_timer", projectId=APOLLO, taskId=TASK, description="Map", isBillable=True)
    status = await gauzy.call("timer_status")
    assert status["running"] is True
    log = status["lastLog"]
    assert (log["id"], log["isRunning"], log["employeeId"]) == (started["id"], True, ALEX)
    assert (log["projectId"], log["taskId"], log["description"]) == (APOLLO, TASK, "Map")
    assert (log["project"]["name"], log["task"]["title"]) == ("Apollo", demo.TASKS["Apollo"][0])
    assert await gauzy.call("get_active_timer") == status
    stopped = await gauzy.call("stop_timer")
    after = await gauzy.call("timer_status", todayStart=stopped["startedAt"], todayEnd=stopped["stoppedAt"])
    assert (after["running"], after["lastLog"]["id"], after["duration"]) == (False, stopped["id"], stopped["duration"])


async def test_the_timer_of_another_is_not_mine(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    started = await emma.call("start_timer", projectId=APOLLO)
    assert (await gauzy.call("timer_status"))["running"] is False
    hers = await gauzy.call("timer_status", employeeId=EMMA)
    assert (hers["running"], hers["lastLog"]["id"]) == (True, started["id"])
    assert (await emma.call("timer_status", employeeId=EMMA))["running"] is True
    with pytest.raises(Refused, match="may not see"):
        await emma.call("timer_status", employeeId=ALEX)
    with pytest.raises(Refused):
        await gauzy.call("timer_status", employeeId=NOBODYS)


@pytest.mark.calendar
async def test_the_day_is_the_one_asked_for(gauzy: Gauzy) -> None:
    today = gauzy.now().date()
    first = str(today - datetime.timedelta(days=20))
    period = {"from": first, "to": str(today), "timeZone": "UTC"}
    logs = (await gauzy.call("list_time_logs", employeeId=ALEX, limit=100, **period))["items"]
    days = sorted({row["startedAt"][:10] for row in logs})
    for day in (days[0], days[-1]):
        status = await gauzy.call(
            "timer_status", todayStart=f"{day}T00:00:00Z", todayEnd=f"{day}T23:59:59.999Z"
        )  # fmt: skip
        of_day = [row for row in logs if row["startedAt"].startswith(day)]
        assert status["duration"] == sum(row["duration"] for row in of_day) > 0
        assert status["lastLog"]["id"] == max(of_day, key=lambda row: str(row["startedAt"]))["id"]
    empty = await gauzy.call("timer_status", todayStart="2031-01-01", todayEnd="2031-01-02")
    assert (empty["duration"], empty.get("lastLog")) == (0, None)


async def test_whoever_is_no_employee_has_no_timer(gauzy: Gauzy) -> None:
    viewer = await gauzy.sign_in("viewer@gauzy.local")
    with pytest.raises(Refused):
        await viewer.call("timer_status")
