"""Skills and who has them (Gauzy route ``/skills``). Whoever is signed in may change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.sandbox.entity import Entity, number, public
from mcp_tools.sandbox.http import Call, DatabaseRefusal, Refusal, Reply
from mcp_tools.sandbox.relations import many, one
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column
from mcp_tools.sandbox.store import Row

CHANGED: Final = {"generatedMaps": [], "raw": [], "affected": 1}


class Unchecked(Entity):
    """Routes that Gauzy derives without rules of their own.

    ``/pagination`` takes values as they are, needs no organization and knows no largest page. ``GET …/:id`` ignores
    relations, and an update tells only how many rows it changed.
    """

    def paginate(self, call: Call) -> Reply:
        where = call.query.get("where")
        rows = self.ordered(call, self.matching(call, where if isinstance(where, dict) else {}, paged=False))
        take = number(call, "take", 0) or 10
        first = (max(number(call, "skip", 1), 1) - 1) * take
        return self.page(call, rows[first : first + take], len(rows))

    def get(self, call: Call) -> Reply:
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), {}))

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        return CHANGED


class Skills(Unchecked):
    def listing(self, call: Call) -> Reply:
        """Whatever the query says, these are the skills of the whole tenant."""
        return self.page(call, rows := super().matching(call, {}, paged=False), len(rows))

    def create(self, call: Call) -> Reply:
        """With the id of a skill it changes that one, who has it included."""
        body = call.body()
        row = call.store.find(self.name, body.get("id"), call.tenant_id)
        if row is not None:
            changed = self.change(call, row, body)
            blank = {name: body.get(name) for name in ("organizationId", "isActive", "isArchived", *self.columns)}
            own = {"createdByUserId": None, "tenant": {"id": row["tenantId"]}, "employees": body.get("employees")}
            kept = {name: body[name] for name in ("name", "color") if name in body}
            told = {**public(changed), **blank, **own}
            return Reply(201, {name: value for name, value in told.items() if name not in UNTOLD or name in kept})
        if body.get("name") is None or body.get("color") is None:
            raise constraint("SQLITE_CONSTRAINT_NOTNULL")
        return super().create(call)

    def update(self, call: Call) -> Reply:
        if "employees" in call.body():
            raise Refusal(400)
        return super().update(call)

    def links(self, call: Call, body: Row) -> Row:
        try:
            return super().links(call, body)
        except Refusal:
            raise constraint("SQLITE_CONSTRAINT_FOREIGNKEY") from None


UNTOLD: Final = ("name", "color", "createdAt", "deletedAt")
"""Columns that an answer to a change by POST does not have."""


def constraint(code: str) -> DatabaseRefusal:
    """What Gauzy answers when its database refuses a record."""
    refusal = DatabaseRefusal()
    refusal.reply.body.update({"driverError": {"code": code}, "code": code})
    return refusal


skill = Skills(
    "Skill",
    {"name": Column(), "description": Column(), "color": Column()},
    {
        "employees": many("Employee", "employees"),
        "organization": one("Organization", "organizationId"),
        "createdByUser": one("User", "createdByUserId"),
    },
    demands=False,
)


def by_name(call: Call) -> Reply:
    """The first skill of exactly that name, of whatever tenant."""
    found = (row for row in call.store.everywhere(skill.name) if row["name"] == call.ids[0])
    row = next(found, None)
    return Reply(200, None if row is None else public(row))


KNOWN: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "Python": ("#3776ab", "Services and data pipelines", ("demo", "priya.raman", "grace.okafor", "daniel.kim")),
    "TypeScript": ("#3178c6", "Web and mobile", ("employee", "tomas.lindqvist", "priya.raman")),
    "PostgreSQL": ("#336791", "Schemas, queries, tuning", ("grace.okafor", "priya.raman")),
    "Kubernetes": ("#326ce5", "Clusters and releases", ("jonas.weber", "tomas.lindqvist")),
    "Figma": ("#f24e1e", "Wireframes and prototypes", ("samira.haddad", "yuki.tanaka")),
    "Accessibility testing": ("#27ae60", "Screen readers and contrast", ("liam.oconnor", "yuki.tanaka")),
    "Copywriting": ("#9b51e0", "Plain words for products", ("chloe.martin",)),
    "Negotiation": ("#f2994a", "Offers and contracts", ("sofia.castro", "manager", "demo")),
    "Bookkeeping": ("#6d4c41", "Ledgers and closing", ("nadia.petrova",)),
    "German": ("#1a1a1a", "Spoken and written", ("employee", "jonas.weber")),
}


def fill(company: Any) -> None:
    """What the people of the demo company know; by colour, description and who."""
    for name, (color, told, people) in KNOWN.items():
        employees = [company.employees[person]["id"] for person in people]
        company.new(skill.name, name, {"name": name, "color": color, "description": told, "_employees": employees})


ROUTES = [
    *(route for route in skill.routes("/skills") if not route.path.endswith("/recover")),
    get("/skills/getByName/:name", by_name),
]
