"""What the official conformance suite expects a server to offer, declared as every other offer is.

Names, arguments and answers are those of ``@modelcontextprotocol/conformance``; a few more tools are for our own tests.
"""

from __future__ import annotations

from mcp_tools.catalog.offer import Offer
from mcp_tools.catalog.prompts import Prompts
from mcp_tools.catalog.resources import Resources
from mcp_tools.catalog.tool import Catalog
from tests.conformance import asking, contents, prompts, resources, running, tasks
from tests.conformance.lifelong import Holds
from tests.conformance.triggers import triggers


def offer() -> Offer:
    """A fresh offer: its lists change while a server runs."""
    registered = Prompts(prompts.PROMPTS)
    tools = Catalog([*contents.TOOLS, *running.TOOLS, *asking.TOOLS, *tasks.TOOLS, *Holds().tools()])
    for tool in triggers(tools, registered):
        tools.add(tool)
    return Offer(tools, registered, Resources(resources.RESOURCES, resources.TEMPLATES))
