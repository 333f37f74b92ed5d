"""From what people type to the records they mean: completions of prompts and addresses, and names in prompts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.prompts import Complete
from mcp_tools.catalog.requests import Pairs, owner
from mcp_tools.catalog.tool import ToolError

MAX_SUGGESTED: Final = 100

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of record that people know by a name. ``filter`` is the column of ``where`` that takes a part of it."""

    word: str
    path: str
    filter: str
    name: Callable[[Row], str]
    relations: Sequence[str] = ()

    async def search(self, gauzy: Gauzy, typed: str) -> list[Row]:
        """The records whose name holds ``typed``, the best first."""
        query: Pairs = [(f"where[{name}]", value) for name, value in owner(await gauzy.identity()).items()]
        if typed:
            query.append((f"where[{self.filter}]", typed))
        query += [("take", str(MAX_SUGGESTED)), ("skip", "1")]
        query += [("relations[]", relation) for relation in self.relations]
        rows: list[Row] = (await gauzy.request("GET", path_to(self.path + "/pagination"), query=query))["items"]
        lowered = typed.lower()
        return sorted(rows, key=lambda row: (not self.name(row).lower().startswith(lowered), self.name(row).lower()))

    async def find(self, gauzy: Gauzy, typed: str) -> Row:
        """The one record of that name or id. Raises ToolError that names the candidates of an unclear one."""
        rows = await self.search(gauzy, "" if _is_id(typed) else typed)
        exact = [row for row in rows if typed.lower() in (self.name(row).lower(), str(row["id"]))]
        found = exact or rows
        if not found:
            raise ToolError(f"There is no {self.word} {typed!r}.")
        if len(found) > 1 and len(exact) != 1:
            names = ", ".join(f"{self.name(row)} ({row['id']})" for row in found[:5])
            raise ToolError(f"{typed!r} could be several: {names}. Say which.")
        return found[0]

    def names(self) -> Complete:
        """Completes a prompt's argument by names."""

        async def complete(context: ToolContext, typed: str, filled_in: Mapping[str, str]) -> list[str]:
            return [self.name(row) for row in await self.search(context.gauzy, typed)]

        return complete

    def ids(self) -> Complete:
        """Completes the id of an address: by the beginning of an id, or by a part of the name."""

        async def complete(context: ToolContext, typed: str, filled_in: Mapping[str, str]) -> list[str]:
            rows = await self.search(context.gauzy, "" if _is_id(typed) else typed)
            ids = [str(row["id"]) for row in rows]
            return [one for one in ids if one.startswith(typed.lower())] if _is_id(typed) else ids

        return complete


def _is_id(typed: str) -> bool:
    """Whether ``typed`` is the beginning of a UUID rather than of a name."""
    return "-" in typed and all(character in "0123456789abcdef-" for character in typed.lower())


def one_of(*values: str) -> Complete:
    """Completes by a fixed choice."""

    async def complete(context: ToolContext, typed: str, filled_in: Mapping[str, str]) -> list[str]:
        return [value for value in values if typed.lower() in value]

    return complete


def _person(row: Row) -> str:
    user = row.get("user") or {}
    return str(row.get("fullName") or user.get("name") or user.get("email") or row["id"])


PROJECTS: Final = Named("project", "/organization-projects", "name", lambda row: str(row["name"]))
TASKS: Final = Named("task", "/tasks", "title", lambda row: str(row["title"]))
CONTACTS: Final = Named("contact", "/organization-contact", "name", lambda row: str(row["name"]))


class People(Named):
    """Employees: their list is closed to simple employees, who get the names of their colleagues another way."""

    async def search(self, gauzy: Gauzy, typed: str) -> list[Row]:
        query = list(owner(await gauzy.identity()).items())
        rows = (await gauzy.request("GET", path_to("/employee/members"), query=query))["items"]
        lowered = typed.lower()
        found = [row for row in rows if lowered in self.name(row).lower()]
        return sorted(found, key=lambda row: (not self.name(row).lower().startswith(lowered), self.name(row).lower()))


EMPLOYEES: Final = People("employee", "/employee/members", "", _person)
