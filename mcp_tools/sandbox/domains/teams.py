"""Teams and their members (Gauzy route ``/organization-team``)."""

from __future__ import annotations

from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.relations import holders, nobody, nothing, one, owned
from mcp_tools.sandbox.rules import Column, boolean, not_empty, plain, string

team = Entity(
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

ROUTES = team.routes(
    "/organization-team",
    view=("ALL_ORG_VIEW", "ORG_TEAM_VIEW"),
    add=("ALL_ORG_EDIT", "ORG_TEAM_ADD"),
    edit=("ALL_ORG_EDIT", "ORG_TEAM_EDIT"),
    remove=("ALL_ORG_EDIT", "ORG_TEAM_DELETE"),
)
