"""Expenses (Gauzy routes ``/expense`` and ``/expense-categories``)."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Gauzy
from mcp_tools.catalog.entity import Entity, mine
from mcp_tools.catalog.local import containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import Row, Rows

STATUSES: Final = ("INVOICED", "UNINVOICED", "PAID", "NOT_BILLABLE")
_TOLD: Final = ("amount", "currency", "notes", "reference")
_NEWEST: Final = 20


class Booking(Entity):
    """An expense or an income: money of an employee, of which Gauzy keeps averages.

    An employee with a booking that has no date gets 400 for every further one, which is stored all the same. So a
    date is asked for, and what such a refusal has stored is looked up.
    """

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        if "employeeId" not in arguments:
            return await super().make(gauzy, arguments)
        before = {row["id"] for row in await self._newest(gauzy, arguments)}
        try:
            return await super().make(gauzy, arguments)
        except Exception as error:
            if getattr(error, "status", None) != 400:
                raise
            stored = [row for row in await self._newest(gauzy, arguments) if row["id"] not in before]
            mine = [row for row in stored if all(row.get(name) == arguments.get(name) for name in _TOLD)]
            if not mine:
                raise
            return mine[0]

    async def _newest(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Rows:
        """The last bookings of that employee."""
        given = {"employeeId": arguments["employeeId"], "limit": _NEWEST}
        return (await self.find(gauzy, given, "-createdAt"))[0]

    async def remove(self, gauzy: Gauzy, record_id: str) -> None:
        """``DELETE …/{id}`` demands the organization; with the employee it may say 400 about what it has deleted."""
        await self.read(gauzy, record_id)
        query = [*owner(await gauzy.identity()).items()]
        await gauzy.request("DELETE", path_to(self.path + "/{id}", id=record_id), query=query)


expense = Booking(
    "expense",
    "/expense",
    "expenses",
    columns={
        "amount": f.number(required=True),
        "currency": f.text("ISO 4217", required=True, max_length=3),
        "valueDate": f.date("Day of the expense", required=True),
        "employeeId": f.ref().as_once(),
        "categoryId": f.ref(),
        "projectId": f.ref(),
        "organizationContactId": f.ref("Client").as_unlisted(),
        "status": f.choice(*STATUSES),
        "notes": f.text(),
        "vendorId": f.ref().as_unlisted(),
        "purpose": f.text().as_unlisted(),
        "reference": f.text().as_unlisted(),
        "typeOfExpense": f.text().as_unlisted(),
        "taxType": f.text().as_unlisted(),
        "taxLabel": f.text().as_unlisted(),
        "rateValue": f.number().as_unlisted(),
        "receipt": f.text("Address of a picture").as_unlisted(),
        "splitExpense": f.boolean("Shared by everybody").as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
    },
    filters={
        "search": f.part("In notes", where="notes"),
        "employeeId": f.ref(),
        "categoryId": f.ref(),
        "projectId": f.ref().as_unlisted(),
        "status": f.choice(*STATUSES),
        "startDate": f.date(where="valueDate.startDate"),
        "endDate": f.date(where="valueDate.endDate"),
        "currency": f.text().as_unlisted(),
        "amount": f.number().as_unlisted(),
        "purpose": f.part().as_unlisted(),
        "reference": f.text().as_unlisted(),
        "vendorId": f.ref().as_unlisted(),
        "organizationContactId": f.ref("Client").as_unlisted(),
        "splitExpense": f.boolean().as_unlisted(),
    },
    ranges={"startDate": "endDate"},
    names={
        "categoryName": "category.name",
        "vendorName": "vendor.name",
        "projectName": "project.name",
        "employeeName": "employee.fullName",
        "clientName": "organizationContact.name",
    },
    include=("category", "vendor", "project", "employee.user", "organizationContact"),
    sort=("valueDate", "amount", "createdAt", "status", "currency"),
    relations=("category", "vendor", "project", "employee", "employee.user", "organizationContact", "tags"),
    merge=("amount", "currency"),
    wrapper="expense_data",
    by_list=True,
)
category = Entity(
    "expense_category",
    "/expense-categories",
    "expenses",
    columns={"name": f.text(required=True)},
    filters={"name": f.text("Exact").as_unlisted()},
    local={"search": containing("name")},
    sort=("name", "createdAt"),
)

TOOLS = [
    expense.list(
        "get_expenses", "Find expenses by employee, category, project, status or dates.", sort="-valueDate"
    ).found_by("spending receipts costs bills"),
    expense.count("get_expense_count", "How many expenses there are, all or by filter."),
    expense.get("get_expense", "One expense by id."),
    expense.create("create_expense", "Record an expense.", decides=True),
    expense.update("update_expense", "Change an expense.", decides=True),
    expense.delete("delete_expense", "Delete an expense for good."),
    category.list("get_expense_categories", "Categories of expenses.", sort="name", brief=True),
    expense.list(
        "get_expenses_by_employee",
        "Expenses of an employee.",
        require=("employeeId",),
        without=("search",),
        sort="-valueDate",
        brief=True,
    ),
    expense.list(
        "get_my_expenses", "My expenses.", fixed=mine("employeeId"), without=("search",), sort="-valueDate", brief=True
    ),
]
