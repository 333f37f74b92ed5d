"""Under OAuth, accounts are linked to principals: ``link_account`` takes the place of ``login`` in lists."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol, cast

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import CHANGES, Catalog, Tool
from oauth_resource.principal import Principal

LOGIN: Final = "login"
LINK: Final = "link_account"

Complete = Callable[[Principal, str], Awaitable[str]]
"""Links what waits for a code to a principal, and answers whose account it is. Raises ToolError."""


class OfPrincipal(ToolContext, Protocol):
    @property
    def principal(self) -> Principal: ...


def for_principals(catalog: Catalog, complete: Complete | None) -> Catalog:
    """``catalog`` with ``link_account`` where ``login`` was listed; a call to login by its name still works.

    ``complete`` of None is for callers who share one account, and have nothing to link.
    """
    login = catalog.find(LOGIN)
    if login is None:
        return catalog
    tools = [_unlisted(tool) if tool is login else tool for tool in catalog]
    core = [tool.name for tool in catalog.listed(["core"]) if tool is not login]
    if complete is None:
        return Catalog(tools, core)
    return Catalog([link_account(complete), *tools], [LINK, *core])


def link_account(complete: Complete) -> Tool:
    async def link(context: ToolContext, arguments: dict[str, Any]) -> Any:
        return {"linked": True, "email": await complete(cast(OfPrincipal, context).principal, arguments["code"])}

    return Tool(
        LINK,
        "Complete the link of your Gauzy account with the code that the link page shows. A tool that needs the account "
        "says where that page is.",
        "authentication",
        link,
        {"code": {"type": "string", "minLength": 8, "maxLength": 20, "writeOnly": True}},
        required=["code"],
        output={"properties": {"linked": {"type": "boolean"}, "email": {"type": "string"}}},
        hints=CHANGES,
        kind="local",
        scope="mcp.read",
        limited="login",
    )


def _unlisted(tool: Tool) -> Tool:
    other = copy.copy(tool)
    object.__setattr__(other, "listed", False)
    return other
