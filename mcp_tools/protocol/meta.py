"""The ``_meta`` of a request: the stateless era's envelope and the progress token.

Source: 2026-07-28 pages basic/index#meta and basic/versioning; progress: basic/utilities/progress.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.protocol.errors import INVALID_PARAMS, UNSUPPORTED_VERSION, ProtocolError, invalid_params
from mcp_tools.protocol.levels import read_level
from mcp_tools.protocol.messages import RequestId, is_id
from mcp_tools.protocol.revisions import STATELESS

PROTOCOL_VERSION: Final = "io.modelcontextprotocol/protocolVersion"
CLIENT_INFO: Final = "io.modelcontextprotocol/clientInfo"
CLIENT_CAPABILITIES: Final = "io.modelcontextprotocol/clientCapabilities"
LOG_LEVEL: Final = "io.modelcontextprotocol/logLevel"
SERVER_INFO: Final = "io.modelcontextprotocol/serverInfo"
SUBSCRIPTION_ID: Final = "io.modelcontextprotocol/subscriptionId"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a stateless request says about its sender."""

    revision: str
    client_info: Mapping[str, Any]
    capabilities: Mapping[str, Any]
    log_level: str | None


def meta_of(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request's ``_meta``, empty when absent. Raises -32602 when it is not an object."""
    meta = params.get("_meta")
    if meta is None:
        return {}
    if not isinstance(meta, dict):
        raise invalid_params("_meta must be an object", {"field": "_meta"})
    return meta


def names_a_revision(params: Mapping[str, Any]) -> bool:
    """Whether the request carries the stateless era's mark."""
    meta = params.get("_meta")
    return isinstance(meta, dict) and PROTOCOL_VERSION in meta


def read_envelope(params: Mapping[str, Any]) -> Envelope:
    """The stateless envelope. Raises -32602 for a missing or malformed part; the version is not checked here."""
    meta = meta_of(params)
    revision = meta.get(PROTOCOL_VERSION)
    if not isinstance(revision, str):
        raise _incomplete(PROTOCOL_VERSION, "a string")
    capabilities = meta.get(CLIENT_CAPABILITIES)
    if not isinstance(capabilities, dict):
        raise _incomplete(CLIENT_CAPABILITIES, "an object")
    info = meta.get(CLIENT_INFO)
    level = meta.get(LOG_LEVEL)
    if level is not None:
        read_level(level, LOG_LEVEL)
    return Envelope(
        revision=revision,
        client_info=info if isinstance(info, dict) else {},
        capabilities=capabilities,
        log_level=level,
    )


def _incomplete(field: str, expected: str) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, f'_meta["{field}"] must be {expected}', {"field": field}, status=400)


def check_supported(revision: str) -> None:
    """Raises -32022 with ``{supported, requested}`` for a revision that has no stateless form here."""
    if revision not in STATELESS:
        raise ProtocolError(
            UNSUPPORTED_VERSION,
            f"Unsupported protocol version: {revision}",
            {"supported": list(STATELESS), "requested": revision},
        )


def progress_token(params: Mapping[str, Any]) -> RequestId | None:
    """The token under which the client wants progress. Raises -32602 for one that is no string or integer."""
    token = meta_of(params).get("progressToken")
    if token is not None and not is_id(token):
        raise invalid_params("_meta.progressToken must be a string or an integer", {"field": "progressToken"})
    return token
