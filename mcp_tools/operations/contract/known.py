"""Which record of a company an argument may name: the first that a tool lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Source:
    """``tool`` lists records; ``path`` leads to the id in its answer."""

    tool: str
    path: tuple[str | int, ...] = ("items", 0, "id")
    arguments: tuple[tuple[str, Any], ...] = ()


_EMPLOYEE: Final = Source("get_employees")
_CONTACT: Final = Source("get_organization_contacts")

BY_TOOL: Final[Mapping[tuple[str, str], Source]] = {
    ("approve_time_off_request", "id"): Source("get_pending_time_off_requests"),
    ("deny_time_off_request", "id"): Source("get_pending_time_off_requests"),
    ("cancel_time_off_request", "id"): Source("get_pending_time_off_requests"),
    ("assign_equipment", "id"): Source("get_available_equipment"),
    ("request_equipment_sharing", "equipmentId"): Source("get_available_equipment"),
    ("unassign_equipment", "id"): Source("get_equipment_sharing_requests", ("items", 0, "equipmentId")),
    ("set_timesheet_status", "ids"): Source("list_timesheets"),
    ("submit_timesheets", "ids"): Source("list_timesheets"),
    ("bulk_delete_tasks", "ids"): Source("get_tasks"),
    ("bulk_delete_projects", "ids"): Source("get_projects"),
    ("bulk_delete_daily_plans", "ids"): Source("get_daily_plans"),
    ("bulk_delete_organization_contacts", "ids"): _CONTACT,
    ("bulk_delete_employee_awards", "ids"): Source("get_employee_awards"),
    ("create_task", "parentId"): Source("get_tasks"),
    ("update_estimate_status", "id"): Source("get_invoices", arguments=(("isEstimate", True),)),
    ("delete_pipeline", "id"): Source("get_pipelines", ("items", -1, "id")),
    ("update_comment", "id"): Source("get_my_comments"),
    ("delete_comment", "id"): Source("get_my_comments"),
    ("get_organization", "id"): Source("list_my_organizations"),
    ("switch_organization", "organization"): Source("list_my_organizations"),
    ("get_team", "id"): Source("list_teams"),
}
"""By tool and argument, where any record will not do."""

BY_TOOLSET: Final[Mapping[str, Source]] = {
    "time_tracking": Source("list_time_logs", arguments=(("period", "last_30_days"),)),
    "projects": Source("get_projects"),
    "tasks": Source("get_tasks"),
    "employees": _EMPLOYEE,
    "daily_plans": Source("get_daily_plans"),
    "organization_contacts": _CONTACT,
    "equipment": Source("get_equipment"),
    "products": Source("get_products"),
    "product_categories": Source("get_product_categories"),
    "warehouses": Source("get_warehouses"),
    "pipelines": Source("get_pipelines"),
    "deals": Source("get_deals"),
    "candidates": Source("get_candidates"),
    "goals": Source("get_goals"),
    "key_results": Source("get_key_results"),
    "skills": Source("get_skills"),
    "employee_awards": Source("get_employee_awards"),
    "comments": Source("get_comments"),
    "activity_logs": Source("get_activity_logs"),
    "invoices": Source("get_invoices"),
    "expenses": Source("get_expenses"),
    "incomes": Source("get_incomes"),
    "payments": Source("get_payments"),
    "time_off": Source("get_time_off_requests"),
}
"""What ``id`` and ``ids`` name."""

BY_ARGUMENT: Final[Mapping[str, Source]] = {
    "employeeId": _EMPLOYEE, "employeeIds": _EMPLOYEE, "memberIds": _EMPLOYEE, "managerIds": _EMPLOYEE,
    "ownerEmployeeId": _EMPLOYEE, "ownerId": _EMPLOYEE, "mentionEmployeeIds": _EMPLOYEE,
    "projectId": Source("get_projects"), "taskId": Source("get_tasks"), "entityId": Source("get_tasks"),
    "teamId": Source("list_teams"), "ownerTeamId": Source("list_teams"),
    "contactId": _CONTACT, "clientId": _CONTACT, "organizationContactId": _CONTACT, "toContactId": _CONTACT,
    "addContactIds": _CONTACT, "removeContactIds": _CONTACT,
    "policyId": Source("get_time_off_policies"), "userId": Source("get_current_user", ("id",)),
    "tagIds": Source("list_tags"), "stageId": Source("get_pipelines", ("items", 0, "stages", 0, "id")),
    "moveDealsTo": Source("get_pipelines", ("items", 0, "stages", 1, "id")),
    "invoiceId": Source("get_invoices"), "pipelineId": Source("get_pipelines"),
    "candidateId": Source("get_candidates"), "goalId": Source("get_goals"), "parentGoalId": Source("get_goals"),
    "childGoalId": Source("get_goals", ("items", 1, "id")), "parentKeyResultId": Source("get_key_results"),
    "keyResultId": Source("get_key_results"), "productId": Source("get_products"), "planId": Source("get_daily_plans"),
    "planIds": Source("get_daily_plans"), "equipmentId": Source("get_equipment"), "skillId": Source("get_skills"),
    "typeId": Source("get_products", ("items", 0, "productTypeId")),
    "reportId": Source("get_reports"), "parentId": Source("get_comments"),
}  # fmt: skip
"""What an argument names in every other tool."""

CATEGORIES: Final[Mapping[str, Source]] = {
    "expenses": Source("get_expense_categories"),
    "products": Source("get_product_categories"),
}
"""What ``categoryId`` names, by toolset."""

BEFORE: Final[Mapping[str, str]] = {"stop_timer": "start_timer"}
"""What must have been called, without arguments, for a tool to have something to do."""

_NEWCOMER: Final = {"firstName": "Nora", "email": "nora.newcomer@example.com", "password": "long enough"}
TOGETHER: Final[Mapping[str, Mapping[str, Any]]] = {
    "create_employee": _NEWCOMER,
    "bulk_create_employees": {"employees": [_NEWCOMER]},
}
"""Arguments that only make sense together, for tools that take other ways with them."""


def source(tool: str, toolset: str, argument: str) -> Source | None:
    """Where an id for ``argument`` of ``tool`` comes from; None if no tool lists such records."""
    if (tool, argument) in BY_TOOL:
        return BY_TOOL[tool, argument]
    if argument in ("id", "ids"):
        return Source("get_time_off_policies") if "polic" in tool else BY_TOOLSET.get(toolset)
    return CATEGORIES.get(toolset) if argument == "categoryId" else BY_ARGUMENT.get(argument)
