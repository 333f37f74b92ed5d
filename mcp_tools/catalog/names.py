"""From what people type to the records they mean: completions of prompts and addresses, and names in prompts."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.prompts import Complete, Suggestions
from mcp_tools.catalog.requests import Pairs, owner
from mcp_tools.catalog.rows import rows_of
from mcp_tools.catalog.texts import folded
from mcp_tools.catalog.tool import ToolError

MAX_PAGE: Final = 100
MOST_PAGES: Final = 5
"""Pages that are read for what somebody types, all but the first of them side by side."""

Row = Mapping[str, Any]


async def first_pages(read: Callable[[int], Awaitable[tuple[list[dict[str, Any]], int]]]) -> tuple[list[Row], bool]:
    """The rows of the first pages, and whether these are all; ``read`` answers a page and how many rows there are."""
    first, total = await read(1)
    pages = range(2, min(math.ceil(total / MAX_PAGE), MOST_PAGES) + 1)
    later = await asyncio.gather(*map(read, pages))
    rows: list[Row] = [*first, *(row for more, _ in later for row in more)]
    return rows, len(rows) >= total


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of record that people know by a name. ``filter`` is the column of ``where`` that takes a part of it."""

    word: str
    path: str
    filter: str
    name: Callable[[Row], str]
    relations: Sequence[str] = ()

    async def search(self, gauzy: Gauzy, typed: str) -> tuple[list[Row], bool]:
        """The records whose name holds ``typed``, the best first, and whether these are all of them."""
        query: Pairs = [(f"where[{name}]", value) for name, value in owner(await gauzy.identity()).items()]
        if typed:
            query.append((f"where[{self.filter}]", typed))
        query += [("take", str(MAX_PAGE))]
        query += [("relations[]", relation) for relation in self.relations]
        path = path_to(self.path + "/pagination")

        async def read(number: int) -> tuple[list[dict[str, Any]], int]:
            return rows_of(await gauzy.request("GET", path, query=[*query, ("skip", str(number))]))

        rows, whole = await first_pages(read)
        return self.best_first(rows, typed), whole

    def best_first(self, rows: Sequence[Row], typed: str) -> list[Row]:
        """Those whose name begins with ``typed``, then the others, by their names."""
        asked = folded(typed)
        names = {id(row): folded(self.name(row)) for row in rows}
        return sorted(rows, key=lambda row: (not names[id(row)].startswith(asked), names[id(row)]))

    async def find(self, gauzy: Gauzy, typed: str) -> Row:
        """The one record of that name or id. Raises ToolError that names the candidates of an unclear one."""
        rows, _ = await self.search(gauzy, "" if _is_id(typed) else typed)
        exact = [row for row in rows if folded(typed) in (folded(self.name(row)), str(row["id"]))]
        found = exact or rows
        if not found:
            raise ToolError(f"There is no {self.word} {typed!r}.")
        if len(found) > 1 and len(exact) != 1:
            names = ", ".join(f"{self.name(row)} ({row['id']})" for row in found[:5])
            raise ToolError(f"{typed!r} could be several: {names}. Say which.")
        return found[0]

    def names(self) -> Complete:
        """Completes a prompt's argument by names."""

        async def complete(context: ToolContext, typed: str, filled_in: Mapping[str, str]) -> Suggestions:
            rows, whole = await self.search(context.gauzy, typed)
            return Suggestions([self.name(row) for row in rows], whole)

        return complete

    def ids(self) -> Complete:
        """Completes the id of an address: by the beginning of an id, or by a part of the name."""

        async def complete(context: ToolContext, typed: str, filled_in: Mapping[str, str]) -> Suggestions:
            rows, whole = await self.search(context.gauzy, "" if _is_id(typed) else typed)
            ids = [str(row["id"]) for row in rows]
            return Suggestions(
                [one for one in ids if one.startswith(typed.lower())] if _is_id(typed) else ids, whole
            )  # fmt: skip

        return complete


def _is_id(typed: str) -> bool:
    """Whether ``typed`` is the beginning of a UUID rather than of a name."""
    return "-" in typed and all(character in "0123456789abcdef-" for character in typed.lower())


def one_of(*values: str) -> Complete:
    """Completes by a fixed choice."""

    async def complete(context: ToolContext, typed: str, filled_in: Mapping[str, str]) -> Suggestions:
        return Suggestions([value for value in values if folded(typed) in value])

    return complete


def _person(row: Row) -> str:
    user = row.get("user") or {}
    return str(row.get("fullName") or user.get("name") or user.get("email") or row["id"])


PROJECTS: Final = Named("project", "/organization-projects", "name", lambda row: str(row["name"]))
TASKS: Final = Named("task", "/tasks", "title", lambda row: str(row["title"]))
CONTACTS: Final = Named("contact", "/organization-contact", "name", lambda row: str(row["name"]))


class People(Named):
    """Employees: their list is closed to simple employees, who get the names of their colleagues another way."""

    async def search(self, gauzy: Gauzy, typed: str) -> tuple[list[Row], bool]:
        query = list(owner(await gauzy.identity()).items())
        rows = (await gauzy.request("GET", path_to("/employee/members"), query=query))["items"]
        return self.best_first([row for row in rows if folded(typed) in folded(self.name(row))], typed), True


EMPLOYEES: Final = People("employee", "/employee/members", "", _person)
