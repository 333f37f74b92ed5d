"""New employees, one or many: new users who can sign in, or users that are there; nobody twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused
from tests.domains.stored import changed, stored

EMMA, VERA = (
    ident("employee", f"{demo.TENANT}/employee@gauzy.local"),
    ident("user", f"{demo.TENANT}/viewer@gauzy.local"),
)
NOBODYS = "00000000-0000-4000-8000-000000000000"
SECRET = "very-secret-47"
ZOE: dict[str, Any] = {"firstName": "Zoe", "lastName": "Quill", "email": "zoe@gauzy.local", "password": SECRET}
EMPLOYEES = sum(bool(person.level) for person in demo.PEOPLE)


async def test_a_new_employee_has_what_was_given_and_signs_in(gauzy: Gauzy) -> None:
    terms = {
        "startedWorkOn": "2031-01-07", "description": "Draws", "shortDescription": "Illustrator",
        "isTrackingEnabled": True, "tagIds": [ident("tag", "customer")],
    }  # fmt: skip
    beside = await stored(gauzy, "employee", EMMA)
    made = await gauzy.call("create_employee", **ZOE, **terms)
    shown = await gauzy.call("get_employee", id=made["id"])
    assert (shown["name"], shown["email"], shown["description"]) == ("Zoe Quill", "zoe@gauzy.local", "Draws")
    assert (shown["short_description"], shown["isTrackingEnabled"]) == ("Illustrator", True)
    assert shown["startedWorkOn"] == "2031-01-07T00:00:00.000Z"
    assert (await stored(gauzy, "employee", made["id"]))["tags"] == [(ident("tag", "customer"), False)]
    assert [row["id"] for row in (await gauzy.call("get_employees", search="Quill"))["items"]] == [made["id"]]
    assert (await gauzy.call("get_employee_count"))["count"] == EMPLOYEES + 1
    zoe = await gauzy.sign_in("zoe@gauzy.local", SECRET)
    me = await zoe.call("get_current_user")
    assert (me["role"], me["employeeId"]) == ("EMPLOYEE", made["id"])
    assert (await zoe.call("start_timer"))["employeeId"] == made["id"]
    assert changed(beside, await stored(gauzy, "employee", EMMA)) == set()


async def test_the_password_is_told_nowhere(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_employee", **ZOE)
    for told in (made, await gauzy.call("get_employee", id=made["id"]), await gauzy.call("get_employees", limit=100)):
        assert SECRET not in json.dumps(told)
    with pytest.raises(Refused) as refused:
        await gauzy.call("create_employee", **ZOE)
    assert SECRET not in str(refused.value)


async def test_the_role_is_the_one_given(gauzy: Gauzy) -> None:
    await gauzy.call("create_employee", **ZOE, roleId=ident("role", f"{demo.TENANT}/MANAGER"))
    zoe = await gauzy.sign_in("zoe@gauzy.local", SECRET)
    assert (await zoe.call("get_current_user"))["role"] == "MANAGER"


async def test_a_user_who_is_there_becomes_an_employee_and_keeps_name_role_and_password(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_employee", userId=VERA, startedWorkOn="2031-01-07")
    assert (await gauzy.call("get_employee", id=made["id"]))["name"] == "Vera Novak"
    vera = await gauzy.sign_in("viewer@gauzy.local")
    me = await vera.call("get_current_user")
    assert (me["id"], me["role"], me["employeeId"]) == (VERA, "VIEWER", made["id"])
    assert (await vera.call("get_current_employee"))["id"] == made["id"]


@pytest.mark.parametrize(("wrong", "told"), [
    ({}, "firstName, email, password"),
    ({"firstName": "Zoe", "email": "zoe@gauzy.local"}, "password"),
    ({**ZOE, "email": "nobody"}, "email"),
    ({**ZOE, "email": "employee@gauzy.local"}, "already exists"),
    ({"userId": ident("user", f"{demo.TENANT}/employee@gauzy.local")}, "already exists"),
    ({"userId": NOBODYS}, "Gauzy"),
    ({**ZOE, "startedWorkOn": "soon"}, "startedWorkOn"),
    ({**ZOE, "salary": 1}, "salary"),
])  # fmt: skip
async def test_who_cannot_be_hired_is_not(gauzy: Gauzy, wrong: dict[str, Any], told: str) -> None:
    before = await stored(gauzy, "employee", EMMA)
    with pytest.raises(Refused, match=told):
        await gauzy.call("create_employee", **wrong)
    assert (await gauzy.call("get_employee_count"))["count"] == EMPLOYEES
    assert changed(before, await stored(gauzy, "employee", EMMA)) == set()


async def test_many_are_hired_and_those_who_cannot_be_are_told_one_by_one(gauzy: Gauzy) -> None:
    yves = {"firstName": "Yves", "email": "yves@gauzy.local", "password": SECRET}
    people = [ZOE, {**ZOE, "email": "employee@gauzy.local"}, {"firstName": "No", "email": "no@gauzy.local"}, yves]
    told = await gauzy.call("bulk_create_employees", employees=people, confirm=True)
    assert (told["succeeded"], told["failed"]) == (2, 2)
    assert [result["ok"] for result in told["results"]] == [True, False, False, True]
    assert "already exists" in told["results"][1]["error"]
    assert "password" in told["results"][2]["error"]
    assert SECRET not in json.dumps(told)
    for result, name in ((told["results"][0], "Zoe Quill"), (told["results"][3], "Yves")):
        assert (await gauzy.call("get_employee", id=result["id"]))["name"] == name
    assert (await gauzy.call("get_employee_count"))["count"] == EMPLOYEES + 2
    yves_signed_in = await gauzy.sign_in("yves@gauzy.local", SECRET)
    assert (await yves_signed_in.call("get_current_employee"))["id"] == told["results"][3]["id"]


async def test_only_those_who_may_hire_do(gauzy: Gauzy) -> None:
    for email in ("employee@gauzy.local", "manager@gauzy.local"):
        person = await gauzy.sign_in(email)
        with pytest.raises(Refused, match="no permission"):
            await person.call("create_employee", **ZOE)
        told = await person.call("bulk_create_employees", employees=[ZOE], confirm=True)
        assert (told["succeeded"], told["failed"]) == (0, 1)
    assert (await gauzy.call("get_employee_count"))["count"] == EMPLOYEES
