"""The product's own HTTP process with the suite's fixtures for an offer: ``python -m tests.conformance.server``.

Serves ``http://127.0.0.1:${PORT:-3999}/mcp`` and prints its URLs; PORT=0 lets the system choose a free port.
"""

from __future__ import annotations

import os
import sys

from gauzy_mcp import wiring
from tests.conformance.fixtures import offer


def serve(command: str) -> int:
    """Runs ``runmcp`` or ``runstdio`` with the fixtures; answers the exit code."""
    os.environ.setdefault("GAUZY_MCP_ENV_FILE", "none")
    os.environ["MCP_TOOLSETS"] = "all"
    wiring.gauzy_offer = offer
    from gauzy_mcp.entry import main

    return main(command, [])


if __name__ == "__main__":
    os.environ |= {"MCP_TRANSPORT": "http", "MCP_HTTP_PORT": os.environ.get("PORT", "3999")}
    sys.exit(serve("runmcp"))
