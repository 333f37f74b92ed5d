"""Expenses, their categories and vendors (Gauzy routes ``/expense`` and ``/expense-categories``)."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.inventory import FoundByData, Saved, currency
from mcp_tools.sandbox.entity import Entity, Test, public
from mcp_tools.sandbox.http import MISSING, Call, DatabaseRefusal, Refusal, Reply
from mcp_tools.sandbox.relations import many, nothing, one
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column, boolean, not_empty, one_of, plain, string, uuid_
from mcp_tools.sandbox.store import Row, iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

VIEW: Final = ("ALL_ORG_VIEW", "ORG_EXPENSES_VIEW")
EDIT: Final = ("ALL_ORG_EDIT", "ORG_EXPENSES_EDIT")
STATUSES: Final = ("INVOICED", "UNINVOICED", "PAID", "NOT_BILLABLE")
BOOKINGS: Final = ("Expense", "Income")


class Dated(Entity):
    """``/pagination`` filters some columns by a range of days, and some by a pattern of SQL."""

    ranges: ClassVar[tuple[str, ...]] = ()

    def test(self, call: Call, name: str, value: Any, *, paged: bool) -> Test:
        if paged and name in self.ranges:
            first, last = range_of(value, call.store.clock())
            return lambda row: row.get(name) is not None and first <= row[name] <= last
        if paged and name in self.contains and isinstance(value, str) and "%" in value:
            pattern = re.compile(".*".join(map(re.escape, value.split("%"))), re.IGNORECASE | re.DOTALL)
            return lambda row: pattern.search(row.get(name) or "") is not None
        return super().test(call, name, value, paged=paged)

    def insert(self, call: Call, body: Row) -> Row:
        return super().insert(call, self._dated(body))

    def change(self, call: Call, row: Row, body: Row) -> Row:
        return super().change(call, row, self._dated(body))

    def _dated(self, body: Row) -> Row:
        return body | {name: _instant(body[name]) for name in self.ranges if isinstance(body.get(name), str)}


def range_of(value: Any, now: datetime.datetime) -> tuple[str, str]:
    """The instants of ``[startDate]`` and ``[endDate]``. A missing one is that of the month of ``now``."""
    given = value if isinstance(value, dict) else {}
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + datetime.timedelta(days=32)).replace(day=1)
    last = following - datetime.timedelta(milliseconds=1)
    return _instant(given.get("startDate") or iso(first)), _instant(given.get("endDate") or iso(last))


def _instant(text: str) -> str:
    moment = datetime.datetime.fromisoformat(text)
    return iso(moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC))


class Bookings(Dated, FoundByData, Saved):
    """Money of an employee, of whom Gauzy keeps averages. It fails at a booking without a date, after it has stored."""

    ranges = ("valueDate",)
    known_as: ClassVar[dict[str, str]] = {}

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        super().check(call, body, record_id)
        if record_id is None and body.get("employeeId") is not None:
            rules.demand(rules.employee(call, body["employeeId"], body["organizationId"]))
        for column, entity in self.known_as.items():
            if body.get(column) is not None and call.store.find(entity, body[column], call.tenant_id) is None:
                raise DatabaseRefusal()

    def create(self, call: Call) -> Reply:
        answer = super().create(call)
        if undated(call, call.body().get("employeeId")):
            raise Refusal(400)
        return answer

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        return public(row)

    def change(self, call: Call, row: Row, body: Row) -> Row:
        return super().change(call, row, {name: value for name, value in body.items() if name != "employeeId"})

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        refusal = Refusal(400)
        response = {"message": MISSING, "error": "Not Found", "statusCode": 404}
        told = {"status": 404, "options": {}, "message": MISSING, "name": "NotFoundException"}
        refusal.reply = Reply(400, {"response": response, **told})
        raise refusal

    def get(self, call: Call) -> Reply:
        """Without relations, whatever is asked."""
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), {}))

    def remove(self, call: Call) -> Reply:
        rules.demand(rules.organization(call, call.query))
        answer = super().remove(call)
        if undated(call, call.query.get("employeeId")):
            raise Refusal(400, f"Error while updating employee average {self.name.lower()}s")
        return answer


def undated(call: Call, employee_id: Any) -> bool:
    """Whether the employee has an expense or income without a date."""
    rows = [row for entity in BOOKINGS for row in call.store.rows(entity, call.tenant_id)]
    return employee_id is not None and any(row["employeeId"] == employee_id and not row["valueDate"] for row in rows)


class Expenses(Bookings):
    known_as: ClassVar[dict[str, str]] = {
        "categoryId": "ExpenseCategory", "vendorId": "OrganizationVendor", "projectId": "OrganizationProject",
        "organizationContactId": "OrganizationContact",
    }  # fmt: skip


vendor = Entity("OrganizationVendor", plain("name phone email website"))
category = Entity(
    "ExpenseCategory",
    {"name": Column(checks=(string, not_empty), needed=True)},
    {"tags": many("Tag", "tags"), "expenses": nothing()},
)
expense = Expenses(
    "Expense",
    {
        "amount": Column(checks=(not_empty,), needed=True, kept=True),
        "typeOfExpense": Column(checks=(string,)),
        "notes": Column(checks=(string,)),
        "currency": Column(checks=(currency,), needed=True, kept=True),
        **plain("valueDate"),
        **{name: Column(checks=(string,)) for name in ("purpose", "taxType", "taxLabel")},
        **plain("rateValue"),
        "receipt": Column(checks=(string,)),
        "splitExpense": Column(checks=(boolean,)),
        "reference": Column(checks=(string,)),
        "status": Column(checks=(one_of(*STATUSES),)),
        **plain("employeeId"),
        **{name: Column(checks=(uuid_,)) for name in ("vendorId", "categoryId", "projectId", "organizationContactId")},
    },
    {
        "category": one("ExpenseCategory", "categoryId"),
        "vendor": one("OrganizationVendor", "vendorId"),
        "project": one("OrganizationProject", "projectId"),
        "employee": one("Employee", "employeeId"),
        "organizationContact": one("OrganizationContact", "organizationContactId"),
        "tags": many("Tag", "tags"),
        "invoiceItems": nothing(),
    },
    contains=("notes", "purpose"),
    updated=202,
    deleted=200,
)


VENDORS: Final = {
    "Northern Rail": "bookings@northernrail.example", "Cloudhouse": "billing@cloudhouse.example",
    "Pixel & Bolt": "sales@pixelbolt.example", "The Lunch Room": "hello@lunchroom.example",
    "Quay Offices": "office@quay.example",
}  # fmt: skip
SPENT: Final = (
    (1, "employee", 38.5, "Meals", "The Lunch Room", "Lunch with Brightside Logistics", "UNINVOICED"),
    (2, "manager", 214, "Travel", "Northern Rail", "Train to Hamburg and back", "UNINVOICED"),
    (3, "demo", 460, "Software", "Cloudhouse", "Servers of the customer portal", "INVOICED"),
    (6, "samira.haddad", 89, "Software", "Cloudhouse", "Licence of the drawing program", "NOT_BILLABLE"),
    (9, "priya.raman", 129.9, "Hardware", "Pixel & Bolt", "Scanner for the drivers' app", "INVOICED"),
    (12, "jonas.weber", 2400, "Office rent", "Quay Offices", "Rent of the office", "PAID"),
    (14, "liam.oconnor", 310, "Courses", "Pixel & Bolt", "Course on testing with screen readers", "NOT_BILLABLE"),
    (20, "employee", 52, "Travel", "Northern Rail", "Train to the workshop", "PAID"),
    (27, "manager", 640, "Travel", "Northern Rail", "Visit at Alpine Foods, three people", "INVOICED"),
    (33, "demo", 445, "Software", "Cloudhouse", "Servers of the customer portal", "PAID"),
    (42, "jonas.weber", 2400, "Office rent", "Quay Offices", "Rent of the office", "PAID"),
    (55, "yuki.tanaka", 74.25, "Meals", "The Lunch Room", "Dinner after the brand guide", "NOT_BILLABLE"),
    (68, "tomas.lindqvist", 1180, "Hardware", "Pixel & Bolt", "Two telephones for tests", "PAID"),
)
"""Days ago, who, how much, category, vendor, what for, status."""


def fill(company: Company) -> None:
    """What the company spent in the last ten weeks."""
    for name in ("Software", "Travel", "Hardware", "Meals", "Courses", "Office rent"):
        company.new("ExpenseCategory", name, {"name": name})
    for name, email in VENDORS.items():
        company.new("OrganizationVendor", name, {"name": name, "email": email})
    for place, (days, person, amount, kind, seller, notes, status) in enumerate(SPENT):
        values = {
            "amount": amount, "currency": "USD", "notes": notes, "status": status, "splitExpense": False,
            "valueDate": iso(company.midnight - datetime.timedelta(days=days)), "reference": f"E-{place + 1:03d}",
            "employeeId": company.employees[person]["id"], "categoryId": ident("ExpenseCategory", kind),
            "vendorId": ident("OrganizationVendor", seller),
        }  # fmt: skip
        company.new("Expense", values["reference"], values)


ROUTES = [
    *expense.routes("/expense", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT),
    *category.routes("/expense-categories", view=EDIT, add=EDIT, edit=EDIT, remove=EDIT),
    get("/expense-categories", category.listing, *VIEW),
    get("/expense-categories/pagination", category.paginate, *VIEW),
]
