"""The ``requestState`` of an unfinished stateless request: what was answered so far, kept by the client, signed by us.

Source: 2026-07-28 page basic/patterns/mrtr: the state comes back from an untrusted hand, so it is authenticated and
bound to the caller, the method, the arguments and a time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from mcp_tools.protocol.errors import invalid_params

LIFE_SECONDS: Final = 600
_MAC_BYTES: Final = 32
_OWN: Final = ("inputResponses", "requestState", "_meta")


class RequestStates:
    """Makes and opens states with one key, so that any process of a deployment opens any other's."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._clock = clock

    def seal(self, binding: str, answers: Mapping[str, Any]) -> str:
        """A state that carries ``answers`` for :data:`LIFE_SECONDS`."""
        body = orjson.dumps([int(self._clock()) + LIFE_SECONDS, binding, answers])
        return base64.urlsafe_b64encode(self._mac(body) + body).decode()

    def open(self, binding: str, state: object) -> dict[str, Any]:
        """The answers in ``state``. Raises -32602 for one that is forged, too old or of another request."""
        try:
            raw = base64.b64decode(state, altchars=b"-_", validate=True) if isinstance(state, str) else b""
        except ValueError:
            raw = b""
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not body or not hmac.compare_digest(mac, self._mac(body)):
            raise _refused("it is not one of this server's")
        ends, bound_to, answers = orjson.loads(body)
        if bound_to != binding:
            raise _refused("it belongs to another request or caller")
        if ends < self._clock():
            raise _refused("it is too old; begin again without it")
        return dict(answers)

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)


def binding(principal: str, method: str, params: Mapping[str, Any]) -> str:
    """What a state is bound to: the caller, the method and its parameters without the answers themselves."""
    asked = {name: value for name, value in params.items() if name not in _OWN}
    digest = hashlib.sha256(orjson.dumps([principal, method, asked], option=orjson.OPT_SORT_KEYS))
    return base64.b64encode(digest.digest()).decode()


def _refused(reason: str) -> Exception:
    return invalid_params(f"Invalid requestState: {reason}", {"field": "requestState"})
