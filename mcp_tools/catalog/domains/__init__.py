"""The tools of every Gauzy domain, one module each, and the catalogue they make."""

from __future__ import annotations

import functools
from typing import Final

from mcp_tools.catalog.domains import (
    authentication,
    daily_plans,
    diagnostics,
    discovery,
    employees,
    organization_contacts,
    projects,
    tasks,
    timer,
)
from mcp_tools.catalog.tool import Catalog

DOMAINS: Final = (
    authentication, timer, projects, tasks, employees, daily_plans, organization_contacts, diagnostics, discovery,
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
    "get_project",
    "get_task",
    "get_my_tasks",
    "get_my_daily_plans",
    "add_task_to_daily_plan",
    "search_tools",
    "call_tool",
)
"""What clients are shown unless MCP_TOOLSETS says otherwise."""


@functools.cache
def catalog() -> Catalog:
    return Catalog((tool for domain in DOMAINS for tool in domain.TOOLS), CORE)
