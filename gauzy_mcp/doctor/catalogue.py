"""The tools that clients are shown, and what they cost a model before it reads a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

BUDGET_TOKENS: Final = 12_000
"""What a list of tools may take of a model's context: a sixteenth of the usual 200,000 tokens."""

_CHECK: Final = "catalogue"


def catalogue(env: Environment) -> Iterator[Finding]:
    from mcp_tools.catalog.offer import gauzy_offer
    from mcp_tools.dispatch.lists import DEFAULT
    from mcp_tools.operations.toolsheet import tokens

    tools = gauzy_offer().tools
    chosen = env.MCP_TOOLSETS or DEFAULT
    try:
        listed, all_listed = tools.listed(list(chosen)), tools.listed(["all"])
    except ValueError as error:
        yield failed(_CHECK, f"MCP_TOOLSETS: {error}", "name toolsets that are known, such as MCP_TOOLSETS=core,tasks")
        return
    cost = sum(map(tokens, listed))
    told = f"tools/list shows {len(listed)} of {len(all_listed)} tools, about {cost:,} tokens ({', '.join(chosen)})"
    if cost > BUDGET_TOKENS:
        fix = "name fewer toolsets in MCP_TOOLSETS: search_tools and call_tool of core reach every tool"
        yield warned(_CHECK, f"{told}, more than {BUDGET_TOKENS:,}", fix)
    else:
        yield passed(_CHECK, told)
