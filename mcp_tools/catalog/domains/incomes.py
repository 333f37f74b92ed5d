"""Incomes (Gauzy route ``/income``)."""

from __future__ import annotations

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.domains.expenses import Booking
from mcp_tools.catalog.entity import mine
from mcp_tools.catalog.local import Local

income = Booking(
    "income",
    "/income",
    "incomes",
    columns={
        "amount": f.number(required=True),
        "currency": f.text("ISO 4217", required=True, max_length=3),
        "clientId": f.ref("Contact", required=True),
        "valueDate": f.date("Day of the income", required=True),
        "employeeId": f.ref().as_once(),
        "notes": f.text(),
        "isBonus": f.boolean(),
        "reference": f.text().as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
    },
    filters={
        "search": f.part("In notes", where="notes"),
        "employeeId": f.ref(),
        "clientId": f.ref(),
        "startDate": f.date(where="valueDate.startDate"),
        "endDate": f.date(where="valueDate.endDate"),
        "currency": f.text().as_unlisted(),
        "reference": f.text().as_unlisted(),
        "amount": f.number().as_unlisted(),
    },
    ranges={"startDate": "endDate"},
    # Gauzy finds no row whose isBonus is null when it is asked for false, and most are null.
    local={"isBonus": Local(f.boolean(), lambda row, wanted: bool(row.get("isBonus")) == wanted)},
    names={"clientName": "client.name", "employeeName": "employee.fullName"},
    include=("client", "employee.user"),
    sort=("valueDate", "amount", "createdAt", "currency"),
    relations=("client", "employee", "employee.user", "tags"),
    merge=("amount", "currency", "clientId"),
    wrapper="income_data",
    by_list=True,
)

TOOLS = [
    income.list(
        "get_my_incomes",
        "Incomes that I brought in.",
        fixed=mine("employeeId"),
        without=("search",),
        sort="-valueDate",
        brief=True,
    ),
    income.count("get_income_count", "How many incomes there are, all or by filter.", without=("search",)),
    income.list("get_incomes_pagination", "Incomes page by page.", without=("search",), sort="-valueDate", brief=True),
    income.list("get_incomes", "Find incomes by employee, client, notes or dates.", sort="-valueDate").found_by(
        "revenue earnings sales"
    ),
    income.get("get_income", "One income by id."),
    income.create("create_income", "Record an income from a client."),
    income.update("update_income", "Change an income."),
    income.delete("delete_income", "Delete an income for good."),
]
