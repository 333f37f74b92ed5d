"""Text as people mean it: the same letters are the same text, however they were typed (Unicode NFC, UAX #15).

What a caller says is stored and sent as NFC; both sides of a comparison are folded. Never altered: write-only values,
ids, URIs, tokens, cursors, and what Gauzy answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from mcp_tools.catalog.write_only import WRITE_ONLY

_AS_WRITTEN: Final = frozenset({"uuid", "uri"})
"""Formats of texts that name something, byte by byte."""


def composed(text: str) -> str:
    """``text`` in NFC, which is what most text is already."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """``text`` for a comparison that minds neither case nor how letters are composed."""
    return text.lower() if text.isascii() else composed(composed(text).casefold())


def composed_by(schema: Mapping[str, Any], value: Any) -> Any:
    """``value`` with the texts that ``schema`` declares in NFC; what it does not declare stays as it is."""
    if schema.get(WRITE_ONLY) is True:
        return value
    if isinstance(value, str):
        return composed(value) if schema.get("type") == "string" and schema.get("format") not in _AS_WRITTEN else value
    if isinstance(value, dict):
        parts = schema.get("properties", {})
        return {name: composed_by(parts[name], item) if name in parts else item for name, item in value.items()}
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        return [composed_by(schema["items"], item) for item in value]
    return value
