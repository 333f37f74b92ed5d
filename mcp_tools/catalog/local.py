"""Filters that Gauzy does not have, which decide about rows here."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp_tools.catalog.fields import Field
from mcp_tools.catalog.rows import Row, follow
from mcp_tools.catalog.texts import folded

Test = Callable[[Row, Any], bool]


@dataclass(frozen=True)
class Local:
    """A filter that Gauzy does not have: ``test`` decides about each row here."""

    field: Field
    test: Test

    def fits(self, row: Row, value: Any, now: datetime.datetime) -> bool:
        return self.test(row, value)


@dataclass(frozen=True)
class Timed:
    """A filter whose ``test`` depends on the instant as well."""

    field: Field
    test: Callable[[Row, Any, datetime.datetime], bool]

    def fits(self, row: Row, value: Any, now: datetime.datetime) -> bool:
        return self.test(row, value, now)


def containing(*places: str, about: str = "") -> Local:
    """A filter for rows with a text, whatever its case, at one of ``places``, paths as in :func:`follow`."""

    def test(row: Row, value: Any) -> bool:
        asked = folded(str(value))
        return any(asked in folded(str(follow(row, place) or "")) for place in places)

    return Local(Field({"type": "string", "minLength": 1, **({"description": about} if about else {})}), test)
