"""What each role of a tenant may do: the permissions of Gauzy that routes of the sandbox ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_VIEWS: Final = frozenset({
    "ORG_PROJECT_VIEW", "ORG_TASK_VIEW", "DAILY_PLAN_READ", "ORG_CONTACT_VIEW", "ORG_MEMBERS_VIEW", "ORG_TEAM_VIEW",
})  # fmt: skip
_EMPLOYEE: Final = _VIEWS | {
    "ORG_PROJECT_ADD", "ORG_TASK_ADD", "ORG_TASK_EDIT", "DAILY_PLAN_CREATE", "DAILY_PLAN_UPDATE", "DAILY_PLAN_DELETE",
    "TIME_TRACKER", "ALLOW_MANUAL_TIME", "ALLOW_MODIFY_TIME", "ALLOW_DELETE_TIME", "PROFILE_EDIT", "ORG_TAGS_ADD",
    "SELECT_EMPLOYEE",
}  # fmt: skip
_MANAGER: Final = _EMPLOYEE | {
    "ORG_EMPLOYEES_VIEW", "ORG_PROJECT_EDIT", "ORG_TASK_DELETE", "ORG_CONTACT_EDIT", "ORG_TEAM_ADD", "ORG_TEAM_EDIT",
    "ORG_TAGS_EDIT", "ORG_USERS_VIEW", "CHANGE_SELECTED_EMPLOYEE", "CHANGE_SELECTED_ORGANIZATION",
}  # fmt: skip
_ADMIN: Final = _MANAGER | {
    "ALL_ORG_VIEW", "ALL_ORG_EDIT", "ORG_EMPLOYEES_EDIT", "ORG_PROJECT_DELETE", "ORG_TEAM_DELETE", "ORG_USERS_EDIT",
    "CHANGE_ROLES_PERMISSIONS", "ADMIN_DASHBOARD_VIEW",
}  # fmt: skip

PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    "SUPER_ADMIN": _ADMIN | {"SUPER_ADMIN_EDIT"},
    "ADMIN": _ADMIN,
    "DATA_ENTRY": _VIEWS | {"ORG_EMPLOYEES_VIEW"},
    "EMPLOYEE": _EMPLOYEE,
    "CANDIDATE": frozenset({"PROFILE_EDIT"}),
    "MANAGER": _MANAGER,
    "VIEWER": _VIEWS | {"ORG_EMPLOYEES_VIEW"},
    "INTERVIEWER": frozenset({"PROFILE_EDIT"}),
}
SYSTEM: Final = ("SUPER_ADMIN", "ADMIN", "EMPLOYEE", "VIEWER", "CANDIDATE")
