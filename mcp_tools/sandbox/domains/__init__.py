"""The routes of the sandbox, one module per domain of Gauzy.

A further domain is a module with an :class:`~mcp_tools.sandbox.entity.Entity` and its ``ROUTES``, named in ``DOMAINS``;
its records are described in :mod:`mcp_tools.sandbox.demo` and written by :mod:`mcp_tools.sandbox.seed`.
"""

from __future__ import annotations

from typing import Final

from mcp_tools.sandbox.domains import (
    activity_logs,
    auth,
    candidates,
    comments,
    daily_plans,
    deals,
    employee_awards,
    employees,
    equipment,
    expenses,
    favorites,
    goals,
    health,
    incomes,
    invoices,
    key_results,
    merchants,
    organization_contacts,
    organizations,
    payments,
    pipelines,
    products,
    projects,
    reports,
    role_permissions,
    skills,
    sprints,
    tags,
    task_settings,
    tasks,
    teams,
    time_off,
    time_statistics,
    timer,
    timesheet_approval,
    timesheets,
    users,
    warehouses,
)

DOMAINS: Final = (
    health, auth, users, organizations, employees, teams, projects, tasks, task_settings, tags, daily_plans,
    organization_contacts, timesheets, timer, timesheet_approval, time_statistics, sprints, favorites,
    role_permissions, time_off,
    equipment, products, warehouses, merchants, pipelines, deals, candidates, goals, key_results,
    skills, employee_awards, comments, reports, activity_logs,
    invoices, expenses, incomes, payments,
)  # fmt: skip
ROUTES: Final = [route for domain in DOMAINS for route in domain.ROUTES]
