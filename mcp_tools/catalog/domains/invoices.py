"""Invoices and estimates, their lines and PDFs (Gauzy routes ``/invoices`` and ``/invoice-item``).

Gauzy adds nothing up: totals are what is written. Lines have a route of their own, which replaces all lines of an
invoice; those in the body of a create are dropped without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.invoice_pdfs import PDF, Turns, attached, pdf
from mcp_tools.catalog.entity import FIELDS, PAGING, Entity
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import body_of, owner
from mcp_tools.catalog.resources import Contents
from mcp_tools.catalog.rows import Row, Rows, page, project
from mcp_tools.catalog.tool import Answer, Run, Tool, ToolError

STATUSES: Final = (
    "DRAFT", "SENT", "VIEWED", "FULLY_PAID", "PARTIALLY_PAID", "OVERPAID", "VOID", "ACCEPTED", "REJECTED",
)  # fmt: skip
TYPES: Final = (
    "BY_EMPLOYEE_HOURS", "BY_PROJECT_HOURS", "BY_TASK_HOURS", "BY_PRODUCTS", "BY_EXPENSES", "DETAILED_ITEMS",
)  # fmt: skip
NUMBER_TRIES: Final = 5
PRICING: Final = frozenset(
    {"totalValue", "alreadyPaid", "tax", "taxType", "tax2", "tax2Type", "discountValue", "discountType"}
)
"""What an amount due follows from, besides the lines."""

LINE: Final = {
    **f.properties({"description": f.text(), "price": f.number(minimum=None), "quantity": f.number()}),
    **f.properties({"applyTax": f.boolean("Default true"), "projectId": f.ref()}),
}
RARE: Final = f.properties({"applyDiscount": f.boolean()}) | f.properties(
    {name: f.ref() for name in ("taskId", "employeeId", "productId", "expenseId")}
)
LINES: Final = {
    "type": "array",
    "items": {"type": "object", "properties": LINE, "required": ["price", "quantity"]},
    "minItems": 1,
    "maxItems": 100,
    "description": f"Or by {', '.join(name for name in RARE if name.endswith('Id'))}",
}
_NUMBERING: Final = Turns()


class Invoices(Entity):
    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        """With its lines, where anything beside the invoice itself is asked for."""
        return await super().read(gauzy, record_id, (*relations, "invoiceItems") if relations else ())

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        """The invoice, then its lines; when these are refused, it goes again."""
        items = _known(arguments.get("items", []))
        today = gauzy.now().date().isoformat()
        given = self._summed({"invoiceDate": today, **_without(arguments, "items")}, items)
        owned = owner(await gauzy.identity())
        body = {**owned, "fromOrganizationId": owned["organizationId"]}
        made = await self._numbered(gauzy, body | body_of(self.columns, given, with_defaults=True))
        try:
            await self._write_lines(gauzy, made["id"], items)
        except Exception as error:
            await gauzy.request("DELETE", path_to(self.path + "/{id}", id=made["id"]))
            raise ToolError(f"No invoice was made, for its lines were refused. {error}") from error
        return await self.read(gauzy, made["id"], self.include)

    async def change(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        """What is given, and all lines with ``items``; refused lines leave everything as it was."""
        items, given = _known(arguments.get("items", [])), _without(arguments, "items")
        if items or not PRICING.isdisjoint(given):
            current = await self.read(gauzy, arguments["id"], self.include)
            given = self._summed(given, items or current.get("invoiceItems") or (), current)
            await self._replace_lines(gauzy, current, items)
        await super().change(gauzy, given)
        return await self.read(gauzy, arguments["id"], self.include)

    async def remove(self, gauzy: Gauzy, record_id: str) -> None:
        """Then its lines, which Gauzy leaves without an invoice; whoever may not delete it, deletes none of them."""
        current = await self.read(gauzy, record_id, self.include)
        await gauzy.request("DELETE", path_to(self.path + "/{id}", id=record_id))
        for line in current.get("invoiceItems") or ():
            await gauzy.request("DELETE", path_to("/invoice-item/{id}", id=line["id"]))

    def _clearable(self, name: str) -> f.Field:
        if name == "items":
            raise ToolError("clear: items cannot be emptied, for an invoice has a line at least; give its items anew")
        return super()._clearable(name)

    def _summed(self, given: Row, items: Sequence[Row], current: Mapping[str, Any] | None = None) -> Row:
        """``given`` with the total of its lines and what is due of it, unless they are told."""
        known = {**(current or {}), **given}
        client = {"organizationContactId": given["toContactId"]} if "toContactId" in given else {}
        total = given.get("totalValue", total_of(items, known) if items or current is None else known.get("totalValue"))
        due = round((total or 0) - (known.get("alreadyPaid") or 0), 2)
        return {**client, "amountDue": due, **given, "totalValue": total}

    async def _numbered(self, gauzy: Gauzy, body: Row) -> Row:
        """Numbers are unique over all tenants of Gauzy: somebody may take the next one first."""
        if "invoiceNumber" in body:
            return dict(await gauzy.request("POST", path_to(self.path), body=body))
        async with _NUMBERING.take():
            for _ in range(NUMBER_TRIES):
                number = await highest_number(gauzy) + 1
                try:
                    return dict(await gauzy.request("POST", path_to(self.path), body={**body, "invoiceNumber": number}))
                except Exception as error:
                    if not _refused(error) or await highest_number(gauzy) < number:
                        raise
        raise ToolError("Others take the next invoice number again and again: give invoiceNumber, or try again.")

    async def _replace_lines(self, gauzy: Gauzy, current: Row, items: Sequence[Row]) -> None:
        try:
            await self._write_lines(gauzy, current["id"], items)
        except Exception as error:
            if _refused(error):
                await self._write_lines(gauzy, current["id"], current.get("invoiceItems") or ())
            raise

    async def _write_lines(self, gauzy: Gauzy, invoice_id: str, items: Sequence[Row]) -> None:
        """``POST /invoice-item/bulk/{id}``: all lines of the invoice are those."""
        if items:
            owned = {**owner(await gauzy.identity()), "invoiceId": invoice_id}
            body = [{**owned, **_line(item)} for item in items]
            await gauzy.request("POST", path_to("/invoice-item/bulk/{id}", id=invoice_id), body=body)


def _known(items: Rows) -> Rows:
    """Raises ToolError for what no line has: Gauzy would drop it without a word."""
    for item in items:
        if unknown := [name for name in item if name not in LINE and name not in RARE]:
            raise ToolError(f"items: a line has no {unknown[0][:40]}; it has {', '.join((*LINE, *RARE))}")
    return items


def _line(item: Mapping[str, Any]) -> Row:
    known = {name: item[name] for name in (*LINE, *RARE) if item.get(name) is not None}
    return {"applyTax": True, "applyDiscount": True, **known, "totalValue": _value(item)}


def _value(item: Mapping[str, Any]) -> float:
    return round(float(item["price"] * item["quantity"]), 2)


def total_of(items: Sequence[Row], terms: Mapping[str, Any]) -> float:
    """What lines come to: less the discount on those that have it, plus both taxes on those that are taxed.

    A rate is PERCENT of these lines or FLAT, once.
    """
    lines = [_line(item) for item in items]
    discounted = sum(line["totalValue"] for line in lines if line["applyDiscount"])
    taxed = sum(line["totalValue"] for line in lines if line["applyTax"])
    total: float = sum(line["totalValue"] for line in lines)
    total -= _rate(discounted, terms.get("discountValue"), terms.get("discountType"))
    total += _rate(taxed, terms.get("tax"), terms.get("taxType"))
    total += _rate(taxed, terms.get("tax2"), terms.get("tax2Type"))
    return round(max(total, 0), 2)


def _rate(base: float, value: float | None, kind: str | None) -> float:
    if not base or not value:
        return 0
    return float(value) if kind == "FLAT" else base * value / 100


def _refused(error: Exception) -> bool:
    return getattr(error, "status", None) == 400


def _without(arguments: Mapping[str, Any], name: str) -> Row:
    return {key: value for key, value in arguments.items() if key != name}


async def highest_number(gauzy: Gauzy) -> int:
    """``GET /invoices/highest``, over all tenants; text on PostgreSQL, a number on SQLite, 0 when there is none."""
    return int((await gauzy.request("GET", path_to("/invoices/highest")))["max"] or 0)


invoice = Invoices(
    "invoice",
    "/invoices",
    "invoices",
    columns={
        "toContactId": f.ref("Client"),
        "invoiceDate": f.date("Today unless given"),
        "dueDate": f.date(required=True),
        "currency": f.text("ISO 4217", required=True, max_length=3),
        "items": f.Field(LINES, column="invoiceItems"),
        "invoiceNumber": f.integer("Next unless given", minimum=1).as_unlisted(),
        "status": f.choice(*STATUSES, default="DRAFT"),
        "isEstimate": f.boolean(default=False),
        "tax": f.number("%"),
        "discountValue": f.number("%", default=0),
        "terms": f.text(default="").as_unlisted(),
        "internalNote": f.text().as_unlisted(),
        "taxType": f.choice("PERCENT", "FLAT", default="PERCENT").as_unlisted(),
        "tax2": f.number().as_unlisted(),
        "tax2Type": f.choice("PERCENT", "FLAT", default="PERCENT").as_unlisted(),
        "discountType": f.choice("PERCENT", "FLAT", default="PERCENT").as_unlisted(),
        "totalValue": f.number("That of items unless given").as_unlisted(),
        "paid": f.boolean(default=False).as_unlisted(),
        "alreadyPaid": f.number().as_unlisted(),
        "amountDue": f.number(minimum=None).as_unlisted(),
        "invoiceType": f.choice(*TYPES, default="DETAILED_ITEMS").as_once().as_unlisted(),
        "organizationContactId": f.ref().as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
    },
    filters={
        "toContactId": f.ref("Client"),
        "status": f.choice(*STATUSES),
        "isEstimate": f.boolean(),
        "paid": f.boolean(),
        "startDate": f.date(where="invoiceDate.startDate"),
        "endDate": f.date(where="invoiceDate.endDate"),
        "dueFrom": f.date(where="dueDate.startDate").as_unlisted(),
        "dueTo": f.date(where="dueDate.endDate"),
        "invoiceNumber": f.integer(minimum=1).as_unlisted(),
        "invoiceType": f.choice(*TYPES).as_unlisted(),
        "currency": f.text().as_unlisted(),
        "isArchived": f.boolean().as_unlisted(),
    },
    ranges={"startDate": "endDate", "dueFrom": "dueTo"},
    local={
        "search": containing("toContact.name", "invoiceNumber", "internalNote", "terms", about="Client, number, note")
    },
    shows={"isAccepted": "boolean", "isArchived": "boolean", "sentTo": "string"},
    names={"clientName": "toContact.name"},
    include=("toContact",),
    sort=("invoiceDate", "dueDate", "invoiceNumber", "totalValue", "amountDue", "status", "createdAt"),
    relations=("invoiceItems", "invoiceItems.product", "toContact", "payments", "historyRecords", "tags"),
    merge=("invoiceNumber", "invoiceDate", "dueDate", "status", "currency", "terms", "discountValue"),
    wrapper="invoice_data",
    data_relations=True,
    address="invoice",
)


async def _acted(gauzy: Gauzy, invoice_id: str, *requests: tuple[str, Row]) -> Row:
    """The invoice after ``PUT /invoices/…`` with each body. Gauzy answers these with nulls for all it was not sent."""
    for route, body in requests:
        await gauzy.request("PUT", path_to(route, id=invoice_id), body=body)
    return await invoice.read(gauzy, invoice_id, invoice.include)


ACTION: Final = {
    "status": f.choice(*STATUSES),
    "paid": f.boolean(),
    "alreadyPaid": f.number(),
    "amountDue": f.number(minimum=None),
    "isArchived": f.boolean(),
    "isEstimate": f.boolean().as_unlisted(),
    "internalNote": f.text().as_unlisted(),
}


async def act(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT /invoices/{id}/action``, after a look: for an unknown invoice it would try to insert one."""
    body = body_of(ACTION, arguments, with_defaults=False)
    if not body:
        raise ToolError(f"Nothing to change: give at least one of {', '.join(ACTION)}")
    await invoice.read(context.gauzy, arguments["id"])
    row = await _acted(context.gauzy, arguments["id"], ("/invoices/{id}/action", body))
    return project(row, {}, invoice.names)


async def decide(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT /invoices/{id}/estimate`` takes the flag alone, and of any invoice."""
    current = await invoice.read(context.gauzy, arguments["id"])
    if not current.get("isEstimate"):
        raise ToolError(f"{current['invoiceNumber']} is an invoice, no estimate: see update_invoice_action.")
    accepted = arguments["isAccepted"]
    row = await _acted(
        context.gauzy,
        current["id"],
        ("/invoices/{id}/estimate", {"isAccepted": accepted}),
        ("/invoices/{id}/action", {"status": "ACCEPTED" if accepted else "REJECTED"}),
    )
    return project(row, {}, invoice.names)


async def lines(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """From the invoice: ``/invoice-item`` shows an employee none but his own lines, without a word."""
    relations = ("invoiceItems.product", "invoiceItems.employee.user")
    found: Rows = (await invoice.read(context.gauzy, arguments["invoiceId"], relations)).get("invoiceItems") or []
    number, limit = arguments.get("page", 1), arguments.get("limit", 10)
    return page(found[(number - 1) * limit : number * limit], len(found), arguments, LINE_NAMES)


LINE_SHOWN: Final = {name: str(schema["type"]) for name, schema in (LINE | RARE).items()} | {"totalValue": "number"}
LINE_NAMES: Final = {"productName": "product.name", "employeeName": "employee.fullName"}


async def send(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT /invoices/email/{email}`` answers the same whatever happens; it mails afterwards."""
    row = await _printable(context.gauzy, arguments["invoiceId"])
    told = {name: row[name] for name in ("invoiceNumber", "isEstimate", "organizationId")}
    body = {"params": {"invoiceId": row["id"], **told}}
    await context.gauzy.request("PUT", path_to("/invoices/email/{email}", email=arguments["email"]), body=body)
    return {"invoiceId": row["id"], "email": arguments["email"], "handedOver": True}


async def link(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT /invoices/generate/{id}``."""
    await invoice.read(context.gauzy, arguments["id"])
    made = await context.gauzy.request("PUT", path_to("/invoices/generate/{id}", id=arguments["id"]))
    path = f"/api/public/invoice/{arguments['id']}/{made['token']}"
    return {"id": arguments["id"], "token": made["token"], "path": path}


async def highest(context: ToolContext, arguments: dict[str, Any]) -> Any:
    return {"highest": await highest_number(context.gauzy)}


async def _printable(gauzy: Gauzy, invoice_id: str) -> Row:
    row = await invoice.read(gauzy, invoice_id)
    if not row.get("toContactId"):
        raise ToolError(f"{row['invoiceNumber']} has no client, and Gauzy makes no PDF without: set its toContactId.")
    return row


PDFS: Final = {"pdf": "/invoices/download/{id}", "payments": "/invoices/payment/download/{id}"}
"""Where Gauzy makes what is at ``gauzy://invoice/{id}/…``."""


async def printed(context: ToolContext, invoice_id: str, kind: str) -> Contents:
    """The PDF of an invoice, or of its ``payments``."""
    row = await _printable(context.gauzy, invoice_id)
    return Contents(await pdf(context.gauzy, path_to(PDFS[kind], id=row["id"])), PDF)


def _download(kind: str) -> Run:
    async def run(context: ToolContext, arguments: dict[str, Any]) -> Answer:
        contents = await printed(context, arguments["id"], kind)
        return attached(f"gauzy://invoice/{arguments['id']}/{kind}", f"{kind} of {arguments['id']}", contents)

    return run


def _said(**kinds: str) -> dict[str, Any]:
    return {"properties": {name: {"type": kind} for name, kind in kinds.items()}, "required": [*kinds]}


DOWNLOADED: Final = _said(uri="string", name="string", mimeType="string", size="integer")
OF_ID: Final = f.properties({"id": f.ref()})

TOOLS = [
    invoice.list(
        "get_invoices", "Find invoices and estimates by client, number, status or dates.", sort="-invoiceDate"
    ).found_by("overdue unpaid open estimate quote due"),
    invoice.count("get_invoice_count", "How many invoices there are, all or by filter.", without=("search",)),
    invoice.get("get_invoice", "One invoice with its lines."),
    invoice.create("create_invoice", "Write an invoice or estimate with its lines.", decides=True).found_by(
        "bill client quote"
    ),
    invoice.update("update_invoice", "Change an invoice; items replace all of its lines.", decides=True),
    Tool(
        "update_invoice_action", "Set status, payment or archiving of an invoice.", "invoices", act,
        {**OF_ID, **f.listed(ACTION)}, ["id"], output=invoice.output, effect="changes", decides=True,
        hidden=f.hidden(ACTION),
        touches=invoice.touches, keywords="mark paid sent void",
    ),
    Tool(
        "update_estimate_status", "Accept or reject an estimate.", "invoices", decide,
        {**OF_ID, **f.properties({"isAccepted": f.boolean()})}, ["id", "isAccepted"], output=invoice.output,
        effect="changes", decides=True, touches=invoice.touches, wrapper="data", keywords="approve quote",
    ),
    invoice.delete("delete_invoice", "Delete an invoice and its lines for good; its payments stay."),
    Tool(
        "get_invoice_items", "Lines of an invoice.", "invoices", lines,
        {**f.properties({"invoiceId": f.ref()}), **PAGING, **FIELDS}, ["invoiceId"],
        effect="reads", output=outputs.listed(outputs.item({}, LINE_SHOWN, LINE_NAMES)),
        keywords="positions rows",
    ),
    Tool(
        "send_invoice_email", "Have Gauzy mail an invoice to an address; whether it arrives, Gauzy does not tell.",
        "invoices", send, f.properties({"invoiceId": f.ref(), "email": f.text(format="email")}), ["invoiceId", "email"],
        output=_said(invoiceId="string", email="string", handedOver="boolean"), effect="adds", reaches_outside=True,
        wrapper="params",
    ),
    Tool(
        "download_invoice_pdf", "An invoice as PDF.", "invoices", _download("pdf"), OF_ID, ["id"], effect="reads",
        output=DOWNLOADED,
        keywords="print document file",
    ),
    Tool(
        "get_highest_invoice_number", "Highest invoice number of this Gauzy.", "invoices", highest,
        effect="reads", output=_said(highest="integer"), keywords="last next",
    ),
    Tool(
        "generate_invoice_link", "Make a public link to an invoice; links made before go on working.", "invoices", link,
        OF_ID, ["id"], output=_said(**dict.fromkeys(("id", "token", "path"), "string")), effect="adds",
        reaches_outside=True,
        touches=invoice.touches, keywords="share",
    ),
    Tool(
        "download_invoice_payment_pdf", "Payments of an invoice as PDF.", "invoices", _download("payments"), OF_ID,
        ["id"], effect="reads", output=DOWNLOADED, keywords="receipt print document file",
    ),
]  # fmt: skip
