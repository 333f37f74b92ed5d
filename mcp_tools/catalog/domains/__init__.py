"""The tools of every Gauzy domain, one module each, and the catalogue they make."""

from __future__ import annotations

import functools
from typing import Final

from mcp_tools.catalog.domains import (
    activity_logs,
    authentication,
    candidates,
    comments,
    daily_plans,
    deals,
    diagnostics,
    discovery,
    employee_awards,
    employee_statistics,
    employees,
    equipment,
    expenses,
    goals,
    incomes,
    invoices,
    key_results,
    manual_time,
    merchants,
    notifications,
    organization_contacts,
    organizations,
    payments,
    pipelines,
    product_categories,
    products,
    projects,
    reports,
    skills,
    tasks,
    teams,
    time_logs,
    time_off,
    time_off_days,
    time_off_policies,
    time_totals,
    timer,
    timesheets,
    warehouses,
    working_employees,
)
from mcp_tools.catalog.tool import Catalog

DOMAINS: Final = (
    authentication, timer, time_logs, manual_time, time_totals, timesheets, time_off, time_off_days,
    time_off_policies, organizations, teams, notifications,
    projects, tasks, employees, daily_plans, organization_contacts, equipment,
    products, product_categories, warehouses, merchants, diagnostics, discovery,
    pipelines, deals, candidates, goals, key_results,
    working_employees, employee_statistics, skills, employee_awards, comments, reports, activity_logs,
    invoices, expenses, incomes, payments,
)  # fmt: skip

CORE: Final = (
    "test_api_connection",
    "start_timer",
    "stop_timer",
    "timer_status",
    "get_projects",
    "create_project",
    "update_project",
    "get_tasks",
    "create_task",
    "update_task",
    "get_employees",
    "create_employee",
    "get_daily_plan",
    "create_daily_plan",
    "get_organization_contacts",
    "login",
    "logout",
    "get_auth_status",
    "get_current_user",
    "list_my_organizations",
    "switch_organization",
    "get_project",
    "get_task",
    "get_my_tasks",
    "get_my_daily_plans",
    "add_task_to_daily_plan",
    "list_time_logs",
    "get_time_totals",
    "add_time_log",
    "search_tools",
    "call_tool",
)
"""What clients are shown unless MCP_TOOLSETS says otherwise."""


@functools.cache
def catalog() -> Catalog:
    return Catalog((tool for domain in DOMAINS for tool in domain.TOOLS), CORE)
