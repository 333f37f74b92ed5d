"""Sprints of projects (Gauzy route ``/organization-sprint``)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Refusal, Reply
from mcp_tools.sandbox.relations import nothing, one, owned
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column, date_string, not_empty, number, one_of, plain, string, uuid_
from mcp_tools.sandbox.store import Row, iso

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

STATUSES: Final = ("active", "completed", "draft", "upcoming")


class Sprints(Entity):
    def listing(self, call: Call) -> Reply:
        """Without relations, whatever is asked."""
        rows = self.ordered(call, self.matching(call, self.where(call), paged=False))
        return self.page(call, rows, len(rows), {})

    def get(self, call: Call) -> Reply:
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), {"tasks": {}, "members": {}}))

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        return {**super().as_created(call, row, body), "members": []}


sprint = Sprints(
    "OrganizationSprint",
    {
        "name": Column(checks=(string, not_empty), needed=True),
        "goal": Column(checks=(string,)),
        "length": Column(7, (number,)),
        "startDate": Column(checks=(date_string,)),
        "endDate": Column(checks=(date_string,)),
        "status": Column(checks=(one_of(*STATUSES),)),
        **plain("dayStart sprintProgress"),
        "projectId": Column(checks=(uuid_,), needed=True),
    },
    {
        "project": one("OrganizationProject", "projectId"),
        "tasks": owned("Task", "organizationSprintId"),
        "members": nothing(),
    },
    deleted=200,
)

DEMO: Final = (
    ("Apollo", "Apollo 7", "Drivers can start the day alone", "completed", -28),
    ("Apollo", "Apollo 8", "Dispatchers trust the map", "active", -7),
    ("Apollo", "Apollo 9", "Ready for the pilot", "upcoming", 7),
    ("Mobile App", "Mobile 3", "Parcels without a network", "active", -4),
)
"""Project, name, goal, status, and the day it begins on, counted from today."""


def no_pages(call: Call) -> Reply:
    """There is no such route: the word is read as an id."""
    raise Refusal(406, "Validation failed (valid uuid is expected)", named=False)


def fill(company: Company) -> None:
    for project, name, goal, status, begins in DEMO:
        begin = company.midnight + datetime.timedelta(days=begins)
        values = {"name": name, "goal": goal, "status": status, "length": 14, "projectId": ident("project", project)}
        dates = {"startDate": iso(begin), "endDate": iso(begin + datetime.timedelta(days=14))}
        company.new(sprint.name, name, {**values, **dates})


ROUTES = [
    *sprint.routes(
        "/organization-sprint",
        view=("ALL_ORG_VIEW", "ORG_SPRINT_VIEW"),
        add=("ALL_ORG_EDIT", "ORG_SPRINT_ADD"),
        edit=("ALL_ORG_EDIT", "ORG_SPRINT_EDIT"),
        remove=("ALL_ORG_EDIT", "ORG_SPRINT_DELETE"),
    ),
    get("/organization-sprint/pagination", no_pages),
]
