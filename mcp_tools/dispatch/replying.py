"""The size and shape of a tool's answer: JSON always, a table or CSV as text when asked for, and never too much."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.catalog.tool import Answer
from mcp_tools.protocol import messages

BYTES_PER_TOKEN: Final = 4
_LONGEST_TEXT: Final = 2000
_LONGEST_CELL: Final = 80


class Replies:
    """``max_tokens`` bounds structured content and text together (MCP_MAX_REPLY_TOKENS)."""

    def __init__(self, max_tokens: int) -> None:
        self._most = max_tokens * BYTES_PER_TOKEN

    def shape(self, answer: Any, form: str = "json") -> dict[str, Any]:
        """A CallToolResult: the structured answer, and the same as text for clients without structured content.

        A tool that answers :class:`Answer` chooses its content itself.
        """
        if not isinstance(answer, Answer):
            answer = Answer(answer)
        if answer.structured is None:
            return {"content": list(answer.blocks)}
        structured = answer.structured
        text = answer.text if answer.text is not None else _text(structured, form)
        if len(text) + len(messages.encode(structured)) > self._most:
            structured = self._cut(structured, form)
            text = _text(structured, form)
        return {"content": [{"type": "text", "text": text}, *answer.blocks], "structuredContent": structured}

    def _cut(self, structured: Mapping[str, Any], form: str) -> dict[str, Any]:
        """As many items as fit, with the next step in words; a single record loses the ends of its long texts."""
        items = structured.get("items")
        if not isinstance(items, list):
            return {**_shortened(structured), "truncated": "Long texts are cut; name the fields you need."}
        kept = list(items)
        while kept:
            kept = kept[: len(kept) // 2] if len(kept) > 1 else []
            cut = {**structured, "items": kept, "truncated": _next_step(len(kept), structured)}
            if len(_text(cut, form)) + len(messages.encode(cut)) <= self._most:
                break
        return self._filled(cut, items, form)

    def _filled(self, cut: dict[str, Any], items: Sequence[Any], form: str) -> dict[str, Any]:
        """``cut`` with further items for as long as they fit."""
        while len(cut["items"]) < len(items):
            more = {**cut, "items": items[: len(cut["items"]) + 1]}
            more["truncated"] = _next_step(len(more["items"]), cut)
            if len(_text(more, form)) + len(messages.encode(more)) > self._most:
                return cut
            cut = more
        return cut


def _next_step(shown: int, structured: Mapping[str, Any]) -> str:
    total = structured.get("total", "more")
    if shown == 0:
        return f"The first of {total} is too large to show: name the fields you need."
    return f"Only {shown} of {total} fit: name the fields you need, or ask with limit {shown} and go on page by page."


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[:_LONGEST_TEXT]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_shortened(item) for item in value[:100]]
    if isinstance(value, dict):
        return {name: _shortened(item) for name, item in value.items()}
    return value


def _text(structured: Any, form: str) -> str:
    items = structured.get("items") if isinstance(structured, dict) else None
    if form == "json" or not isinstance(items, list):
        return messages.encode(structured).decode()
    names = list(dict.fromkeys(name for row in items if isinstance(row, dict) for name in row))
    rows = [[_cell(row.get(name)) for name in names] for row in items if isinstance(row, dict)]
    body = _csv(names, rows) if form == "csv" else _table(names, rows)
    rest = {name: value for name, value in structured.items() if name != "items"}
    return f"{body}\n{messages.encode(rest).decode()}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else messages.encode(value).decode()


def _csv(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """RFC 4180, with a quote in front of what a spreadsheet would run as a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([[f"'{cell}" if cell[:1] in "=+@" and cell else cell for cell in row] for row in rows])
    return written.getvalue().rstrip()


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; long cells are cut."""
    lines = [names, ["---"] * len(names), *([_flat(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _flat(cell: str) -> str:
    flat = " ".join(cell.split()).replace("|", "\\|")
    return flat if len(flat) <= _LONGEST_CELL else f"{flat[:_LONGEST_CELL]}…"
