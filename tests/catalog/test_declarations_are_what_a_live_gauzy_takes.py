"""Declarations against ``proven.json``: an extract of what was tried on a running Gauzy (develop of 2026-06-28).

Per record: its columns, the filters of its ``/pagination`` route, relations, sort columns, values that are checked,
places in the body of a create, and a row as it came. A declaration that says more sends what Gauzy rejects or ignores.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mcp_tools.catalog import periods
from mcp_tools.catalog.domains import (
    activity_logs,
    candidates,
    comments,
    daily_plans,
    deals,
    employee_awards,
    employees,
    equipment,
    expenses,
    goals,
    incomes,
    invoices,
    key_results,
    merchants,
    notifications,
    organization_contacts,
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
    time_off_policies,
    timer,
    timesheets,
    warehouses,
)
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.fields import Field
from tests.catalog.recorder import EMPLOYEE, ID, Recorder, call, tool

PROVEN: dict[str, Any] = json.loads(Path(__file__).with_name("proven.json").read_text())
ENTITIES = [
    tasks.task, projects.project, employees.employee, employees.employment, employees.profile,
    organization_contacts.contact, daily_plans.plan, skills.skill, employee_awards.award, comments.comment,
    comments.replies, reports.report, activity_logs.log, equipment.equipment, equipment.sharing, products.product,
    product_categories.category, warehouses.warehouse, merchants.merchant,
    pipelines.pipeline, deals.deal, candidates.candidate, candidates.skill, candidates.experience,
    candidates.education, goals.goal, goals.template, key_results.key_result,
    invoices.invoice, expenses.expense, expenses.category, incomes.income, payments.payment,
    time_logs.entry, time_logs.slot, timesheets.sheet, time_off.off, time_off_policies.policy,
    teams.team, teams.tag, teams.sprint, notifications.notification,
]  # fmt: skip

FILLED_IN = {
    "daily_plan": {"employeeId", "organizationTeamId"}, "key_result": {"ownerId"},
    "invoice": {"fromOrganizationId", "invoiceNumber", "invoiceDate"},
}  # fmt: skip
"""Columns that a create finds out itself, most from who is signed in."""

WORKED_OUT = {*periods.arguments(None), "mine"}
"""Filters that others are made from: dates and an employee."""

each_entity = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)


def place(name: str, field: Field) -> str:
    return (field.where or field.column or name).replace("[]", ".0")


@each_entity
def test_the_route_is_the_real_one(entity: Entity) -> None:
    assert entity.path == PROVEN[entity.name]["route"]


@each_entity
def test_filters_have_an_effect(entity: Entity) -> None:
    sent = {place(name, field) for name, field in entity.filters.items() if name not in WORKED_OUT}
    assert sent <= set(PROVEN[entity.name]["filters"])


@each_entity
def test_relations_and_sort_columns_exist(entity: Entity) -> None:
    assert set(entity.relations) <= set(PROVEN[entity.name]["relations"])
    assert set(entity.sort) <= set(PROVEN[entity.name]["sort"])


@each_entity
def test_arguments_go_to_their_place_in_the_body(entity: Entity) -> None:
    proven = PROVEN[entity.name]["body"]
    placed = {name: field.column or name for name, field in entity.columns.items()}
    assert {name: column for name, column in placed.items() if proven.get(name, column) != column} == {}
    assert set(placed.values()) <= {*proven.values(), *PROVEN[entity.name]["columns"]}


@each_entity
def test_what_gauzy_requires_is_required_or_has_a_default(entity: Entity) -> None:
    given = {field.column or name: field for name, field in entity.columns.items()}
    for column in set(PROVEN[entity.name]["required"]) - FILLED_IN.get(entity.name, set()):
        assert given[column].required or given[column].default is not None, column


@each_entity
def test_offered_values_are_those_that_gauzy_knows(entity: Entity) -> None:
    proven = PROVEN[entity.name]["enums"]
    for name, field in {**entity.columns, **entity.filters}.items():
        column = field.column or name
        offered = field.schema.get("enum") or [*field.values]
        if offered and column in proven:
            assert offered == proven[column], name


def test_the_timer_offers_the_sources_that_gauzy_knows() -> None:
    assert set(timer.SOURCES) == set(PROVEN["timer"]["source"])


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("get_tasks", "task"),
        ("get_my_tasks", "task"),
        ("get_projects", "project"),
        ("get_employees", "employee"),
        ("get_organization_contacts", "organization_contact"),
        ("get_daily_plans", "daily_plan"),
        ("get_my_daily_plans", "daily_plan"),
        ("list_time_logs", "time_log"),
        ("list_time_slots", "time_slot"),
        ("list_timesheets", "timesheet"),
        ("get_time_off_requests", "time_off_request"),
        ("get_time_off_policies", "time_off_policy"),
        ("list_teams", "team"),
        ("list_tags", "tag"),
        ("list_sprints", "sprint"),
        ("list_notifications", "notification"),
        ("get_pipelines", "pipeline"),
        ("get_deals", "deal"),
        ("get_candidates", "candidate"),
        ("get_goals", "goal"),
        ("get_goal_templates", "goal_template"),
        ("get_equipment", "equipment"),
        ("get_equipment_sharing_requests", "equipment_sharing"),
        ("get_products", "product"),
        ("get_product_categories", "product_category"),
        ("get_warehouses", "warehouse"),
        ("get_merchants", "merchant"),
        ("get_skills", "skill"),
        ("get_employee_awards", "employee_award"),
        ("get_comments", "comment"),
        ("get_reports", "report"),
        ("get_activity_logs", "activity_log"),
        ("get_invoices", "invoice"),
        ("get_expenses", "expense"),
        ("get_expense_categories", "expense_category"),
        ("get_incomes", "income"),
        ("get_payments", "payment"),
    ],
)
async def test_lists_answer_what_their_output_schema_says(name: str, entity: str) -> None:
    row = PROVEN[entity]["row"]
    for fields in ({}, {"fields": ["id", "nope", *row]}):
        answer = await call(Recorder().on("GET", ".*", {"items": [row], "total": 1}), name, **fields)
        jsonschema.validate(answer, tool(name).output_schema)
        assert answer["items"][0]["id"] == row["id"]


@pytest.mark.parametrize(
    ("name", "arguments", "entity"),
    [
        ("get_task", {"id": ID}, "task"),
        ("create_task", {"title": "x"}, "task"),
        ("update_task", {"id": ID, "title": "x"}, "task"),
        ("get_project", {"id": ID}, "project"),
        ("create_project", {"name": "x"}, "project"),
        ("update_project", {"id": ID, "name": "x"}, "project"),
        ("get_employee", {"id": ID}, "employee"),
        ("get_current_employee", {}, "employee"),
        ("create_employee", {"userId": ID}, "employee"),
        ("get_organization_contact", {"id": ID}, "organization_contact"),
        ("create_organization_contact", {"name": "x"}, "organization_contact"),
        ("update_organization_contact", {"id": ID, "name": "x"}, "organization_contact"),
        ("get_pipeline", {"id": ID}, "pipeline"),
        ("get_deal", {"id": ID}, "deal"),
        ("update_deal", {"id": ID, "title": "x"}, "deal"),
        ("get_candidate", {"id": ID}, "candidate"),
        ("update_candidate", {"id": ID, "candidateLevel": "x"}, "candidate"),
        ("get_product", {"id": ID}, "product"),
        ("update_product", {"id": ID, "code": "x"}, "product"),
        ("get_warehouse", {"id": ID}, "warehouse"),
        ("update_warehouse", {"id": ID, "city": "x"}, "warehouse"),
        ("get_merchant", {"id": ID}, "merchant"),
        ("archive_merchant", {"id": ID}, "merchant"),
        ("update_employee", {"id": ID, "employeeLevel": "B"}, "employee"),
        ("update_employee_profile", {"description": "x"}, "employee"),
        ("update_skill", {"id": ID, "name": "x"}, "skill"),
        ("update_employee_award", {"id": ID, "name": "x"}, "employee_award"),
        ("get_comment", {"id": ID}, "comment"),
        ("update_comment", {"id": ID, "comment": "x"}, "comment"),
        ("add_comment_to_task", {"taskId": ID, "comment": "x"}, "comment"),
        ("get_invoice", {"id": ID}, "invoice"),
        ("update_invoice", {"id": ID, "status": "SENT"}, "invoice"),
        ("update_invoice_action", {"id": ID, "status": "SENT"}, "invoice"),
        ("create_expense", {"amount": 1, "currency": "USD", "valueDate": "2026-11-20"}, "expense"),
        ("update_expense", {"id": ID, "notes": "x"}, "expense"),
        ("update_income", {"id": ID, "notes": "x"}, "income"),
        ("create_payment", {"amount": 1, "currency": "USD"}, "payment"),
        ("update_payment", {"id": ID, "note": "x"}, "payment"),
    ],
)
async def test_records_answer_what_their_output_schema_says(name: str, arguments: dict[str, Any], entity: str) -> None:
    row = PROVEN[entity]["row"]
    context = Recorder().on("GET", ".*", row).on("POST", ".*", row).on("PUT", ".*", row)
    jsonschema.validate(await call(context, name, **arguments), tool(name).output_schema)


async def test_the_timer_answers_what_its_output_schema_says() -> None:
    status, started = PROVEN["timer"]["status"], PROVEN["timer"]["started"]
    context = Recorder().on("GET", ".*/status", status).on("POST", ".*", started)
    for name in ("timer_status", "start_timer", "stop_timer"):
        jsonschema.validate(await call(context, name), tool(name).output_schema)
    context.on("GET", ".*/status", {"running": False, "duration": 0, "lastLog": None})
    jsonschema.validate(await call(context, "timer_status"), tool("timer_status").output_schema)


async def test_plans_answer_what_their_output_schema_says() -> None:
    row = {**PROVEN["daily_plan"]["row"], "employeeId": EMPLOYEE}
    context = Recorder().on("GET", ".*", {"items": [row], "total": 1})
    for name, arguments in (
        ("get_daily_plan", {"id": ID}),
        ("update_daily_plan", {"id": ID, "status": "completed"}),
        ("add_task_to_daily_plan", {"planId": ID, "taskId": ID}),
        ("remove_task_from_daily_plan", {"planId": ID, "taskId": ID}),
        ("create_daily_plan", {"date": row["date"][:10], "workTimePlanned": 6, "teamId": ID}),
    ):
        jsonschema.validate(await call(context, name, **arguments), tool(name).output_schema)
