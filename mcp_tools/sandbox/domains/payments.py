"""Payments (Gauzy route ``/payments``)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.expenses import Dated
from mcp_tools.sandbox.domains.inventory import Saved, currency
from mcp_tools.sandbox.domains.invoices import CLIENT_OF
from mcp_tools.sandbox.entity import public
from mcp_tools.sandbox.http import Call, DatabaseRefusal, Reply
from mcp_tools.sandbox.relations import many, one
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column, boolean, number, one_of, plain, string, uuid_
from mcp_tools.sandbox.store import Row, iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

VIEW: Final = ("ALL_ORG_VIEW", "ORG_PAYMENT_VIEW")
EDIT: Final = ("ALL_ORG_EDIT", "ORG_PAYMENT_ADD_EDIT")
METHODS: Final = ("BANK_TRANSFER", "CASH", "CHEQUE", "CREDIT_CARD", "DEBIT", "ONLINE")
KNOWN: Final = {
    "invoiceId": "Invoice",
    "projectId": "OrganizationProject",
    "organizationContactId": "OrganizationContact",
}


class Payments(Dated, Saved):
    ranges = ("paymentDate",)

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        super().check(call, body, record_id)
        if record_id is None and body.get("employeeId") is not None:
            rules.demand(rules.employee(call, body["employeeId"], body["organizationId"]))
        for column, entity in KNOWN.items():
            if body.get(column) is not None and call.store.find(entity, body[column], call.tenant_id) is None:
                raise DatabaseRefusal()

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        sent = {"tags": body["tags"]} if "tags" in body else {}
        return {**super().as_created(call, row, body), **sent}

    def change(self, call: Call, row: Row, body: Row) -> Row:
        return super().change(call, row, {name: value for name, value in body.items() if name != "employeeId"})

    def listing(self, call: Call) -> Reply:
        return Reply(202, super().listing(call).body)

    def get(self, call: Call) -> Reply:
        """Without relations, whatever is asked."""
        return Reply(200, public(self.find(call, call.ids[0])))


payment = Payments(
    "Payment",
    {
        **plain("paymentDate"),
        "amount": Column(checks=(number,), needed=True, kept=True),
        "note": Column(checks=(string,)),
        "currency": Column(checks=(currency,)),
        "paymentMethod": Column(checks=(one_of(*METHODS),)),
        "overdue": Column(checks=(boolean,)),
        **{name: Column(checks=(uuid_,)) for name in ("employeeId", "invoiceId", "projectId", "organizationContactId")},
    },
    {
        "invoice": one("Invoice", "invoiceId"),
        "organizationContact": one("OrganizationContact", "organizationContactId"),
        "project": one("OrganizationProject", "projectId"),
        "employee": one("Employee", "employeeId"),
        "tags": many("Tag", "tags"),
    },
    contains=("note",),
    solid=("amount", "currency"),
)


PAID: Final = (
    (1001, 30, 12400, "BANK_TRANSFER", "Apollo, first milestone", False),
    (1002, 24, 3000, "CREDIT_CARD", "First half of the shop", False),
    (1003, 12, 7800, "BANK_TRANSFER", "Customer portal", False),
    (1004, 3, 1500, "ONLINE", "Promised for last week", True),
    (1005, 1, 250, "CASH", "Part of the workshop", True),
)
"""Number of the invoice, days ago, how much, how, note, whether it is marked overdue."""


def fill(company: Company) -> None:
    """What clients paid of the invoices that :mod:`mcp_tools.sandbox.domains.invoices` writes."""
    for place, (invoice, days, amount, method, note, overdue) in enumerate(PAID):
        values = {
            "amount": amount, "currency": "USD", "paymentMethod": method, "note": note, "overdue": overdue,
            "paymentDate": iso(company.midnight - datetime.timedelta(days=days)),
            "invoiceId": ident("Invoice", str(invoice)), "organizationContactId": ident("contact", CLIENT_OF[invoice]),
        }  # fmt: skip
        company.new("Payment", str(place + 1), values)


ROUTES = [
    *payment.routes("/payments", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT),
    get("/payments/:id", payment.get, *EDIT),
    get("/payments/count", payment.count, *EDIT),
]
