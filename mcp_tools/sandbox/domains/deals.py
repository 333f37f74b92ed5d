"""Deals with clients (Gauzy route ``/deals``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.pipelines import EDIT, VIEW, swallowed
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import FOREIGN_KEY, Call, DatabaseRefusal, Refusal, Reply
from mcp_tools.sandbox.relations import one
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column, boolean, not_empty, string, uuid_
from mcp_tools.sandbox.store import Row

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

FAILED: Final = "Error occurred while creating deal: "
UNIQUE: Final = "SqliteError: UNIQUE constraint failed: deal.clientId"


class ConstraintRefusal(DatabaseRefusal):
    """A failure of the database whose code stands at the top of the answer."""

    def __init__(self) -> None:
        super().__init__()
        code = {"code": "SQLITE_CONSTRAINT"}
        self.reply = Reply(400, {**self.reply.body, **code, "driverError": code})


class Deals(Entity):
    """A client has one deal at most."""

    def insert(self, call: Call, body: Row) -> Row:
        if call.store.find("PipelineStage", body["stageId"], call.tenant_id) is None:
            raise Refusal(400, FAILED + FOREIGN_KEY, named=False)
        if self._taken(call, body.get("clientId"), None):
            raise Refusal(400, FAILED + UNIQUE, named=False)
        return super().insert(call, body)

    def update(self, call: Call) -> Reply:
        """Nothing is validated: any number is stored as probability."""
        body, row = call.body(), self.find(call, call.ids[0])
        known = {name: value for name, value in body.items() if name in self.columns}
        if not known:
            raise Refusal(400)
        stage_id = known.get("stageId", row["stageId"])
        if call.store.find("PipelineStage", stage_id, call.tenant_id) is None:
            raise ConstraintRefusal()
        if self._taken(call, known.get("clientId"), row["id"]):
            raise ConstraintRefusal()
        self.change(call, row, known)
        return Reply(self.updated, {"generatedMaps": [], "raw": [], "affected": 1})

    def _taken(self, call: Call, client_id: str | None, own: str | None) -> bool:
        others = [row for row in call.store.rows(self.name, call.tenant_id) if row["id"] != own]
        return client_id is not None and any(row["clientId"] == client_id for row in others)


def probability(name: str, value: Any) -> list[str]:
    whole = isinstance(value, int) and not isinstance(value, bool)
    told = [] if whole and value <= 5 else [f"{name} must not be greater than 5"]
    told += [] if whole and value >= 0 else [f"{name} must not be less than 0"]
    return told if whole else [*told, f"{name} must be an integer number"]


deal = Deals(
    "Deal",
    {
        "isActive": Column(True, (boolean,)),
        "isArchived": Column(False, (boolean,)),
        "title": Column(checks=(string, not_empty), needed=True),
        "probability": Column(checks=(probability,), needed=True),
        "stageId": Column(checks=(uuid_,), needed=True),
        "clientId": Column(checks=(uuid_,)),
    },
    {
        "stage": one("PipelineStage", "stageId"),
        "client": one("OrganizationContact", "clientId"),
        "createdByUser": one("User", "createdByUserId"),
        "organization": one("Organization", "organizationId"),
    },
)

ROUTES = [
    *deal.routes("/deals", view=VIEW, add=EDIT, edit=VIEW, remove=VIEW),
    get("/deals/count", swallowed, *VIEW),
    get("/deals/pagination", swallowed, *VIEW),
]

DEMO: Final = (
    ("Route planning for twelve vans", "New business/Negotiation", 4, "Copper Kettle Cafes", "demo"),
    ("Campus app", "New business/Offer", 3, "Lumen Academy", "sofia.castro"),
    ("Site diary on tablets", "New business/Lead", 1, "Oak & Stone Builders", "sofia.castro"),
    ("Audio guide in five languages", "New business/Offer", 2, "Riverbend Museum", "demo"),
    ("Meter readings by photo", "New business/Won", 5, "Cobalt Energy", "demo"),
    ("Patient portal", "New business/Lost", 0, "Juniper Health", "sofia.castro"),
    ("Support contract, second year", "Renewals/Due", 3, "Harbor Insurance", "demo"),
    ("Hosting of the shop", "Renewals/In talks", 4, "Meadow & Finch", "sofia.castro"),
    ("Data warehouse care", "Renewals/Renewed", 5, "Alpine Foods", "demo"),
    ("Walk-in at the trade fair", "New business/Lead", 1, None, "demo"),
)
"""Title, stage, probability, client and who entered it."""


def fill(company: Company) -> None:
    for title, stage, chance, client, person in DEMO:
        values = {
            "title": title, "stageId": ident("PipelineStage", stage), "probability": chance,
            "clientId": ident("contact", client) if client else None,
            "createdByUserId": company.employees[person]["userId"],
        }  # fmt: skip
        company.new("Deal", title, values)
