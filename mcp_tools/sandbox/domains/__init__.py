"""The routes of the sandbox, one module per domain of Gauzy.

A further domain is a module with an :class:`~mcp_tools.sandbox.entity.Entity` and its ``ROUTES``, named in ``DOMAINS``;
its records are described in :mod:`mcp_tools.sandbox.demo` and written by :mod:`mcp_tools.sandbox.seed`.
"""

from __future__ import annotations

from typing import Final

from mcp_tools.sandbox.domains import (
    auth,
    daily_plans,
    employees,
    health,
    organization_contacts,
    organizations,
    projects,
    tags,
    task_settings,
    tasks,
    teams,
    timer,
    timesheets,
    users,
)

DOMAINS: Final = (
    health, auth, users, organizations, employees, teams, projects, tasks, task_settings, tags, daily_plans,
    organization_contacts, timesheets, timer,
)  # fmt: skip
ROUTES: Final = [route for domain in DOMAINS for route in domain.ROUTES]
