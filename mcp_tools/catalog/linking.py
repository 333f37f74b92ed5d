"""Under OAuth the access token fixes the caller's account, and the tools for accounts say so.

With an authorization server of somebody else a person links a Gauzy account once: ``link_account`` takes the place of
``login`` in lists, and ``unlink_account`` ends that sign-in.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final, Protocol, cast

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Catalog, Tool
from oauth_resource.principal import Principal

LOGIN: Final = "login"
LINK: Final = "link_account"

FIXED: Final[Mapping[str, str]] = {
    LOGIN: "After logout, sign this session in again. Email and password also renew my sign-in, for all my clients; "
    "no other account can sign in here.",
    "logout": "Sign this session out of Gauzy. My other sessions and clients continue.",
}
"""Descriptions of tools that do something else for an account that is fixed."""


class Linking(Protocol):
    """Changes which account is linked to a principal. Both need the scope to change something, and raise without it."""

    async def complete(self, principal: Principal, code: str) -> str:
        """Links what waits for a code and returns whose account it is. Raises ToolError."""

    async def unlink(self, principal: Principal) -> bool:
        """Signs the person out of Gauzy in all clients; only the same account can be linked again. False when none was
        linked."""


class OfPrincipal(ToolContext, Protocol):
    @property
    def principal(self) -> Principal: ...


def for_principals(catalog: Catalog, linking: Linking | None) -> Catalog:
    """``catalog`` for callers whose account is fixed; a call to ``login`` by its name still works.

    ``linking`` is None where there is nothing to link: the sign-in is Gauzy's own, or everybody shares one account.
    """
    login = catalog.find(LOGIN)
    if login is None:
        return catalog
    tools = [_fixed(tool) for tool in catalog]
    core = [tool.name for tool in catalog.listed(["core"]) if tool is not login]
    if linking is None:
        return Catalog(tools, core)
    return Catalog([link_account(linking), unlink_account(linking), *tools], [LINK, *core])


def link_account(linking: Linking) -> Tool:
    async def link(context: ToolContext, arguments: dict[str, Any]) -> Any:
        return {"linked": True, "email": await linking.complete(_principal(context), arguments["code"])}

    return Tool(
        LINK,
        "Complete the link of your Gauzy account with the code that the link page shows. A tool that needs the account "
        "says where that page is.",
        "authentication",
        link,
        {"code": {"type": "string", "minLength": 8, "maxLength": 20, "writeOnly": True}},
        required=["code"],
        output={"properties": {"linked": {"type": "boolean"}, "email": {"type": "string"}}},
        effect="changes",
        session_only=True,
        kind="local",
        scope="mcp.read",
        limited="login",
    )


def unlink_account(linking: Linking) -> Tool:
    async def unlink(context: ToolContext, arguments: dict[str, Any]) -> Any:
        return {"unlinked": await linking.unlink(_principal(context))}

    return Tool(
        "unlink_account",
        "Sign me out of Gauzy in all my clients, until my account is linked again. It does not make room for another "
        "account: the link page does, with the password of this one. To sign out only this session, use logout.",
        "authentication",
        unlink,
        output={"properties": {"unlinked": {"type": "boolean"}}},
        effect="changes",
        session_only=True,
        kind="local",
        scope="mcp.read",
    )


def _principal(context: ToolContext) -> Principal:
    return cast(OfPrincipal, context).principal


def _fixed(tool: Tool) -> Tool:
    if tool.name not in FIXED:
        return tool
    other = copy.copy(tool)
    object.__setattr__(other, "description", FIXED[tool.name])
    object.__setattr__(other, "listed", tool.name != LOGIN)
    return other
