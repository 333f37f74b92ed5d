"""Gauzy records as MCP resources: ``gauzy://task/{id}`` and the like, and ``gauzy://me``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.domains import daily_plans, employees, organization_contacts, projects, tasks
from mcp_tools.catalog.domains.timer import status as timer_status
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.names import CONTACTS, EMPLOYEES, PROJECTS, TASKS, Named
from mcp_tools.catalog.resources import Contents, Read, Resource, Resources, Template
from mcp_tools.catalog.rows import project

SCHEME: Final = "gauzy://"


def _record(entity: Entity, relations: tuple[str, ...] = ()) -> Read:
    async def read(context: ToolContext, variables: Mapping[str, str]) -> Contents:
        return _json(project(await entity.read(context.gauzy, variables["id"], relations), {}))

    return read


async def _plan(context: ToolContext, variables: Mapping[str, str]) -> Contents:
    return _json(await daily_plans.get(context, {"id": variables["id"]}))


async def _me(context: ToolContext, variables: Mapping[str, str]) -> Contents:
    """Who is signed in, and what their timer does."""
    shown = dict(await context.account.status())
    if shown.get("employeeId"):
        shown["timer"] = await timer_status(context, {})
    return _json(shown)


def _json(value: Any) -> Contents:
    return Contents(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _template(word: str, description: str, read: Read, named: Named | None = None) -> Template:
    complete = {"id": named.ids()} if named else {}
    title = word.replace("-", " ").capitalize()
    return Template(f"{SCHEME}{word}/{{id}}", word, description, read, title=title, complete=complete)


def gauzy_resources() -> Resources:
    """The addresses of this product."""
    return Resources(
        [Resource(f"{SCHEME}me", "me", "Who is signed in to Gauzy, and the timer of that person", _me, title="Me")],
        [
            _template("project", "A project with its members", _record(projects.project, ("members",)), PROJECTS),
            _template("task", "A task with its project and people", _record(tasks.task, ("project", "members")), TASKS),
            _template("employee", "An employee", _record(employees.employee, ("user",)), EMPLOYEES),
            _template("daily-plan", "A daily plan with its tasks", _plan),
            _template("contact", "A client, customer or lead", _record(organization_contacts.contact), CONTACTS),
        ],
    )
