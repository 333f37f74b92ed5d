"""The built-in reports and an organization's menu of them (Gauzy route ``/report``)."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.skills import constraint
from mcp_tools.sandbox.entity import Entity, public
from mcp_tools.sandbox.http import Call, Reply, listed
from mcp_tools.sandbox.routing import get, post
from mcp_tools.sandbox.rules import Column
from mcp_tools.sandbox.store import Row

SHIPPED: Final = {
    "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z", "isActive": True,
    "isArchived": False,
}  # fmt: skip
CATEGORIES: Final = {
    "Time Tracking": "fa-clock", "Payments": "fa-credit-card", "Time Off": "fa-calendar-times",
    "Invoicing": "fa-file-invoice-dollar",
}  # fmt: skip
"""Categories and their icons."""
REPORTS: Final = (
    ("Time & Activity", "Time Tracking", "far fa-clock", "Hours, activity and earnings per project and day"),
    ("Weekly", "Time Tracking", "fas fa-calendar-alt", "Hours, activity and earnings per week"),
    ("Apps & URLs", "Time Tracking", "far fa-window-maximize", "Programs and pages that were open at work"),
    ("Manual time edits", "Time Tracking", "far fa-edit", "Time that was added, changed or deleted by hand"),
    ("Expense", "Time Tracking", "far fa-credit-card", "What was spent, per person and project"),
    ("Amounts owed", "Payments", "fas fa-money-bill", "What people are owed for their time"),
    ("Payments", "Payments", "far fa-credit-card", "What was paid to whom in a period"),
    ("Weekly limits", "Time Off", "far fa-hand-paper", "Use of the weekly limits"),
    ("Daily limits", "Time Off", "far fa-hand-paper", "Use of the daily limits"),
    ("Project budgets", "Invoicing", "fas fa-chart-pie", "How much of each project's budget is spent"),
    ("Client budgets", "Invoicing", "fas fa-chart-pie", "How much of each client's budget is spent"),
)

switch = Entity("ReportOrganization", {"isEnabled": Column(True), "reportId": Column()}, demands=False)


def shown(call: Call, *, with_category: bool) -> list[Row]:
    """All reports. ``showInMenu`` is about the organization that the query names; without one it is false."""
    organization_id = call.query.get("organizationId")
    off = {
        row["reportId"]
        for row in call.store.rows(switch.name, call.tenant_id)
        if row["organizationId"] == organization_id and not row["isEnabled"]
    }
    found = []
    for name, kind, icon, told in REPORTS:
        slug = name.lower().replace(" & ", "-").replace(" ", "-")
        record_id, picture = ident("report", name), f"reports/{slug}.png"
        row = {
            **SHIPPED, "id": record_id, "name": name, "slug": slug, "description": told, "image": picture,
            "iconClass": icon, "showInMenu": bool(organization_id) and record_id not in off,
            "categoryId": ident("report category", kind), "imageUrl": f"http://localhost:3000/public/{picture}",
        }  # fmt: skip
        found.append({**row, "category": _category(kind)} if with_category else row)
    return found


def _category(name: str) -> Row:
    return {**SHIPPED, "id": ident("report category", name), "name": name, "iconClass": CATEGORIES[name]}


def listing(call: Call) -> Reply:
    """All of them; every filter is ignored."""
    rows = shown(call, with_category="category" in listed(call.query.get("relations")))
    return Reply(200, {"items": rows, "total": len(rows)})


def categories(call: Call) -> Reply:
    return Reply(200, {"items": [_category(name) for name in CATEGORIES], "total": len(CATEGORIES)})


def menu(call: Call) -> Reply:
    return Reply(200, [row for row in shown(call, with_category=False) if row["showInMenu"]])


def turn(call: Call) -> Reply:
    """Puts a report into the menu or out of it; every role may."""
    body = call.body()
    report_id, organization_id = body.get("reportId"), body.get("organizationId")
    if report_id not in {ident("report", name) for name, *_ in REPORTS}:
        raise constraint("SQLITE_CONSTRAINT_FOREIGNKEY")
    known = (
        row
        for row in call.store.rows(switch.name, call.tenant_id)
        if row["reportId"] == report_id and row["organizationId"] == organization_id
    )
    owned: dict[str, Any] = {"organizationId": organization_id, "reportId": report_id}
    row = next(known, None) or switch.new(call.store, call.tenant_id, call.user_id, owned)
    row |= {"isEnabled": bool(body.get("isEnabled")), "updatedAt": call.now(), "updatedByUserId": call.user_id}
    return Reply(201, {**public(call.store.put(switch.name, row)), "tenant": {"id": call.tenant_id}})


ROUTES = [
    get("/report", listing),
    get("/report/category", categories),
    get("/report/menu-items", menu),
    post("/report/menu-item", turn),
]
