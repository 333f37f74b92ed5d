"""Teams and their members (Gauzy route ``/organization-team``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Refusal, Reply, listed
from mcp_tools.sandbox.relations import holders, nobody, nothing, one, owned, tree_of
from mcp_tools.sandbox.routing import get
from mcp_tools.sandbox.rules import Column, boolean, not_empty, path_id, plain, string
from mcp_tools.sandbox.store import Row

VIEW = ("ALL_ORG_VIEW", "ORG_TEAM_VIEW")


class Teams(Entity):
    def matching(self, call: Call, where: Mapping[str, Any], *, paged: bool) -> list[Row]:
        """An employee sees the teams he is in."""
        rows = super().matching(call, where, paged=paged)
        return rows if call.may("CHANGE_SELECTED_EMPLOYEE") else [row for row in rows if row["id"] in _own(call)]

    def get(self, call: Call) -> Reply:
        """Wants the organization in the query, and fails for an unknown team."""
        rules.demand(rules.organization(call, call.query))
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None:
            raise Refusal(400, "Failed to execute organization team statistic query")
        shown = self.shown(call.store, row, tree_of(listed(call.query.get("relations"))))
        if call.query.get("withLastWorkedTask") == "true" and "members" in shown:
            shown["members"] = [{**member, **NO_WORK} for member in shown["members"]]
        return Reply(200, shown)


NO_WORK: Mapping[str, Any] = {"totalWorkedTasks": [], "totalTodayTasks": []}


def _own(call: Call) -> set[str]:
    memberships = call.store.rows("OrganizationTeamEmployee", call.tenant_id)
    return {row["organizationTeamId"] for row in memberships if row["employeeId"] == call.employee_id}


team = Teams(
    "OrganizationTeam",
    {
        "name": Column(checks=(string, not_empty), needed=True),
        **plain("color emoji teamSize logo"),
        "prefix": Column(checks=(string,)),
        **plain("shareProfileView", True),
        "requirePlanToTrack": Column(False, (boolean,)),
        "public": Column(False, (boolean,)),
        **plain("profile_link imageId"),
    },
    {
        "members": owned("OrganizationTeamEmployee", "organizationTeamId"),
        "tasks": holders("Task", "teams"),
        "dailyPlans": owned("DailyPlan", "organizationTeamId"),
        "projects": nothing(),
        "tags": nothing(),
        "image": nobody(),
    },
    contains=("name",),
    extra={"image": None},
)
member = Entity(
    "OrganizationTeamEmployee",
    {
        **plain("order"),
        **plain("isTrackingEnabled", True),
        **plain("isManager", False),
        **plain("assignedAt activeTaskId organizationTeamId employeeId roleId"),
    },
    {
        "employee": one("Employee", "employeeId"),
        "organizationTeam": one("OrganizationTeam", "organizationTeamId"),
        "role": one("Role", "roleId"),
    },
)


def mine(call: Call) -> Reply:
    """The teams that the caller is in."""
    rows = [row for row in team.matching(call, team.where(call), paged=False) if row["id"] in _own(call)]
    return team.page(call, rows, len(rows))


ROUTES = [
    *team.routes(
        "/organization-team",
        view=VIEW,
        add=("ALL_ORG_EDIT", "ORG_TEAM_ADD"),
        edit=("ALL_ORG_EDIT", "ORG_TEAM_EDIT"),
        remove=("ALL_ORG_EDIT", "ORG_TEAM_DELETE"),
    ),
    get("/organization-team/me", mine, *VIEW),
]
