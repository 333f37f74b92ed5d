"""Everything a server offers its clients: the registration that a server is made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from mcp_tools.catalog.addresses import gauzy_resources
from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.prompts import Prompts
from mcp_tools.catalog.resources import Resources
from mcp_tools.catalog.tool import Catalog
from mcp_tools.catalog.workflows import gauzy_prompts


@dataclass(frozen=True, slots=True)
class Offer:
    """``is_gauzy`` says that the tools work on Gauzy, so that the embedded one is worth a note."""

    tools: Catalog
    prompts: Prompts = field(default_factory=Prompts)
    resources: Resources = field(default_factory=Resources)
    is_gauzy: bool = False


def gauzy_offer() -> Offer:
    """What this product offers."""
    return Offer(catalog(), gauzy_prompts(), gauzy_resources(), is_gauzy=True)
