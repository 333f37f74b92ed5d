"""Which era a message belongs to: the handshake's, or the stateless one.

Source: 2026-07-28 page basic/versioning (dual-era servers) and basic/transports/streamable-http.
"""

from __future__ import annotations

from mcp_tools.protocol.errors import INVALID_REQUEST, ProtocolError
from mcp_tools.protocol.messages import Message, Notification, Request, Response
from mcp_tools.protocol.meta import names_a_revision
from mcp_tools.protocol.revisions import HANDSHAKE, STATELESS


def is_stateless(message: Message, version: str | None = None) -> bool:
    """Whether ``message`` belongs to the stateless era. Its body decides, then the header MCP-Protocol-Version.

    ``version`` is the value of that header; None where there is none, as on every duplex channel.
    """
    in_body = not isinstance(message, Response) and names_a_revision(message.params)
    return in_body or (version is not None and version in STATELESS)


def handshake_version(message: Message | None, version: str | None) -> str | None:
    """The header MCP-Protocol-Version of an HTTP request of the handshake era; None where it says nothing.

    ``initialize`` negotiates in its body, so its header counts for nothing. ``message`` is None for a GET, a DELETE
    and a batch. Raises -32600 (HTTP 400) for any other value than a revision of that era (2025-06-18 page
    basic/transports#protocol-version-header).
    """
    if version is None or (isinstance(message, Request | Notification) and message.method == "initialize"):
        return None
    if version not in HANDSHAKE:
        raise ProtocolError(
            INVALID_REQUEST,
            f"{version[:32]!r} is not a supported MCP-Protocol-Version. Use one of: {', '.join(HANDSHAKE)}; or "
            f"{', '.join(STATELESS)} with the protocol version in the request's _meta too.",
            status=400,
        )
    return version
