"""How Gauzy lists one kind of record. Its routes grew over years, and each style has its own way to filter and page.

:class:`Pages` is what most have. The others exist because a record has no ``/pagination`` or because that one ignores
its filters.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import orjson

from mcp_tools.catalog.context import Gauzy
from mcp_tools.catalog.fields import Field
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import Pairs, flat_pairs, nested, where_pairs
from mcp_tools.catalog.rows import Row, rows_of

MAX_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What one look at a list asks for. ``sort`` is a column, with ``-`` in front for descending."""

    filters: Mapping[str, Field]
    arguments: Mapping[str, Any]
    page: int = 1
    limit: int = MAX_PAGE
    sort: str | None = None
    relations: Sequence[str] = ()

    @property
    def order(self) -> tuple[str, str] | None:
        """Column and direction."""
        if self.sort is None:
            return None
        return self.sort.lstrip("-"), "DESC" if self.sort.startswith("-") else "ASC"


class Style(Protocol):
    """A way to list."""

    @property
    def pages(self) -> bool:
        """Whether Gauzy itself cuts the list into pages; otherwise all of it comes at once."""

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        """The rows and how many there are in all."""


@dataclass(frozen=True, slots=True)
class Pages:
    """``GET …/pagination?where[…]``: ``skip`` is the number of the page, counted from 1.

    There, ``where`` values that look like JSON become that JSON, so numbers go with a plus sign. ``booleans`` are the
    texts for true and false.
    """

    booleans: tuple[str, str] = ("true", "false")
    pages: bool = field(default=True, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        identity = await gauzy.identity()
        query = where_pairs(identity, asked.filters, asked.arguments, booleans=self.booleans, signed=True)
        query += [("take", str(asked.limit)), ("skip", str(asked.page)), *_options(asked)]
        return rows_of(await gauzy.request("GET", path_to(path + "/pagination"), query=query))


@dataclass(frozen=True, slots=True)
class Offsets:
    """``GET …?where[…]``: ``skip`` is a number of rows. Values stay text there, so booleans go as 1 and 0."""

    booleans: tuple[str, str] = ("1", "0")
    pages: bool = field(default=True, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        query = where_pairs(await gauzy.identity(), asked.filters, asked.arguments, booleans=self.booleans)
        query += [("take", str(asked.limit)), ("skip", str((asked.page - 1) * asked.limit)), *_options(asked)]
        return rows_of(await gauzy.request("GET", path_to(path), query=query))


@dataclass(frozen=True, slots=True)
class Whole:
    """``GET …?where[…]`` where everything comes at once."""

    booleans: tuple[str, str] = ("1", "0")
    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        query = where_pairs(await gauzy.identity(), asked.filters, asked.arguments, booleans=self.booleans)
        return rows_of(await gauzy.request("GET", path_to(path), query=[*query, *_options(asked)]))


@dataclass(frozen=True, slots=True)
class FindInput:
    """``GET …?data={"findInput": …, "relations": …}``, an older way, where everything comes at once."""

    pages: bool = field(default=False, init=False)

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        find = nested(await gauzy.identity(), asked.filters, asked.arguments)
        data = {"relations": list(asked.relations), "findInput": find}
        return rows_of(await gauzy.request("GET", path_to(path), query=[("data", orjson.dumps(data).decode())]))


@dataclass(frozen=True, slots=True)
class Flat:
    """``GET …?organizationId=…&name=…``. With ``skips_pages`` Gauzy pages there as on ``/pagination``."""

    skips_pages: bool = False

    @property
    def pages(self) -> bool:
        return self.skips_pages

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        query = flat_pairs(await gauzy.identity(), asked.filters, asked.arguments)
        if self.skips_pages:
            query += [("take", str(asked.limit)), ("skip", str(asked.page))]
        return rows_of(await gauzy.request("GET", path_to(path), query=[*query, *_options(asked)]))


@dataclass(frozen=True, slots=True)
class Retold:
    """The list of another style, whose rows ``tell`` turns into what readers want to know at that instant."""

    style: Style
    tell: Callable[[Row, Asked, datetime.datetime], Row]

    @property
    def pages(self) -> bool:
        return self.style.pages

    async def fetch(self, gauzy: Gauzy, path: str, asked: Asked) -> tuple[list[Row], int]:
        rows, total = await self.style.fetch(gauzy, path, asked)
        now = gauzy.now()
        return [self.tell(row, asked, now) for row in rows], total


def _options(asked: Asked) -> Pairs:
    pairs: Pairs = [("relations[]", relation) for relation in asked.relations]
    if asked.order is not None:
        pairs.append((f"order[{asked.order[0]}]", asked.order[1]))
    return pairs
