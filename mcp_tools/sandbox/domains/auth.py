"""Signing in and out (Gauzy routes ``/auth``)."""

from __future__ import annotations

import time
import uuid
from typing import Any, Final

from mcp_tools.sandbox import rules, tokens
from mcp_tools.sandbox.domains import role_permissions
from mcp_tools.sandbox.domains.users import user
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Refusal, Reply, forbidden, listed, unauthorized
from mcp_tools.sandbox.roles import PERMISSIONS
from mcp_tools.sandbox.routing import Access, get, post
from mcp_tools.sandbox.rules import Column, email, not_empty
from mcp_tools.sandbox.store import Row, Transaction

ACCESS: Final = "ACCESS_TOKEN_TYPE"
REFRESH: Final = "REFRESH_TOKEN_TYPE"
WORKSPACE: Final = "WORKSPACE_TOKEN_TYPE"
LOGIN: Final = {
    "email": Column(checks=(email, not_empty), needed=True),
    "password": Column(checks=(not_empty,), needed=True),
}


def recognise(call: Call) -> bool:
    """Fills in who is asking, from the bearer token. False without a good one."""
    scheme, _, token = _header(call, "authorization").partition(" ")
    claims = tokens.read(token, call.key, ACCESS) if scheme.lower() == "bearer" else None
    known = call.store.find("User", claims["id"], claims["tenantId"]) if claims else None
    if known is None or not known["isActive"]:
        return False
    call.user = known
    call.role = _role(call.store, known)
    call.employee = _employee(call.store, known, claims["organizationId"]) if claims else None
    call.permissions = PERMISSIONS[call.role]
    return True


def login(call: Call) -> Reply:
    """A person in several tenants silently enters the first."""
    known = _people(call)
    if not known:
        raise unauthorized()
    return Reply(200, _enter(call, known[0]))


def workspaces(call: Call) -> Reply:
    """The tenants of an e-mail address and password, each with a token to enter it."""
    known = _people(call)
    if not known:
        raise unauthorized()
    return Reply(200, _listed(call, known, teams=call.body().get("includeTeams") is True))


def own_workspaces(call: Call) -> Reply:
    people = [row for row in call.store.everywhere("User") if row["email"] == call.user["email"]]
    return Reply(200, _listed(call, people, teams=False))


def enter_workspace(call: Call) -> Reply:
    body = call.body()
    claims = tokens.read(body.get("token"), call.key, WORKSPACE)
    known = call.store.find("User", claims["id"], claims["tenantId"]) if claims else None
    if known is None or known["email"] != str(body.get("email", "")).lower():
        raise unauthorized()
    return Reply(201, _enter(call, known))


def switch_workspace(call: Call) -> Reply:
    wanted = call.body().get("tenantId")
    for row in call.store.everywhere("User"):
        if row["email"] == call.user["email"] and row["tenantId"] == wanted:
            answer = _enter(call, row)
            tenant = user.shown(call.store, row, {"tenant": {}})["tenant"]
            return Reply(200, {**answer, "user": {**answer["user"], "tenant": tenant}})
    raise Refusal(401, "User does not have access to this workspace", named=False)


def switch_organization(call: Call) -> Reply:
    """A new pair for another organization; no body at all for one that the person is not in."""
    wanted = call.body().get("organizationId")
    if not rules.belongs(call, wanted):
        return Reply(200)
    known = call.store.put("User", {**call.user, "lastOrganizationId": wanted})
    shown = user.shown(call.store, known, {"role": {}})
    shown["role"]["rolePermissions"] = role_permissions.mine(call).body
    employee = _employee(call.store, known, wanted)
    if employee is not None:
        shown["employee"] = Entity.known["Employee"].shown(call.store, employee, {})
    return Reply(200, {"user": shown, **_pair(call, known, wanted)})


def refresh(call: Call) -> Reply:
    """A new pair for a refresh token, which is used up by it."""
    claims = tokens.read(call.body().get("refresh_token"), call.key, REFRESH)
    issued = call.store.find("RefreshToken", claims["tokenId"], "") if claims else None
    known = call.store.find("User", claims["id"], claims["tenantId"]) if claims else None
    if issued is None or known is None or issued["state"] == "revoked":
        raise unauthorized()
    if issued["state"] == "rotated":
        raise Refusal(401, "Token is rotated")
    call.store.put("RefreshToken", {**issued, "state": "rotated"})
    return Reply(200, _pair(call, known, claims["organizationId"] if claims else None))


def logout(call: Call) -> Reply:
    """Ends a refresh token. The access token lives on until its time is over."""
    claims = tokens.read(call.body().get("refresh_token"), call.key, REFRESH)
    issued = call.store.find("RefreshToken", claims["tokenId"], "") if claims else None
    if issued is not None and claims and claims["id"] == call.user_id:
        call.store.put("RefreshToken", {**issued, "state": "revoked"})
    return Reply(200)


def authenticated(call: Call) -> Reply:
    return Reply(200, recognise(call))


def has_role(call: Call) -> Reply:
    return Reply(200, call.role in listed(call.query.get("roles")))


def has_permissions(call: Call) -> Reply:
    return Reply(200, set(listed(call.query.get("permissions"))) <= call.permissions)


def check_tenant(call: Call) -> None:
    """The tenant must be in the request: the header in one of two spellings, else the query or the body.

    Raises a 403 that looks like a missing permission, as Gauzy's guard does.
    """
    named = call.headers.get("Tenant-Id") or call.headers.get("tenant-id")
    if named is None and call.method in ("GET", "DELETE"):
        named = call.query.get("tenantId")
    elif named is None:
        body = call.body()
        named = body.get("tenantId") or (body.get("tenant") or {}).get("id")
    if named != call.tenant_id:
        raise forbidden()


def _people(call: Call) -> list[Row]:
    body = call.body()
    rules.demand(rules.validate(LOGIN, body, creating=True))
    wanted = body["email"].lower()
    found = [row for row in call.store.everywhere("User") if row["email"] == wanted and row["isActive"]]
    if not found:
        tokens.verified(body["password"], None)
    return [row for row in found if tokens.verified(body["password"], row.get("_password"))]


def _enter(call: Call, known: Row) -> Row:
    known = call.store.put("User", {**known, "lastLoginAt": call.now()})
    shown = user.shown(call.store, known, {"role": {}})
    employee = _employee(call.store, known)
    if employee is not None:
        shown["employee"] = Entity.known["Employee"].shown(call.store, employee, {})
    return {"user": shown, **_pair(call, known)}


def _pair(call: Call, known: Row, organization_id: str | None = None) -> Row:
    """Tokens for an organization, the person's usual one unless given."""
    organization_id = organization_id or _organization(call.store, known)
    role, employee = _role(call.store, known), _employee(call.store, known, organization_id)
    origin = {"ipAddress": "127.0.0.1", "userAgent": _header(call, "user-agent") or "unknown-user-agent"}
    owner: Row = {"id": known["id"], "tenantId": known["tenantId"], "organizationId": organization_id}
    access = {
        **owner, "employeeId": employee["id"] if employee else None, "role": role,
        "permissions": sorted(PERMISSIONS[role]), **origin, "userId": known["id"], "tokenType": ACCESS,
        "tokenId": str(uuid.uuid4()),
    }  # fmt: skip
    issued = call.store.put("RefreshToken", {"state": "issued", "ends": time.time() + tokens.SECONDS})
    _forget_old(call.store)
    renewal = {
        **owner, "email": known["email"], "role": role, **origin, "userId": known["id"], "tokenType": REFRESH,
        "tokenId": issued["id"],
    }  # fmt: skip
    return {"token": tokens.sign(access, call.key), "refresh_token": tokens.sign(renewal, call.key)}


def _forget_old(store: Transaction) -> None:
    while (row := store.oldest("RefreshToken", "")) and row["ends"] < time.time():
        store.delete("RefreshToken", row["id"], "")


def _listed(call: Call, people: list[Row], *, teams: bool) -> Row:
    items = [_workspace(call, row, teams=teams) for row in people]
    address = people[0]["email"]
    return {
        "workspaces": items,
        "confirmed_email": address,
        "show_popup": len(items) > 1,
        "total_workspaces": len(items),
    }


def _workspace(call: Call, row: Row, *, teams: bool) -> Row:
    shown = user.shown(call.store, row, {"tenant": {}})
    person = {name: shown[name] for name in ("id", "email", "name", "imageUrl", "lastTeamId", "lastLoginAt")}
    tenant = {name: shown["tenant"][name] for name in ("id", "name", "logo")}
    token = tokens.sign({"id": row["id"], "tenantId": row["tenantId"], "tokenType": WORKSPACE}, call.key)
    entry: Row = {"user": {**person, "tenant": tenant}, "token": token}
    return {**entry, "current_teams": _teams(call.store, row)} if teams else entry


def _teams(store: Transaction, known: Row) -> list[Row]:
    employee, memberships = _employee(store, known), store.rows("OrganizationTeamEmployee", known["tenantId"])
    sizes: dict[str, int] = {}
    for row in memberships:
        sizes[row["organizationTeamId"]] = sizes.get(row["organizationTeamId"], 0) + 1
    mine = {row["organizationTeamId"] for row in memberships if employee and row["employeeId"] == employee["id"]}
    return [
        {
            "team_id": team["id"], "team_name": team["name"], "team_logo": team["logo"],
            "team_member_count": sizes[team["id"]], "profile_link": team["profile_link"], "prefix": team["prefix"],
        }
        for team in store.rows("OrganizationTeam", known["tenantId"])
        if team["id"] in mine
    ]  # fmt: skip


def _role(store: Transaction, known: Row) -> str:
    row = store.find("Role", known["roleId"], known["tenantId"])
    return row["name"] if row else "EMPLOYEE"


def _employee(store: Transaction, known: Row, organization_id: str | None = None) -> Row | None:
    """The employee record of a person, of one organization if it is named."""
    rows = [row for row in store.rows("Employee", known["tenantId"]) if row["userId"] == known["id"]]
    here = [row for row in rows if row["deletedAt"] is None and organization_id in (None, row["organizationId"])]
    return here[0] if here else None


def _organization(store: Transaction, known: Row) -> Any:
    """The organization of the employee record, else the default one."""
    employee = _employee(store, known)
    if employee is not None:
        return employee["organizationId"]
    rows = [row for row in store.rows("UserOrganization", known["tenantId"]) if row["userId"] == known["id"]]
    return rows[0]["organizationId"] if rows else None


def _header(call: Call, name: str) -> str:
    return next((value for key, value in call.headers.items() if key.lower() == name), "")


ROUTES = [
    post("/auth/login", login, access=Access.PUBLIC),
    post("/auth/signin.email.password", workspaces, access=Access.PUBLIC),
    post("/auth/signin.workspace", enter_workspace, access=Access.PUBLIC),
    post("/auth/refresh-token", refresh, access=Access.PUBLIC),
    get("/auth/authenticated", authenticated, access=Access.PUBLIC),
    post("/auth/logout", logout, access=Access.SIGNED_IN),
    get("/auth/role", has_role, access=Access.SIGNED_IN),
    get("/auth/permissions", has_permissions, access=Access.SIGNED_IN),
    get("/auth/workspaces", own_workspaces),
    post("/auth/switch-workspace", switch_workspace),
    post("/auth/switch-organization", switch_organization, "CHANGE_SELECTED_ORGANIZATION"),
]
