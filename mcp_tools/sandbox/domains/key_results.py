"""Key results of goals and their history (Gauzy routes ``/key-results`` and ``/key-result-updates``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.deals import ConstraintRefusal
from mcp_tools.sandbox.domains.goals import as_saved, drop_result, missing, refuse_aligned, strangers
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Reply
from mcp_tools.sandbox.relations import nobody, one, owned
from mcp_tools.sandbox.routing import delete, get, post, put
from mcp_tools.sandbox.rules import Column, not_empty, path_id, plain, string
from mcp_tools.sandbox.store import Row

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

NOT_NULL: Final = ("name", "description", "type", "update", "progress", "deadline", "status", "ownerId")


class KeyResults(Entity):
    """No permission is asked for, and no parameter has an effect."""

    def listing(self, call: Call) -> Reply:
        rows = call.store.rows(self.name, call.tenant_id)
        return self.page(call, rows, len(rows), {})

    def get(self, call: Call) -> Reply:
        """A list of one, empty for an unknown id; so ``/count`` and ``/pagination`` say that there are none."""
        row = call.store.find(self.name, call.path.rpartition("/")[2], call.tenant_id)
        rows = [row] if row else []
        return self.page(call, rows, len(rows), {"updates": {}, "goal": {}, "lead": {}, "owner": {}})

    def insert(self, call: Call, body: Row) -> Row:
        if missing(body, NOT_NULL) or strangers(call, self, body):
            raise ConstraintRefusal()
        return super().insert(call, body)

    def change(self, call: Call, row: Row, body: Row) -> Row:
        if strangers(call, self, body):
            raise ConstraintRefusal()
        return super().change(call, row, body)

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        raise ConstraintRefusal()

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        return as_saved(call, self, row, body, NOT_NULL)

    def remove(self, call: Call) -> Reply:
        result_id = path_id(call.ids[0])
        refuse_aligned(call, {result_id})
        return Reply(self.deleted, {"raw": [], "affected": drop_result(call, result_id)})


class Updates(Entity):
    def get(self, call: Call) -> Reply:
        """The id is that of the key result."""
        rows = [row for row in call.store.rows(self.name, call.tenant_id) if row["keyResultId"] == call.ids[0]]
        return self.page(call, rows, len(rows), {"keyResult": {}})

    def insert(self, call: Call, body: Row) -> Row:
        """The key result itself does not change."""
        if call.store.find("KeyResult", body.get("keyResultId"), call.tenant_id) is None:
            raise ConstraintRefusal()
        return super().insert(call, body)


_TEXT: Final = Column(checks=(string,))
_NUMBER: Final = Column(checks=(rules.number,))
_TEXT_GIVEN: Final = Column(checks=(string, not_empty), needed=True)
_NUMBER_GIVEN: Final = Column(checks=(rules.number, not_empty), needed=True)

result = KeyResults(
    "KeyResult",
    {
        "name": _TEXT, "description": _TEXT, "type": _TEXT, "targetValue": _NUMBER, "initialValue": _NUMBER,
        "unit": _TEXT, "update": _NUMBER, "progress": _NUMBER, "deadline": _TEXT,
        **plain("hardDeadline softDeadline"),
        "status": _TEXT, "weight": _TEXT, **plain("ownerId leadId projectId taskId kpiId goalId"),
    },
    {
        "goal": one("Goal", "goalId"),
        "owner": one("Employee", "ownerId"),
        "lead": one("Employee", "leadId"),
        "project": one("OrganizationProject", "projectId"),
        "task": one("Task", "taskId"),
        "updates": owned("KeyResultUpdate", "keyResultId"),
        "kpi": nobody(),
    },
    demands=False,
)  # fmt: skip
history = Updates(
    "KeyResultUpdate",
    {
        "update": _NUMBER_GIVEN, "progress": _NUMBER_GIVEN, "owner": _TEXT_GIVEN, "status": _TEXT_GIVEN,
        "keyResultId": Column(),
    },
    {"keyResult": one("KeyResult", "keyResultId")},
)  # fmt: skip

ROUTES = [
    get("/key-results", result.listing),
    get("/key-results/:id", result.get),
    post("/key-results", result.create),
    put("/key-results/:id", result.update),
    delete("/key-results/:id", result.remove),
    get("/key-result-updates/:id", history.get),
    post("/key-result-updates", history.create),
]

DEMO: Final = (
    ("Win three new clients", "Offers sent", 12, "offers", 5, 42, "on track", "sofia.castro"),
    ("Win three new clients", "Contracts signed", 3, "contracts", 1, 33, "needs attention", "demo"),
    ("Customers answer faster than before", "Answers within four hours", 95, "%", 80, 60, "on track", "liam.oconnor"),
    ("Release every two weeks", "Releases this quarter", 6, "releases", 4, 67, "on track", "manager"),
    ("Release every two weeks", "Failed releases at most", 1, "releases", 1, 80, "off track", "priya.raman"),
    ("A design that everybody can use", "Pages tested with a screen reader", 20, "pages", 2, 10, "none", "yuki.tanaka"),
    ("Learn to write accessible pages", "Course finished", 8, "lessons", 3, 38, "on track", "employee"),
    ("Give two talks", "Talks given", 2, "talks", 0, 0, "none", "demo"),
)
"""Goal, name, target, unit, current value, progress, status and owner."""


def fill(company: Company) -> None:
    for goal, name, target, unit, current, progress, status, person in DEMO:
        employee_id = company.employees[person]["id"]
        made = company.new("KeyResult", name, {
            "name": name, "description": "", "type": "Numerical", "targetValue": target, "initialValue": 0,
            "unit": unit, "update": current, "progress": progress, "deadline": "No Custom Deadline",
            "status": status, "weight": "1", "ownerId": employee_id, "goalId": ident("Goal", goal),
            # Gauzy's own demo data leave it empty too: a key result belongs where its goal does.
            "organizationId": None,
        })  # fmt: skip
        if current:
            told = {"update": current, "progress": progress, "status": status, "owner": employee_id}
            company.new("KeyResultUpdate", name, {**told, "keyResultId": made["id"]})
