"""The signed-in user, organizations and the switch between them, teams, tags, sprints, favorites, notifications."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

PERSON = f"{demo.TENANT}/demo@gauzy.local"
HERE, THERE = ident("organization", demo.ORGANIZATION), ident("organization", demo.EMPTY_ORGANIZATION)
APOLLO = ident("project", "Apollo")


async def session(gauzy: Gauzy) -> Gauzy:
    """Another client that signs in to nothing, and so acts as the configured account."""
    other = Gauzy(gauzy._assembly)
    other._session = await gauzy._assembly.sessions.open("stdio")
    return other


async def test_a_user_is_told_with_role_employee_and_organization(gauzy: Gauzy) -> None:
    me = await gauzy.call("get_current_user")
    assert (me["email"], me["role"], me["organizationName"]) == ("demo@gauzy.local", "ADMIN", demo.ORGANIZATION)
    assert me["employeeId"] == ident("employee", PERSON)
    assert (await gauzy.call("get_organization"))["id"] == HERE
    assert (await gauzy.call("get_organization", id=THERE, fields=["name"])) == {"name": demo.EMPTY_ORGANIZATION}


async def test_permissions_are_those_of_the_role(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    mine = await emma.call("get_my_permissions")
    assert mine["role"] == "EMPLOYEE"
    assert "TIME_TRACKER" in mine["permissions"]
    assert "ALL_ORG_EDIT" not in mine["permissions"]
    assert (await gauzy.call("get_my_permissions", search="all org edit"))["permissions"] == ["ALL_ORG_EDIT"]


async def test_switching_goes_to_another_organization_and_back(gauzy: Gauzy) -> None:
    demo_user = await gauzy.sign_in("demo@gauzy.local")
    listed = await demo_user.call("list_my_organizations")
    assert {(row["name"], row["current"]) for row in listed["items"]} == {
        (demo.ORGANIZATION, True), (demo.EMPTY_ORGANIZATION, False),
    }  # fmt: skip
    told = await demo_user.call("switch_organization", organization=demo.EMPTY_ORGANIZATION.upper())
    assert told == {"organizationId": THERE, "organizationName": demo.EMPTY_ORGANIZATION}
    assert (await demo_user.call("get_tasks"))["total"] == 0
    assert "employeeId" not in await demo_user.call("get_current_user")
    await demo_user.call("refresh_auth_token")
    assert (await demo_user.call("get_auth_status"))["organizationId"] == THERE
    with pytest.raises(Refused):
        await demo_user.call("start_timer")
    back = await demo_user.call("switch_organization", organization=HERE)
    assert back["employeeId"] == ident("employee", PERSON)
    assert (await demo_user.call("get_tasks"))["total"] > 0


async def test_a_switch_moves_nobody_else_not_even_of_the_shared_account(gauzy: Gauzy) -> None:
    one, other = await session(gauzy), await session(gauzy)
    await one.call("switch_organization", organization=THERE)
    assert (await one.call("get_tasks"))["total"] == 0
    assert (await one.call("get_auth_status"))["source"] == "session"
    for still in (other, gauzy):
        assert (await still.call("get_tasks"))["total"] > 0
        assert (await still.call("get_auth_status"))["organizationId"] == HERE


async def test_one_call_in_another_organization_moves_no_other(gauzy: Gauzy) -> None:
    """Of a session that signed in, and of one that acts as the configured account."""
    for person in (await gauzy.sign_in("demo@gauzy.local"), await session(gauzy)):
        made = await person.call("create_task", title="Only there", organization=demo.EMPTY_ORGANIZATION.lower())
        assert (await person.call("get_task", id=made["id"], organization=THERE))["title"] == "Only there"
        listed = await person.call("get_tasks", limit=100)
        assert made["id"] not in {row["id"] for row in listed["items"]} and listed["total"] > 0
        assert (await person.call("get_auth_status"))["organizationId"] == HERE
        with pytest.raises(Refused, match="is not one of your organizations"):
            await person.call("get_tasks", organization=demo.OTHER_ORGANIZATION)


@pytest.mark.parametrize("nowhere", ["Nowhere", ident("organization", demo.OTHER_ORGANIZATION), ""])
async def test_nobody_switches_to_what_is_not_theirs(gauzy: Gauzy, nowhere: str) -> None:
    demo_user = await gauzy.sign_in("demo@gauzy.local")
    with pytest.raises(Refused, match=demo.EMPTY_ORGANIZATION if nowhere else "organization"):
        await demo_user.call("switch_organization", organization=nowhere)
    assert (await demo_user.call("get_auth_status"))["organizationId"] == HERE


async def test_teams_are_found_with_their_members(gauzy: Gauzy) -> None:
    listed = await gauzy.call("list_teams", limit=100)
    assert {row["name"] for row in listed["items"]} == set(demo.TEAMS)
    team = next(row for row in listed["items"] if len(row["memberNames"]) > 1)
    shown = await gauzy.call("get_team", id=team["id"])
    assert [one["name"] for one in shown["members"]] == team["memberNames"]
    assert [one["isManager"] for one in shown["members"]].count(True) == 1
    mine = await gauzy.call("list_teams", employeeId=ident("employee", PERSON))
    assert mine["total"] == sum("demo" in people for people in demo.TEAMS.values())
    with pytest.raises(Refused):
        await gauzy.call("get_team", id=APOLLO)


async def test_tags_are_added_and_found_without_the_list_that_blocks_gauzy(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_tag", name="Winter sale")
    found = await gauzy.call("list_tags", name="winter")
    assert [(row["id"], row["color"]) for row in found["items"]] == [(made["id"], "#3366ff")]
    with pytest.raises(Refused):
        await gauzy.call("create_tag", name="")


async def test_sprints_are_found_by_project_status_and_name(gauzy: Gauzy) -> None:
    active = await gauzy.call("list_sprints", projectId=APOLLO, status="active")
    assert [(row["name"], row["projectName"]) for row in active["items"]] == [("Apollo 8", "Apollo")]
    assert (await gauzy.call("list_sprints", name="mobile"))["total"] == 1
    emma = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="no permission"):
        await emma.call("list_sprints")


async def test_favorites_have_names(gauzy: Gauzy) -> None:
    listed = await gauzy.call("list_favorites")
    assert {(row["entity"], row["name"]) for row in listed["items"]} == {
        ("OrganizationProject", "Apollo"), ("Task", demo.TASKS["Apollo"][0]),
    }  # fmt: skip
    assert (await gauzy.call("list_favorites", entity="Employee"))["total"] == 0


async def test_notifications_are_ones_own(gauzy: Gauzy) -> None:
    listed = await gauzy.call("list_notifications")
    assert {row["receiverEmployeeId"] for row in listed["items"]} == {ident("employee", PERSON)}
    assert [row["createdAt"] for row in listed["items"]] == sorted(
        (r["createdAt"] for r in listed["items"]), reverse=True
    )
    unread = await gauzy.call("list_notifications", isRead=False)
    assert 0 < unread["total"] < listed["total"]
    assert {row["isRead"] for row in unread["items"]} == {False}
