"""Gauzy records as MCP resources: ``gauzy://task/{id}`` and the like, and ``gauzy://me``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains import daily_plans, employees, invoices, organization_contacts, projects, tasks
from mcp_tools.catalog.domains.invoice_pdfs import PDF
from mcp_tools.catalog.domains.timer import status as timer_status
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.names import CONTACTS, EMPLOYEES, MAX_PAGE, PROJECTS, TASKS, Named, Row, first_pages
from mcp_tools.catalog.paths import UUID
from mcp_tools.catalog.resources import Contents, Read, Resource, Resources, Template
from mcp_tools.catalog.rows import project

SCHEME: Final = "gauzy://"
SEGMENTS: Final = {"id": UUID}


def _record(entity: Entity, relations: tuple[str, ...] = ()) -> Read:
    async def read(context: ToolContext, variables: Mapping[str, str]) -> Contents:
        return _json(project(await entity.read(context.gauzy, variables["id"], relations), {}))

    return read


async def _plan(context: ToolContext, variables: Mapping[str, str]) -> Contents:
    return _json(await daily_plans.get(context, {"id": variables["id"]}))


async def _me(context: ToolContext, variables: Mapping[str, str]) -> Contents:
    """Who is signed in, and what their timer does."""
    shown = dict(await context.account.status())
    if shown.get("employeeId"):
        shown["timer"] = await timer_status(context, {})
    return _json(shown)


def _printed(kind: str) -> Read:
    async def read(context: ToolContext, variables: Mapping[str, str]) -> Contents:
        return await invoices.printed(context, variables["id"], kind)

    return read


class _Numbered(Named):
    """Invoices by the beginning of their number: Gauzy finds only whole numbers, so it is looked for here."""

    async def search(self, gauzy: Gauzy, typed: str) -> tuple[list[Row], bool]:
        async def read(number: int) -> tuple[list[dict[str, Any]], int]:
            return await invoices.invoice.find(gauzy, {"limit": MAX_PAGE, "page": number}, "-invoiceNumber")

        rows, whole = await first_pages(read)
        return [row for row in rows if self.name(row).startswith(typed)], whole


INVOICES: Final = _Numbered("invoice", "/invoices", "", lambda row: str(row["invoiceNumber"]))


def _json(value: Any) -> Contents:
    return Contents(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _template(word: str, description: str, read: Read, named: Named | None = None) -> Template:
    complete = {"id": named.ids()} if named else {}
    title = word.replace("-", " ").capitalize()
    uri = f"{SCHEME}{word}/{{id}}"
    return Template(uri, word, description, read, title=title, complete=complete, segments=SEGMENTS)


def _pdf(kind: str, description: str) -> Template:
    uri, complete = f"{SCHEME}invoice/{{id}}/{kind}", {"id": INVOICES.ids()}
    return Template(uri, f"invoice-{kind}", description, _printed(kind), PDF, complete=complete, segments=SEGMENTS)


def gauzy_resources() -> Resources:
    """The addresses of this product."""
    return Resources(
        [Resource(f"{SCHEME}me", "me", "Who is signed in to Gauzy, and the timer of that person", _me, title="Me")],
        [
            _template("project", "A project with its members", _record(projects.project, ("members",)), PROJECTS),
            _template("task", "A task with its project and people", _record(tasks.task, ("project", "members")), TASKS),
            _template("employee", "An employee", _record(employees.employee, ("user",)), EMPLOYEES),
            _template("daily-plan", "A daily plan with its tasks", _plan),
            _template("contact", "A client, customer or lead", _record(organization_contacts.contact), CONTACTS),
            _template(
                "invoice", "An invoice with its lines and payments",
                _record(invoices.invoice, ("toContact", "payments")), INVOICES,
            ),
            _pdf("pdf", "An invoice as PDF"),
            _pdf("payments", "The payments of an invoice as PDF"),
        ],
    )  # fmt: skip
