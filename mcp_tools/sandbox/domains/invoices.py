"""Invoices, estimates and their lines (Gauzy routes ``/invoices``, ``/invoice-item`` and ``/public/invoice``)."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.expenses import Dated
from mcp_tools.sandbox.domains.inventory import Saved, currency
from mcp_tools.sandbox.domains.invoice_pdfs import Document, pdf_of
from mcp_tools.sandbox.entity import Entity, Test, public
from mcp_tools.sandbox.http import MISSING, Call, DatabaseRefusal, Refusal, Reply
from mcp_tools.sandbox.relations import many, nobody, nothing, one, owned, tree_of
from mcp_tools.sandbox.routing import Access, delete, get, post, put
from mcp_tools.sandbox.rules import Column, boolean, not_empty, number, one_of, path_id, plain, string, uuid_
from mcp_tools.sandbox.store import Row, iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

VIEW: Final = ("ALL_ORG_VIEW", "INVOICES_VIEW")
EDIT: Final = ("ALL_ORG_EDIT", "INVOICES_EDIT")
STATUSES: Final = (
    "DRAFT", "SENT", "VIEWED", "FULLY_PAID", "PARTIALLY_PAID", "OVERPAID", "VOID", "ACCEPTED", "REJECTED",
)  # fmt: skip
TYPES: Final = (
    "BY_EMPLOYEE_HOURS", "BY_PROJECT_HOURS", "BY_TASK_HOURS", "BY_PRODUCTS", "BY_EXPENSES", "DETAILED_ITEMS",
)  # fmt: skip
SENDER: Final = (
    "fromOrganization must be an object", "fromOrganizationId must be a string",
    "fromOrganizationId should not be empty",
)  # fmt: skip
NO_CLIENT: Final = "Cannot read properties of null (reading 'name')"
_RATE: Final = Column(checks=(one_of("PERCENT", "FLAT"),))


class Invoices(Dated, Saved):
    ranges = ("invoiceDate", "dueDate")

    def test(self, call: Call, name: str, value: Any, *, paged: bool) -> Test:
        """A range of numbers is compared as text, and then finds nothing."""
        if paged and name == "totalValue" and isinstance(value, dict):
            if value.get("min", "") > value.get("max", ""):
                raise Refusal(400, "Minimum value cannot be greater than maximum value")
            return lambda row: False
        return super().test(call, name, value, paged=paged)

    def get(self, call: Call) -> Reply:
        asked = orjson.loads(call.query.get("data", "{}"))
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), tree_of(asked.get("relations") or ())))

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        super().check(call, body, record_id)
        lines = body.get("invoiceItems") or ()
        if any("organizationId" not in line for line in lines):
            told = ("invoiceItems.0.organization must be an object", "invoiceItems.0.organizationId must be a UUID")
            raise Refusal(400, [*told])
        if record_id is None and not body.get("fromOrganizationId"):
            raise Refusal(400, [*SENDER])

    def insert(self, call: Call, body: Row) -> Row:
        """Without the lines of the body. A number that any tenant has is refused by the database."""
        if any(row["invoiceNumber"] == body["invoiceNumber"] for row in call.store.everywhere(self.name)):
            raise DatabaseRefusal()
        _known(call, {"toContactId": "OrganizationContact"}, body)
        return super().insert(call, {name: value for name, value in body.items() if name != "invoiceItems"})

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        return {**super().as_created(call, row, body), **({"tags": body["tags"]} if "tags" in body else {})}

    def change(self, call: Call, row: Row, body: Row) -> Row:
        kept = ("invoiceType", "fromOrganizationId", "invoiceItems")
        return super().change(call, row, {name: value for name, value in body.items() if name not in kept})

    def remove(self, call: Call) -> Reply:
        """Lines and payments stay, without an invoice."""
        for entity in ("InvoiceItem", "Payment"):
            for row in call.store.rows(entity, call.tenant_id):
                if row["invoiceId"] == call.ids[0]:
                    call.store.put(entity, {**row, "invoiceId": None})
        return super().remove(call)

    def act(self, call: Call) -> Reply:
        """``PUT /:id/action``: some columns, each if it is sent."""
        body = {name: value for name, value in call.body().items() if name in ACTION}
        rules.demand(rules.validate({name: self.columns.get(name, FLAG) for name in body}, body, creating=False))
        return self._saved(call, body)

    def decide(self, call: Call) -> Reply:
        """``PUT /:id/estimate``, for any invoice."""
        accepted = call.body().get("isAccepted")
        rules.demand(boolean("isAccepted", accepted) + not_empty("isAccepted", accepted))
        return self._saved(call, {"isAccepted": accepted})

    def generate(self, call: Call) -> Reply:
        """``PUT /generate/:id``: another token, beside those before."""
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None:
            refusal = Refusal(400)
            told = {"status": 400, "message": MISSING, "name": "BadRequestException"}
            refusal.reply = Reply(400, {"response": {"message": MISSING}, **told})
            raise refusal
        token = secrets.token_urlsafe(24)
        call.store.put(self.name, {**row, "_tokens": [*row.get("_tokens", ()), token]})
        return self._saved(call, {"token": token})

    def _saved(self, call: Call, body: Row) -> Reply:
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None:
            raise DatabaseRefusal()
        row |= body | {"updatedAt": call.now(), "updatedByUserId": call.user_id}
        return Reply(202, self.as_updated(call, call.store.put(self.name, row), body))


def _known(call: Call, columns: Mapping[str, str], body: Mapping[str, Any]) -> None:
    """Raises what the database says about an id that is nobody's."""
    for column, entity in columns.items():
        if body.get(column) is not None and call.store.find(entity, body[column], call.tenant_id) is None:
            raise DatabaseRefusal()


FLAG: Final = Column(checks=(boolean,))
ACTION: Final = ("status", "isEstimate", "internalNote", "isArchived", "paid", "alreadyPaid", "amountDue")
invoice = Invoices(
    "Invoice",
    {
        "invoiceDate": Column(checks=(not_empty,), needed=True, kept=True),
        "invoiceNumber": Column(checks=(number, not_empty), needed=True, kept=True),
        "dueDate": Column(checks=(not_empty,), needed=True, kept=True),
        "currency": Column(checks=(currency,), needed=True, kept=True),
        "discountValue": Column(checks=(number,)),
        "paid": Column(checks=(boolean,)),
        **{name: Column(checks=(number,)) for name in ("tax", "tax2")},
        "terms": Column(checks=(string,)),
        "totalValue": Column(checks=(number,)),
        "status": Column(checks=(one_of(*STATUSES),), needed=True, kept=True),
        **{name: Column(checks=(boolean,)) for name in ("isEstimate", "isAccepted")},
        **dict.fromkeys(("discountType", "taxType", "tax2Type"), _RATE),
        "invoiceType": Column(checks=(one_of(*TYPES),)),
        **{name: Column(checks=(string,)) for name in ("sentTo", "organizationContactId", "internalNote")},
        **{name: Column(checks=(number,)) for name in ("alreadyPaid", "amountDue")},
        **plain("hasRemainingAmountInvoiced token"),
        "fromOrganizationId": Column(checks=(string,)),
        "toContactId": Column(checks=(uuid_,)),
    },
    {
        "invoiceItems": owned("InvoiceItem", "invoiceId"),
        "payments": owned("Payment", "invoiceId"),
        "historyRecords": nothing(),
        "toContact": one("OrganizationContact", "toContactId"),
        "fromOrganization": one("Organization", "fromOrganizationId"),
        "tags": many("Tag", "tags"),
    },
    solid=("currency", "discountValue", "terms", "status", "fromOrganizationId"),
)  # fmt: skip

OF_LINE: Final = {
    "projectId": "OrganizationProject",
    "taskId": "Task",
    "employeeId": "Employee",
    "expenseId": "Expense",
}


class Lines(Entity):
    def where(self, call: Call) -> Mapping[str, Any]:
        """It may be missing. Whoever may not select employees gets his own lines alone, without a word."""
        where = dict(super().where(call)) if "where" in call.query else {}
        if not call.may("CHANGE_SELECTED_EMPLOYEE"):
            where["employeeId"] = call.employee_id or ""
        return where

    def replace(self, call: Call) -> Reply:
        """``POST /bulk/:id``: the lines before go first, and stay away when the database refuses one of the others."""
        invoice_id, lines = path_id(call.ids[0]), call.json()
        for line in lines if isinstance(lines, list) else ():
            self.check(call, line, None)
        for row in invoice.relations["invoiceItems"].rows(call.store, {"id": invoice_id, "tenantId": call.tenant_id}):
            call.store.delete(self.name, row["id"], call.tenant_id)
        for line in lines:
            _known(call, {"invoiceId": "Invoice", **OF_LINE}, line)
        return Reply(201, [self.as_created(call, self.insert(call, line), line) for line in lines])


line = Lines(
    "InvoiceItem",
    {
        "description": Column(checks=(string,)),
        **{name: Column(checks=(number, not_empty), needed=True) for name in ("price", "quantity", "totalValue")},
        **{name: Column(checks=(boolean,)) for name in ("applyTax", "applyDiscount")},
        "invoiceId": Column(checks=(uuid_,), needed=True),
        **{name: Column(checks=(uuid_,)) for name in ("expenseId", "taskId", "employeeId", "projectId", "productId")},
    },
    {
        "invoice": one("Invoice", "invoiceId"),
        "employee": one("Employee", "employeeId"),
        "project": one("OrganizationProject", "projectId"),
        "task": one("Task", "taskId"),
        "expense": one("Expense", "expenseId"),
        "product": nobody(),
    },
    updated=202,
    deleted=202,
)


def highest(call: Call) -> Reply:
    """Over all tenants."""
    numbers = [row["invoiceNumber"] for row in call.store.everywhere(invoice.name)]
    return Reply(200, {"max": max(numbers, default=0)})


def mail(call: Call) -> Reply:
    """Answered the same whatever becomes of it; the sandbox mails nothing."""
    if not isinstance(call.body().get("params"), dict):
        return Reply(202, {"message": "Cannot destructure property 'invoiceNumber' of 'params' as it is undefined."})
    return Reply(202)


def download(call: Call) -> Reply:
    row, client = _of_client(call)
    if client is None:
        return Reply(202, {"message": NO_CLIENT})
    kind = "Estimate" if row["isEstimate"] else "Invoice"
    lines = invoice.relations["invoiceItems"].rows(call.store, row)
    told = [f"{one['quantity']:g} x {one['price']:.2f}  {one['description'] or ''}" for one in lines]
    total = f"Total {row['totalValue'] or 0:.2f} {row['currency']}, due {row['dueDate'][:10]}"
    return Document(202, pdf=pdf_of([f"{kind} {row['invoiceNumber']}", client["name"], "", *told, "", total]))


def download_payments(call: Call) -> Reply:
    row, client = _of_client(call)
    if client is None:
        return Reply(202, {"message": NO_CLIENT})
    paid = invoice.relations["payments"].rows(call.store, row)
    told = [f"{(one['paymentDate'] or '')[:10]}  {one['amount']:.2f} {one['currency']}" for one in paid]
    return Document(202, pdf=pdf_of([f"Payments of invoice {row['invoiceNumber']}", client["name"], "", *told]))


def _of_client(call: Call) -> tuple[Row, Row | None]:
    row = invoice.find(call, call.ids[0])
    return row, call.store.find("OrganizationContact", row["toContactId"], call.tenant_id)


def published(call: Call) -> Reply:
    """An invoice for whoever knows one of its tokens, signed in or not."""
    rows = [row for row in call.store.everywhere(invoice.name) if row["id"] == call.ids[0]]
    if not rows or call.ids[1] not in rows[0].get("_tokens", ()):
        raise Refusal(403, "Forbidden", named=False)
    return Reply(200, public(rows[0]))


BILLED: Final = (
    (1001, 62, "Brightside Logistics", "FULLY_PAID", 12400, ((124, 100, "Apollo: map and routes"),)),
    (1002, 40, "Meadow & Finch", "PARTIALLY_PAID", 3000, ((65, 80, "Website: design"), (1, 800, "Photographs"))),
    (1003, 33, "Harbor Insurance", "FULLY_PAID", 7800, ((78, 100, "Customer portal: signing in"),)),
    (1004, 26, "Alpine Foods", "SENT", 0, ((41.5, 100, "Data warehouse: loading sales"),)),
    (1005, 19, "Cobalt Energy", "VIEWED", 250, ((9, 100, "Workshop on reports"),)),
    (1006, 4, "Brightside Logistics", "SENT", 0, ((86, 100, "Mobile app: scanning"), (12, 75, "Tests"))),
    (1007, 1, "Meadow & Finch", "DRAFT", 0, ((22, 80, "Website: translations"),)),
    (1008, 8, "Juniper Health", "SENT", 0, ((160, 95, "Estimate: records for nurses"),)),
    (1009, 15, "Tidal Robotics", "ACCEPTED", 0, ((60, 95, "Estimate: dashboard"),)),
)
"""Number, days ago, client, status, what was paid, and lines of hours, rate and text. The last two are estimates."""
CLIENT_OF: Final = {number: client for number, _, client, *_ in BILLED}
ESTIMATES: Final = (1008, 1009)


def fill(company: Company) -> None:
    """The invoices of the last two months; they are due after thirty days."""
    for number_, days, client, status, paid, hours in BILLED:
        begin = company.midnight - datetime.timedelta(days=days)
        total = sum(quantity * price for quantity, price, _ in hours)
        values = {
            "invoiceNumber": number_, "invoiceDate": iso(begin), "dueDate": iso(begin + datetime.timedelta(days=30)),
            "currency": "USD", "status": status, "totalValue": total, "alreadyPaid": paid, "amountDue": total - paid,
            "paid": status == "FULLY_PAID", "isEstimate": number_ in ESTIMATES, "discountValue": 0, "tax": 0,
            "isAccepted": True if status == "ACCEPTED" else None, "terms": "Within thirty days, please",
            "invoiceType": "DETAILED_ITEMS", "fromOrganizationId": company.organization_id,
            "toContactId": ident("contact", client), "organizationContactId": ident("contact", client),
            **dict.fromkeys(("discountType", "taxType", "tax2Type"), "PERCENT"),
        }  # fmt: skip
        made = company.new("Invoice", str(number_), values)
        for place, (quantity, price, text) in enumerate(hours):
            line_values = {
                "invoiceId": made["id"], "description": text, "price": price, "quantity": quantity,
                "totalValue": quantity * price, "applyTax": True, "applyDiscount": True,
            }  # fmt: skip
            company.new("InvoiceItem", f"{number_}/{place}", line_values)


ROUTES = [
    *invoice.routes("/invoices", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT),
    get("/invoices/highest", highest, *VIEW),
    put("/invoices/:id/action", invoice.act, *EDIT),
    put("/invoices/:id/estimate", invoice.decide, *EDIT),
    put("/invoices/generate/:id", invoice.generate, *EDIT),
    put("/invoices/email/:email", mail, *EDIT),
    get("/invoices/download/:id", download, *VIEW),
    get("/invoices/payment/download/:id", download_payments, *VIEW),
    get("/invoice-item", line.listing),
    get("/invoice-item/pagination", line.paginate),
    post("/invoice-item/bulk/:id", line.replace, *EDIT),
    delete("/invoice-item/:id", line.remove),
    get("/public/invoice/:id/:token", published, access=Access.PUBLIC),
]
