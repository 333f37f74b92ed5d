"""What goes wrong while a prompt, resource or completion is made, as a JSON-RPC error.

A tool's failures are answered inside its result instead (:mod:`mcp_tools.dispatch.tool_calls`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from mcp_tools.catalog.tool import ToolError
from mcp_tools.gauzy.errors import GauzyError, GauzyRejected
from mcp_tools.protocol.errors import INTERNAL_ERROR, ProtocolError, invalid_params


@contextlib.contextmanager
def as_errors() -> Iterator[None]:
    """Turns what the caller can mend into -32602 and what Gauzy cannot do now into -32603, both with the reason."""
    try:
        yield
    except (ToolError, GauzyRejected) as error:
        raise invalid_params(str(error)) from error
    except GauzyError as error:
        raise ProtocolError(INTERNAL_ERROR, error.message) from error
