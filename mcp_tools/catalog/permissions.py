"""What the caller's role allows, where Gauzy would do something else instead of refusing."""

from __future__ import annotations

from typing import Final

from mcp_tools.catalog.context import Gauzy
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner

SELECT_OTHERS: Final = "CHANGE_SELECTED_EMPLOYEE"


async def may_act_for_others(gauzy: Gauzy) -> bool:
    """``GET /auth/permissions``: whether the caller may do things as other employees."""
    query = [*owner(await gauzy.identity()).items(), ("permissions[]", SELECT_OTHERS)]
    return await gauzy.request("GET", path_to("/auth/permissions"), query=query) is True
