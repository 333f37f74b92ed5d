"""Tenants, roles, users and their organizations (Gauzy routes ``/user``, ``/roles``, ``/user-organization``)."""

from __future__ import annotations

from typing import Any

from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Reply, listed
from mcp_tools.sandbox.relations import Tree, nobody, one, owned, single, tree_of
from mcp_tools.sandbox.routing import Access, get
from mcp_tools.sandbox.rules import Column, email, not_empty, plain, string
from mcp_tools.sandbox.store import Row


class Users(Entity):
    def derived(self, public: Row) -> Row:
        name = " ".join(filter(None, (public.get("firstName"), public.get("lastName"))))
        return {"name": name, "isEmailVerified": False}


tenant = Entity(
    "Tenant",
    {"name": Column(), "logo": Column(), "standardWorkHoursPerDay": Column(8), "imageId": Column()},
    extra={"image": None},
    scoped=False,
    demands=False,
)
role = Entity(
    "Role",
    {"name": Column(checks=(string, not_empty), needed=True), "isSystem": Column(False)},
    scoped=False,
    demands=False,
)
user = Users(
    "User",
    {
        **plain("thirdPartyId firstName lastName"),
        "email": Column(checks=(email, not_empty)),
        **plain("phoneNumber username timeZone"),
        **plain("timeFormat", 12),
        **plain("imageUrl"),
        **plain("preferredLanguage", "en"),
        **plain("preferredComponentLayout", "TABLE"),
        **plain("lastLoginAt roleId imageId defaultTeamId lastTeamId defaultOrganizationId lastOrganizationId"),
    },
    {
        "role": one("Role", "roleId"),
        "tenant": one("Tenant", "tenantId"),
        "employee": single("Employee", "userId"),
        "organizations": owned("UserOrganization", "userId"),
        "image": nobody(),
    },
    extra={"image": None},
    scoped=False,
    demands=False,
)  # fmt: skip
membership = Entity(
    "UserOrganization",
    {"isDefault": Column(True), "userId": Column()},
    {"user": one("User", "userId"), "organization": one("Organization", "organizationId")},
    demands=False,
)


def me(call: Call) -> Reply:
    """The signed-in user; an employee record comes by ``includeEmployee``, never by ``relations[]``."""
    tree = tree_of(name for name in listed(call.query.get("relations")) if name != "employee")
    shown: dict[str, Any] = user.shown(call.store, call.user, tree)
    if call.query.get("includeEmployee") == "true" and call.employee:
        organization: Tree = {"organization": {}} if call.query.get("includeOrganization") == "true" else {}
        shown["employee"] = Entity.known["Employee"].shown(call.store, call.employee, organization)
    return Reply(200, shown)


ROUTES = [
    get("/user/me", me, access=Access.SIGNED_IN),
    get("/user", user.listing, "ORG_USERS_VIEW"),
    get("/user/:id", user.get, "ORG_USERS_VIEW"),
    get("/roles", role.listing, "CHANGE_ROLES_PERMISSIONS"),
    get("/roles/:id", role.get, "CHANGE_ROLES_PERMISSIONS"),
    get("/user-organization", membership.listing),
    get("/user-organization/pagination", membership.paginate),
    get("/user-organization/count", membership.count),
]
