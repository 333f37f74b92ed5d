"""Incomes (Gauzy route ``/income``)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar, Final

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.expenses import Bookings
from mcp_tools.sandbox.domains.inventory import currency
from mcp_tools.sandbox.relations import many, one
from mcp_tools.sandbox.rules import Column, boolean, not_empty, number, plain, string
from mcp_tools.sandbox.store import iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

VIEW: Final = ("ALL_ORG_VIEW", "ORG_INCOMES_VIEW")
EDIT: Final = ("ALL_ORG_EDIT", "ORG_INCOMES_EDIT")


class Incomes(Bookings):
    known_as: ClassVar[dict[str, str]] = {"clientId": "OrganizationContact"}


income = Incomes(
    "Income",
    {
        "amount": Column(checks=(number, not_empty), needed=True, kept=True),
        "currency": Column(checks=(currency,), needed=True, kept=True),
        **plain("valueDate"),
        "notes": Column(checks=(string,)),
        "isBonus": Column(checks=(boolean,)),
        "reference": Column(checks=(string,)),
        **plain("employeeId"),
        "clientId": Column(checks=(string, not_empty), needed=True, kept=True),
    },
    {
        "client": one("OrganizationContact", "clientId"),
        "employee": one("Employee", "employeeId"),
        "tags": many("Tag", "tags"),
    },
    contains=("notes",),
)

EARNED: Final = (
    (2, "manager", "Brightside Logistics", 12400, "Apollo, second milestone", None),
    (5, "samira.haddad", "Meadow & Finch", 5200, "Website, design of the shop", None),
    (9, "priya.raman", "Harbor Insurance", 7800, "Customer portal, first part", None),
    (16, "grace.okafor", "Alpine Foods", 4150, "Data warehouse, sales of the stores", None),
    (21, "sofia.castro", "Cobalt Energy", 900, "Workshop on reports", True),
    (36, "manager", "Brightside Logistics", 11800, "Apollo, first milestone", None),
    (48, "yuki.tanaka", "Meadow & Finch", 9500, "Brand guide", None),
    (60, "sofia.castro", "Juniper Health", 650, "Advice by the hour", True),
)
"""Days ago, who brought it in, client, how much, what for, whether it was a bonus: as in Gauzy mostly null."""


def fill(company: Company) -> None:
    """What came in during the last ten weeks."""
    for place, (days, person, client, amount, notes, bonus) in enumerate(EARNED):
        values = {
            "amount": amount, "currency": "USD", "notes": notes, "isBonus": bonus, "reference": f"I-{place + 1:03d}",
            "valueDate": iso(company.midnight - datetime.timedelta(days=days)),
            "employeeId": company.employees[person]["id"], "clientId": ident("contact", client),
        }  # fmt: skip
        company.new("Income", f"I-{place + 1:03d}", values)


ROUTES = income.routes("/income", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT)
