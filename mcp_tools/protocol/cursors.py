"""Opaque, signed cursors for the listing operations (page server/utilities/pagination of every revision)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

from mcp_tools.protocol.errors import invalid_params

Item = TypeVar("Item")

_MAC_BYTES = 12


class Cursors:
    """Makes and reads cursors with one key, so that any process of a deployment reads any other's."""

    def __init__(self, key: bytes, page_size: int = 500) -> None:
        self._key = key
        self.page_size = page_size

    def page(self, kind: str, items: Sequence[Item], cursor: object) -> tuple[Sequence[Item], str | None]:
        """The page of ``items`` that ``cursor`` points at (None: the first) and the cursor of the next one.

        ``kind`` names the list, so that a cursor of one list is refused by another. Raises -32602.
        """
        start = 0 if cursor is None else self._read(kind, cursor)
        end = start + self.page_size
        return items[start:end], self._write(kind, end) if end < len(items) else None

    def _write(self, kind: str, offset: int) -> str:
        body = str(offset).encode()
        return base64.urlsafe_b64encode(self._mac(kind, body) + body).decode().rstrip("=")

    def _read(self, kind: str, cursor: object) -> int:
        try:
            raw = (
                base64.urlsafe_b64decode(str(cursor) + "=" * (-len(str(cursor)) % 4))
                if isinstance(cursor, str)
                else b""
            )
        except ValueError:
            raw = b""
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not body or not hmac.compare_digest(mac, self._mac(kind, body)):
            raise invalid_params(
                "Invalid cursor: pass the nextCursor of the previous page unchanged", {"field": "cursor"}
            )
        return int(body)

    def _mac(self, kind: str, body: bytes) -> bytes:
        return hmac.digest(self._key, kind.encode() + b"\x00" + body, hashlib.sha256)[:_MAC_BYTES]
