"""Awards of employees (Gauzy route ``/employee-award``)."""

from __future__ import annotations

import datetime
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.domains.skills import Unchecked
from mcp_tools.sandbox.http import Call, Reply
from mcp_tools.sandbox.relations import one
from mcp_tools.sandbox.rules import Column, not_empty
from mcp_tools.sandbox.store import Row

EDIT: Final = ("ALL_ORG_EDIT", "PUBLIC_PAGE_EDIT")


class Awards(Unchecked):
    def listing(self, call: Call) -> Reply:
        """Of the query only ``where`` counts."""
        rows = self.matching(call, self.where(call), paged=False)
        return self.page(call, rows, len(rows), {})

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        found = rules.organization(call, body)
        if record_id is None:
            found += _employee(call, body)
        rules.demand(found + rules.validate(self.columns, body, creating=record_id is None))

    def insert(self, call: Call, body: Row) -> Row:
        """The year is a text, whatever was sent."""
        return super().insert(call, {**body, "year": str(body["year"])})

    def change(self, call: Call, row: Row, body: Row) -> Row:
        return super().change(call, row, {name: value for name, value in body.items() if name != "employeeId"})

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        return {**super().as_created(call, row, body), "year": body["year"]}


def _employee(call: Call, body: Row) -> list[str]:
    employee_id = body.get("employeeId")
    if employee_id is None:
        return ["employee must be an object", "employeeId must be a string"]
    return rules.employee(call, employee_id, body.get("organizationId"))


award = Awards(
    "EmployeeAward",
    {
        "name": Column(checks=(not_empty,), needed=True, kept=True),
        "year": Column(checks=(not_empty,), needed=True, kept=True),
        "employeeId": Column(),
    },
    {
        "employee": one("Employee", "employeeId"),
        "organization": one("Organization", "organizationId"),
        "tenant": one("Tenant", "tenantId"),
        "createdByUser": one("User", "createdByUserId"),
    },
)

GIVEN: Final = (
    ("Employee of the year", 1, "grace.okafor"), ("Employee of the year", 2, "priya.raman"),
    ("Employee of the year", 3, "manager"), ("Best mentor", 1, "tomas.lindqvist"), ("Best mentor", 2, "samira.haddad"),
    ("Customer hero", 1, "sofia.castro"), ("Customer hero", 2, "jonas.weber"), ("Sharpest eye", 1, "liam.oconnor"),
    ("Design of the year", 1, "yuki.tanaka"), ("Ten years with us", 1, "demo"), ("Newcomer of the year", 1, "employee"),
)  # fmt: skip
"""What was given, how many years before this one, and to whom."""


def fill(company: Any) -> None:
    for name, ago, person in GIVEN:
        year = str((company.midnight - ago * datetime.timedelta(days=365)).year)
        values = {"name": name, "year": year, "employeeId": company.employees[person]["id"]}
        company.new(award.name, f"{name}/{ago}", values)


ROUTES = award.routes("/employee-award", view=EDIT, add=EDIT, edit=EDIT, remove=EDIT)
