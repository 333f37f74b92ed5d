"""Goals and the templates for them (Gauzy routes ``/goals`` and ``/goal-templates``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.deals import ConstraintRefusal
from mcp_tools.sandbox.entity import BASE, Entity, equal, number
from mcp_tools.sandbox.http import Call, Disguised, Refusal, Reply, not_found
from mcp_tools.sandbox.relations import nobody, one, owned
from mcp_tools.sandbox.rules import Column, not_empty, path_id, plain, string
from mcp_tools.sandbox.store import Row

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

NOT_NULL: Final = ("name", "description", "deadline", "level", "progress")


class Goals(Entity):
    """No permission is asked for: everybody may change every goal."""

    def listing(self, call: Call) -> Reply:
        """Only ``data={"findInput": …}`` filters here; ``where`` has no effect."""
        try:
            find = orjson.loads(call.query.get("data", "{}")).get("findInput") or {}
        except (ValueError, TypeError, AttributeError):
            find = {}
        rows = self.matching(call, find, paged=False)
        return self.page(call, rows, len(rows))

    def paginate(self, call: Call) -> Reply:
        """Values of ``where`` stay text. Of the key results only those come that fit ``where[keyResults]``."""
        where, take = self.where(call), number(call, "take", 10) or 10
        try:
            rows = self.ordered(call, self.matching(call, where, paged=False))
            first = (max(number(call, "skip", 1), 1) - 1) * take
            answer = self.page(call, rows[first : first + take], len(rows))
        except Disguised:
            raise Refusal(400) from None
        wanted = where.get("keyResults")
        if not isinstance(wanted, dict):
            return answer
        for item in answer.body["items"]:
            item["keyResults"] = [one for one in item.get("keyResults", ()) if _fits(one, wanted)]
        return answer

    def get(self, call: Call) -> Reply:
        """Relations are ignored."""
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), {}))

    def insert(self, call: Call, body: Row) -> Row:
        if missing(body, NOT_NULL) or strangers(call, self, body):
            raise ConstraintRefusal()
        return super().insert(call, body)

    def update(self, call: Call) -> Reply:
        """What cannot be stored is answered with an empty 202; an unknown id with all columns makes a goal."""
        body, record_id = call.body(), path_id(call.ids[0])
        self.check(call, body, record_id)
        row = call.store.find(self.name, record_id, call.tenant_id)
        if strangers(call, self, body) or (row is None and missing(body, NOT_NULL)):
            return Reply(self.updated)
        if row is None:
            values = {name: body[name] for name in (*self.columns, "organizationId") if name in body}
            row = self.new(call.store, call.tenant_id, call.user_id, {"id": record_id, **values})
        return Reply(self.updated, self.as_updated(call, self.change(call, row, body), body))

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        return as_saved(call, self, row, body, NOT_NULL)

    def remove(self, call: Call) -> Reply:
        """Key results and their updates go along, unless a goal is aligned to one of them."""
        goal_id = path_id(call.ids[0])
        results = [row for row in call.store.rows("KeyResult", call.tenant_id) if row["goalId"] == goal_id]
        refuse_aligned(call, {row["id"] for row in results})
        for row in results:
            drop_result(call, row["id"])
        return super().remove(call)


def _fits(result: Row, wanted: Mapping[str, Any]) -> bool:
    return all(equal(result.get(name), value) for name, value in wanted.items())


def missing(body: Row, columns: Iterable[str]) -> bool:
    """Whether a column that the database wants is not sent."""
    return any(body.get(name) is None for name in columns)


def strangers(call: Call, of: Entity, body: Row) -> bool:
    """Whether the body names a related record that is not there."""
    for name in of.columns:
        relation = of.relations.get(name.removesuffix("Id")) if name.endswith("Id") else None
        named = body.get(name)
        if relation and relation.entity and named and call.store.find(relation.entity, named, call.tenant_id) is None:
            return True
    return False


def as_saved(call: Call, of: Entity, row: Row, body: Row, not_null: Iterable[str]) -> Row:
    """What was sent, and null for every other column that may be null."""
    unsent = [name for name in (*BASE, *of.columns) if name not in ("deletedAt", "createdAt", *not_null)]
    sent = {name: body[name] for name in of.columns if name in body}
    own = {"id": row["id"], "tenantId": row["tenantId"], "tenant": {"id": row["tenantId"]}}
    dated = {"updatedAt": row["updatedAt"], "updatedByUserId": call.user_id}
    return {**dict.fromkeys(unsent), "organizationId": body.get("organizationId"), **sent, **own, **dated}


def refuse_aligned(call: Call, result_ids: set[str]) -> None:
    """Gauzy's foreign key keeps key results that a goal is aligned to, and says that there is no such record."""
    if any(row["alignedKeyResultId"] in result_ids for row in call.store.rows("Goal", call.tenant_id)):
        raise not_found("The record was not found")


def drop_result(call: Call, result_id: str) -> int:
    """Deletes a key result and its updates; answers how many key results went."""
    for row in call.store.rows("KeyResultUpdate", call.tenant_id):
        if row["keyResultId"] == result_id:
            call.store.delete("KeyResultUpdate", row["id"], call.tenant_id)
    return call.store.delete("KeyResult", result_id, call.tenant_id)


goal = Goals(
    "Goal",
    {
        "name": Column(checks=(string, not_empty), needed=True, kept=True),
        "description": Column(checks=(string,)),
        "deadline": Column(checks=(string,)),
        "level": Column(checks=(string,)),
        "progress": Column(checks=(rules.number,)),
        **plain("ownerTeamId ownerEmployeeId leadId alignedKeyResultId organizationStrategicInitiativeId"),
    },
    {
        "ownerTeam": one("OrganizationTeam", "ownerTeamId"),
        "ownerEmployee": one("Employee", "ownerEmployeeId"),
        "lead": one("Employee", "leadId"),
        "alignedKeyResult": one("KeyResult", "alignedKeyResultId"),
        "keyResults": owned("KeyResult", "goalId"),
        "createdByUser": one("User", "createdByUserId"),
        "organizationStrategicInitiative": nobody(),
    },
    demands=False,
)
template = Entity(
    "GoalTemplate", plain("name level category"), {"keyResults": owned("KeyResultTemplate", "goalId")}, demands=False
)
result_template = Entity("KeyResultTemplate", plain("name type unit targetValue deadline goalId"), {"kpi": nobody()})

ROUTES = [*goal.routes("/goals"), *template.routes("/goal-templates")]

DEMO: Final = (
    ("Win three new clients", "Organization", "Q4", 40, None, "demo"),
    ("Customers answer faster than before", "Team", "Q4", 55, "Operations", "jonas.weber"),
    ("Release every two weeks", "Team", "Q4", 70, "Product", "manager"),
    ("A design that everybody can use", "Team", "Q1", 10, "Design", "samira.haddad"),
    ("Learn to write accessible pages", "Employee", "Q4", 30, None, "employee"),
    ("Give two talks", "Employee", "Q1", 0, None, "demo"),
)
"""Name, level, quarter, progress, owning team, and who leads it, who owns it where no team does."""
TEMPLATES: Final = (
    ("Grow the list of readers", "Organization", "Marketing", "New readers"),
    ("Ship with fewer surprises", "Team", "Product Management", "Bugs found after a release"),
    ("Know our users", "Team", "Product Management", "Interviews held"),
    ("Share what you know", "Employee", "Product Management", "Talks given"),
)


def fill(company: Company) -> None:
    year = company.midnight.year
    for name, level, quarter, progress, team, person in DEMO:
        employee_id = company.employees[person]["id"]
        company.new("Goal", name, {
            "name": name, "description": f"{name}.", "level": level, "deadline": f"{quarter}-{year}",
            "progress": progress, "ownerTeamId": ident("team", team) if team else None, "leadId": employee_id,
            "ownerEmployeeId": employee_id if level == "Employee" else None,
        })  # fmt: skip
    for name, level, category, result in TEMPLATES:
        made = company.new("GoalTemplate", name, {"name": name, "level": level, "category": category})
        told = {"name": result, "type": "Numerical", "targetValue": 10, "deadline": "No Custom Deadline"}
        company.new("KeyResultTemplate", f"{name}/{result}", {**told, "goalId": made["id"]})
