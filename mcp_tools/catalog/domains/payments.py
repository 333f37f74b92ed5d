"""Payments of clients (Gauzy route ``/payments``). A payment has no status, and changes nothing of its invoice."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.invoices import invoice
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.rows import Row, project
from mcp_tools.catalog.tool import Run, Tool, ToolError

METHODS: Final = ("BANK_TRANSFER", "CASH", "CHEQUE", "CREDIT_CARD", "DEBIT", "ONLINE")
PAID: Final = ("FULLY_PAID", "PARTIALLY_PAID", "OVERPAID")
"""What an invoice is called by what was paid."""

payment = Entity(
    "payment",
    "/payments",
    "payments",
    columns={
        "amount": f.number("Negative for money back", minimum=None, required=True),
        "currency": f.text("ISO 4217", required=True, max_length=3),
        "invoiceId": f.ref(),
        "organizationContactId": f.ref("Client"),
        "projectId": f.ref().as_unlisted(),
        "paymentDate": f.date(),
        "paymentMethod": f.choice(*METHODS),
        "note": f.text(),
        "overdue": f.boolean(default=False).as_unlisted(),
        "employeeId": f.ref().as_once().as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
    },
    filters={
        "search": f.part("In the note", where="note"),
        "query": f.part("In the note", where="note"),
        "invoiceId": f.ref(),
        "organizationContactId": f.ref("Client"),
        "projectId": f.ref().as_unlisted(),
        "paymentMethod": f.choice(*METHODS),
        "currency": f.text().as_unlisted(),
        "overdue": f.boolean().as_unlisted(),
        "startDate": f.date(where="paymentDate.startDate"),
        "endDate": f.date(where="paymentDate.endDate"),
        "employeeId": f.ref().as_unlisted(),
        "amount": f.number(minimum=None).as_unlisted(),
    },
    ranges={"startDate": "endDate"},
    shows={"invoiceNumber": "integer"},
    names={
        "invoiceNumber": "invoice.invoiceNumber",
        "clientName": "organizationContact.name",
        "projectName": "project.name",
        "employeeName": "employee.fullName",
    },
    include=("invoice", "organizationContact", "project", "employee.user"),
    sort=("paymentDate", "amount", "createdAt", "currency"),
    relations=("invoice", "organizationContact", "project", "employee", "employee.user", "tags"),
    merge=("amount",),
    wrapper="payment_data",
    by_list=True,
)


async def process(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """There is no such route: the payment gets its date, and its invoice what all of its payments come to."""
    gauzy, today = context.gauzy, context.gauzy.now().date().isoformat()
    current = await payment.read(gauzy, arguments["id"])
    books = bool(current.get("invoiceId")) and arguments.get("bookOnInvoice", True)
    billed = await invoice.read(gauzy, current["invoiceId"]) if books else None
    if billed and billed["currency"] != current["currency"]:
        raise ToolError(
            f"The payment is in {current['currency']} and its invoice in {billed['currency']}: give bookOnInvoice "
            "false, and set the invoice with update_invoice_action."
        )
    date = arguments.get("paymentDate", today)
    done = await payment.change(gauzy, {"id": current["id"], "paymentDate": date, "overdue": False})
    told = project(done, {}, payment.names)
    return {**told, "invoice": await _booked(gauzy, billed)} if billed else told


async def _booked(gauzy: Gauzy, billed: Row) -> Row:
    """Writes the sum of its payments on an invoice (``PUT /invoices/{id}/action``)."""
    rows, complete = await payment.every(gauzy, {"invoiceId": billed["id"], "currency": billed["currency"]})
    if not complete:
        raise ToolError("The invoice has too many payments to add up; set it with update_invoice_action.")
    paid = round(sum(float(row["amount"]) for row in rows), 2)
    due = round(float(billed.get("totalValue") or 0) - paid, 2)
    body = {"alreadyPaid": paid, "amountDue": max(due, 0), "paid": due <= 0, "status": _status(paid, due, billed)}
    await gauzy.request("PUT", path_to(invoice.path + "/{id}/action", id=billed["id"]), body=body)
    return {"id": billed["id"], "invoiceNumber": billed["invoiceNumber"], **body}


def _status(paid: float, due: float, billed: Row) -> str:
    if due < 0:
        return "OVERPAID"
    if due == 0:
        return "FULLY_PAID"
    if paid > 0:
        return "PARTIALLY_PAID"
    return "SENT" if billed["status"] in PAID else str(billed["status"])


def _cannot(why: str) -> Run:
    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        raise ToolError(why)

    return run


TEXTS: Final = ("search", "query")
OF_ID: Final = f.properties({"id": f.ref()})
PROCESSED: Final = {
    **OF_ID,
    **f.properties({"paymentDate": f.date("Today unless given"), "bookOnInvoice": f.boolean(default=True)}),
}

TOOLS = [
    payment.list(
        "get_payments", "Find payments by invoice, client, project, method or dates.", without=("query",),
        sort="-paymentDate",
    ).found_by("received money paid"),
    payment.count("get_payment_count", "How many payments there are, all or by filter.", without=TEXTS),
    payment.get("get_payment", "One payment by id."),
    payment.create(
        "create_payment", "Record a payment; process_payment then books it on its invoice.", decides=True
    ),
    payment.update("update_payment", "Change a payment.", decides=True),
    payment.delete("delete_payment", "Delete a payment for good; its invoice stays as it is."),
    payment.list(
        "get_payments_by_invoice", "Payments of an invoice.", require=("invoiceId",),
        without=(*TEXTS, "organizationContactId"), sort="paymentDate", brief=True,
    ),
    payment.list(
        "get_payments_by_client", "Payments of a client.", require=("organizationContactId",),
        without=(*TEXTS, "invoiceId"), sort="-paymentDate", brief=True,
    ),
    payment.statistics(
        "get_payment_statistics", "How many payments, and their sum in each currency.",
        by=("currency", "paymentMethod", "overdue"), sums=("amount",), per="currency", fixed=dict.fromkeys(TEXTS),
    ).found_by("total received revenue report"),
    Tool(
        "process_payment", "Set a payment's date and book what is paid on its invoice.", "payments", process, PROCESSED,
        ["id"], output={"properties": {**payment.output["properties"], "invoice": {"type": "object"}}},
        effect="changes",
        decides=True,
        touches=("gauzy://invoice/{invoiceId}",), keywords="settle mark paid complete",
    ),
    payment.list(
        "get_overdue_payments", "Payments that are marked overdue; for invoices: get_invoices.",
        fixed={"overdue": True}, without=(*TEXTS, "invoiceId"), sort="paymentDate",
        brief=True,
    ).found_by("late unpaid"),
    payment.list(
        "search_payments", "Payments whose note contains a text.", require=("query",),
        without=("search",), sort="-paymentDate", brief=True,
    ),
    Tool(
        "update_payment_status", "Gauzy keeps no status of a payment.", "payments",
        _cannot(
            "Gauzy's payments have no status. Mark one overdue or not with update_payment, book it with "
            "process_payment, or set the status of its invoice with update_invoice_action."
        ),
        OF_ID, ["id"], output=payment.output, kind="unavailable", listed=False, effect="changes", decides=True,
        hidden={"status": {"type": "string"}},
    ),
    Tool(
        "refund_payment", "Gauzy refunds no payments.", "payments",
        _cannot(
            "Gauzy moves no money. Record what was paid back with create_payment: a negative amount with the same "
            "invoiceId, and then process_payment."
        ),
        OF_ID, ["id"], output=payment.output, kind="unavailable", listed=False, effect="changes", decides=True,
        hidden={"refundAmount": {"type": "number"}, "reason": {"type": "string"}},
    ),
]  # fmt: skip
