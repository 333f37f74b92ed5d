"""Employees (Gauzy route ``/employee``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.domains.users import user
from mcp_tools.sandbox.entity import BASE, Entity, public
from mcp_tools.sandbox.http import MISSING, Call, Disguised, Refusal, Reply, listed
from mcp_tools.sandbox.pictures import placeholder
from mcp_tools.sandbox.relations import Tree, holders, many, nobody, nothing, one, owned
from mcp_tools.sandbox.routing import get, post, put
from mcp_tools.sandbox.rules import (
    Column,
    boolean,
    email,
    is_uuid,
    names,
    not_empty,
    number,
    one_of,
    path_id,
    plain,
    string,
)
from mcp_tools.sandbox.store import Row
from mcp_tools.sandbox.tokens import hashed

VIEW: Final = "ORG_EMPLOYEES_VIEW"
EDIT: Final = "ORG_EMPLOYEES_EDIT"
PAGED: Final = names(
    "deletedAt id isActive isArchived short_description description startedWorkOn endWork averageIncome averageBonus "
    "averageExpenses isTrackingEnabled isOnline isAway allowScreenshotCapture allowManualTime allowModifyTime "
    "allowDeleteTime allowAgentAppExit allowLogoutFromAgentApp trackKeyboardMouseActivity trackAllDisplays"
)
"""The columns that ``/employee/pagination`` answers."""
MEMBER: Final = ("id", "isActive", "isArchived", "isOnline", "isAway", "userId")
MEMBER_USER: Final = ("id", "firstName", "lastName", "email", "imageUrl", "image", "name")
WORKING: Final = names(
    "id isActive short_description description startedWorkOn billRateValue minimumBillingRate billRateCurrency "
    "averageIncome averageBonus averageExpenses isTrackingEnabled isOnline isAway userId"
)
UNTOLD: Final = names(
    "deletedAt createdAt userId allowScreenshotCapture allowManualTime allowModifyTime allowDeleteTime "
    "allowAgentAppExit allowLogoutFromAgentApp trackKeyboardMouseActivity trackAllDisplays"
)
CLEARED: Final = ("upworkId", "linkedInId")
FLAGS: Final = ("isActive", "isArchived", "isTrackingEnabled", "allowScreenshotCapture")


class Employees(Entity):
    def derived(self, public: Row) -> Row:
        joined = public.get("user")
        return {"isDeleted": False} | ({"fullName": joined["name"]} if joined else {})

    def find(self, call: Call, record_id: str) -> Row:
        """A deleted employee is still found by id."""
        row = call.store.find(self.name, path_id(record_id), call.tenant_id)
        if row is None:
            raise self.missing()
        return row

    def matching(self, call: Call, where: Mapping[str, Any], *, paged: bool) -> list[Row]:
        """``/pagination`` takes flags, words of the name, part of the e-mail address and tags; it ignores the rest."""
        if not paged:
            return super().matching(call, where, paged=False)
        known = {name: where[name] for name in ("organizationId", *FLAGS) if name in where}
        rows = super().matching(call, known, paged=True)
        tags, person = set(listed(where.get("tags"))), where.get("user")
        if tags:
            rows = [row for row in rows if tags.intersection(row.get("_tags", ()))]
        if isinstance(person, dict) and person:
            rows = [row for row in rows if self._is(call, row, person)]
        return rows

    def _is(self, call: Call, row: Row, person: Row) -> bool:
        """Name and e-mail address together mean either."""
        known = call.store.find("User", row["userId"], call.tenant_id) or {}
        name = f"{known.get('firstName')} {known.get('lastName')}".lower()
        words = str(person.get("name", "")).lower().split()
        part = str(person.get("email", "")).lower()
        return any(word in name for word in words) or bool(part and part in str(known.get("email")).lower())

    def ordered(self, call: Call, rows: list[Row]) -> list[Row]:
        return rows if call.path.endswith("/pagination") else super().ordered(call, rows)

    def page(self, call: Call, rows: Any, total: int, tree: Any = None) -> Reply:
        answer = super().page(call, rows, total, tree)
        if call.path.endswith("/pagination"):
            kept = {*PAGED, *self.relations, "fullName", "isDeleted"}
            items = [{name: value for name, value in item.items() if name in kept} for item in answer.body["items"]]
            return Reply(200, {"items": items, "total": total})
        return answer

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        found = rules.organization(call, body)
        if record_id is None:
            found = _check_person(body) + found
        rules.demand(found + rules.validate(self.columns, body, creating=record_id is None))

    def insert(self, call: Call, body: Row) -> Row:
        person = _person(call, body)
        colleagues = call.store.rows(self.name, call.tenant_id)
        there = [row for row in colleagues if row["organizationId"] == body["organizationId"]]
        if any(row["userId"] == person["id"] for row in there):
            raise Refusal(400, "Employee already exists for this user in this organization")
        Entity.known["UserOrganization"].new(
            call.store, call.tenant_id, call.user_id, {"userId": person["id"], "organizationId": body["organizationId"]}
        )
        link = f"{person['firstName'] or ''} {person['lastName'] or ''}".strip().lower().replace(" ", "-")
        return super().insert(call, {**body, "userId": person["id"], "profile_link": link})

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        known = call.store.find("User", row["userId"], call.tenant_id) or {}
        role = user.relations["role"].read(call.store, known)
        person = {**public(known), "tenant": {"id": row["tenantId"]}, "role": role}
        if "user" not in body:
            person = {**public(known), "role": role, "image": None}
        owners = {"tenant": {"id": row["tenantId"]}, "organization": {"id": row["organizationId"]}}
        tags = {"tags": body["tags"]} if "tags" in body else {}
        return {**public(row), **owners, **tags, "user": person}

    def create(self, call: Call) -> Reply:
        """With the id of nobody Gauzy answers an empty 201 and does nothing."""
        body = call.body()
        person = body.get("userId")
        if is_uuid(person) and "user" not in body and call.store.find("User", person, call.tenant_id) is None:
            self.check(call, body, None)
            return Reply(201)
        return super().create(call)

    def change(self, call: Call, row: Row, body: Row) -> Row:
        """Two columns are cleared when they are not named."""
        return super().change(call, row, {**dict.fromkeys(CLEARED), **body})

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        """Gauzy answers what was sent, and null or zero for the other columns; some it leaves out."""
        known = [name for name in (*BASE, *self.columns) if name in body or name not in UNTOLD]
        rates = {"billRateValue": body.get("billRateValue", 0), "minimumBillingRate": body.get("minimumBillingRate", 0)}
        reach = {"reWeeklyLimit": body.get("reWeeklyLimit", 0)}
        owner = {"id": row["id"], "tenantId": row["tenantId"], "organizationId": row["organizationId"]}
        own = {"tenant": {"id": row["tenantId"]}, "updatedAt": row["updatedAt"], "updatedByUserId": call.user_id}
        own["customFields"] = {}
        return {name: body.get(name) for name in known} | rates | reach | owner | own

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        raise Refusal(400, "SqliteError: NOT NULL constraint failed: employee.userId")

    def recover(self, call: Call) -> Reply:
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None:
            raise Refusal(400, f"An error occurred during restoring entity: {MISSING}")
        row |= {"deletedAt": None, "deletedByUserId": None, "updatedAt": call.now()}
        return Reply(202, self.shown(call.store, call.store.put(self.name, row), {}))


def _check_person(body: Row) -> list[str]:
    person, person_id = body.get("user"), body.get("userId")
    if not isinstance(person, dict) and not is_uuid(person_id):
        password = [] if body.get("password") else ["password should not be empty"]
        return ["user must be an object", "userId must be a UUID", "userId should not be empty", *password]
    if isinstance(person, dict):
        return [f"user.{told}" for told in email("email", person.get("email"))] + not_empty(
            "password", body.get("password")
        )
    return []


def _person(call: Call, body: Row) -> Row:
    """The user of a new employee: the one with that id or e-mail address, else a new one."""
    given = body.get("user")
    if not isinstance(given, dict):
        found = call.store.find("User", body["userId"], call.tenant_id)
        assert found is not None  # create looked
        return found
    for known in call.store.rows("User", call.tenant_id):
        if known["email"] == given["email"].lower():
            return known
    wanted = (given.get("role") or {}).get("id") or given.get("roleId")
    roles = {row["id"]: row["name"] for row in call.store.rows("Role", call.tenant_id)}
    role_id = wanted if wanted in roles else next(key for key, name in roles.items() if name == "EMPLOYEE")
    values = {name: given[name] for name in user.columns if name in given}
    picture = {"imageUrl": placeholder(given.get("firstName") or given["email"], letters=1)}
    own = {"email": given["email"].lower(), "roleId": role_id, "_password": hashed(body["password"])}
    return user.new(call.store, call.tenant_id, call.user_id, {**picture, **values, **own})


employee = Employees(
    "Employee",
    {
        **plain("valueDate short_description description startedWorkOn endWork"),
        "payPeriod": Column(checks=(one_of("NONE", "BI_WEEKLY", "WEEKLY", "TWICE_PER_MONTH", "MONTHLY"),)),
        "billRateValue": Column(0, (number,)),
        "minimumBillingRate": Column(0, (number,)),
        "billRateCurrency": Column(),
        "reWeeklyLimit": Column(0, (number,)),
        **plain("offerDate acceptDate rejectDate"),
        "employeeLevel": Column(checks=(string,)),
        **plain("anonymousBonus averageIncome averageBonus totalWorkHours averageExpenses show_anonymous_bonus"),
        **plain("show_average_bonus show_average_expenses show_average_income show_billrate show_payperiod"),
        **plain("show_start_work_on isJobSearchActive linkedInUrl facebookUrl instagramUrl twitterUrl githubUrl"),
        **plain("gitlabUrl upworkUrl stackoverflowUrl isVerified isVetted totalJobs jobSuccess profile_link"),
        "isTrackingEnabled": Column(False, (boolean,)),
        **plain("isOnline isAway isTrackingTime", False),
        **plain("allowScreenshotCapture", True),
        **plain("allowManualTime allowModifyTime allowDeleteTime", False),
        **plain("allowAgentAppExit allowLogoutFromAgentApp", True),
        **plain("trackKeyboardMouseActivity", False),
        **plain("trackAllDisplays", True),
        **plain("upworkId linkedInId userId contactId organizationPositionId"),
    },
    {
        "user": one("User", "userId"),
        "teams": owned("OrganizationTeamEmployee", "employeeId"),
        "projects": owned("OrganizationProjectEmployee", "employeeId"),
        "tasks": holders("Task", "members"),
        "timeLogs": owned("TimeLog", "employeeId"),
        "dailyPlans": owned("DailyPlan", "employeeId"),
        "organizationContacts": holders("OrganizationContact", "members"),
        "organization": one("Organization", "organizationId"),
        "contact": nobody(),
        "candidate": nobody(),
        "organizationPosition": nobody(),
        "tags": many("Tag", "tags"),
        "skills": holders("Skill", "employees"),
        "awards": owned("EmployeeAward", "employeeId"),
        **dict.fromkeys(names("organizationDepartments organizationEmploymentTypes settings"), nothing()),
    },
)  # fmt: skip


def members(call: Call) -> Reply:
    """Colleagues of the organization, a team or a project, with few fields; every role may ask."""
    rules.demand(rules.organization(call, call.query))
    rows = employee.matching(call, {"organizationId": call.query["organizationId"], "isActive": "1"}, paged=False)
    for key, entity in (
        ("organizationTeamId", "OrganizationTeamEmployee"),
        ("organizationProjectId", "OrganizationProjectEmployee"),
    ):
        if key in call.query:
            memberships = call.store.rows(entity, call.tenant_id)
            ids = {record["employeeId"] for record in memberships if record[key] == call.query[key]}
            rows = [row for row in rows if row["id"] in ids]
    items = [_as_member(employee.shown(call.store, row, {"user": {}})) for row in rows]
    return Reply(200, {"items": items, "total": len(items)})


def _as_member(shown: Row) -> Row:
    person = {name: shown["user"][name] for name in MEMBER_USER}
    return {name: shown[name] for name in MEMBER} | {"user": person, "fullName": shown["fullName"]}


def working(call: Call) -> Reply:
    """Who is employed, in a range if ``data`` names one by ``startDate`` and ``endDate``."""
    tree: Tree = {"user": {}} if _asked(call).get("withUser") else {}
    items = []
    for row in _working(call):
        shown = employee.shown(call.store, row, tree)
        if tree:
            shown["user"] = {name: shown["user"][name] for name in (*MEMBER_USER, "timeZone", "timeFormat")}
        items.append({name: shown[name] for name in (*WORKING, "user", "fullName") if name in shown})
    return Reply(200, {"items": items, "total": len(items)})


def working_count(call: Call) -> Reply:
    return Reply(200, {"total": len(_working(call))})


def _asked(call: Call) -> Row:
    try:
        asked: Row = orjson.loads(call.query["data"])["findInput"]
        return asked
    except (KeyError, ValueError, TypeError):
        raise Disguised("Cannot read properties of undefined (reading 'organizationId')") from None


def _working(call: Call) -> list[Row]:
    asked = _asked(call)
    rows = employee.matching(call, {"organizationId": str(asked.get("organizationId"))}, paged=False)
    reach = asked.get("forRange") or {}
    if "startDate" not in reach or "endDate" not in reach:
        return rows
    return [
        row
        for row in rows
        if row["startedWorkOn"]
        and row["startedWorkOn"] <= reach["endDate"]
        and (row["endWork"] or "9999") >= reach["startDate"]
    ]


def update_profile(call: Call) -> Reply:
    """An employee's own record, pay included; that of another is refused."""
    rules.demand(rules.organization(call, call.body()))
    if path_id(call.ids[0]) != call.employee_id or call.employee is None:
        raise Refusal(403, "Failed to update employee profile.", named=False)
    return Reply(200, employee.as_updated(call, employee.change(call, call.employee, call.body()), call.body()))


def create_many(call: Call) -> Reply:
    """A bare array of employees; one that is refused refuses all."""
    bodies = call.json()
    if not isinstance(bodies, list):
        told = [*_check_person({}), *rules.organization(call, {})]
        raise Refusal(400, [f"list.{message}" for message in told])
    for body in bodies:
        employee.check(call, body, None)
    return Reply(201, [employee.as_created(call, employee.insert(call, body), body) for body in bodies])


ROUTES = [
    *employee.routes("/employee", view=(VIEW,), add=(EDIT,), edit=(EDIT,), remove=(EDIT,)),
    get("/employee/:id", employee.get),
    get("/employee/members", members, "ALL_ORG_VIEW", "ORG_MEMBERS_VIEW"),
    get("/employee/working", working, "CHANGE_SELECTED_EMPLOYEE", "SELECT_EMPLOYEE"),
    get("/employee/working/count", working_count, "CHANGE_SELECTED_EMPLOYEE", "SELECT_EMPLOYEE"),
    put("/employee/:id/profile", update_profile, "PROFILE_EDIT"),
    post("/employee/bulk", create_many, EDIT),
]
