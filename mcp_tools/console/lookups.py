"""Which tool lists the records that an id names, so that people choose them by name.

It follows from the names of arguments and tools: ``projectId`` is one of ``get_projects``, and the ``id`` of
``update_project`` too. ``MEANT`` has the words that do not say what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mcp_tools.catalog.tool import PORTABLE_FORMATS, Catalog, Tool

MEANT: Final[Mapping[str, str]] = {
    "client": "organization_contact",
    "contact": "organization_contact",
    "manager": "employee",
    "member": "employee",
    "plan": "daily_plan",
    "policy": "time_off_policy",
}
"""By the last word of an argument's name."""

NARROWER: Final[Mapping[tuple[str, str], str]] = {
    ("expenses", "category"): "expense_category",
    ("key_results", "owner"): "employee",
    ("products", "category"): "product_category",
    ("product_categories", "category"): "product_category",
    ("tasks", "parent"): "task",
}
"""What a word means among the tools of one toolset."""

SEARCHES: Final = ("search", "name", "title")
"""Arguments of a list that find records by their name."""

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LIST: Final = re.compile(r"(?:get|list)_(\w+)")


def lookups(catalog: Catalog) -> dict[str, dict[str, str]]:
    """By tool and argument, the name of the tool that lists what the argument names."""
    lists = nouns(catalog)
    found = {tool.name: dict(_of(tool, lists)) for tool in catalog}
    return {name: arguments for name, arguments in found.items() if arguments}


def formats(catalog: Catalog) -> dict[str, dict[str, str]]:
    """By tool and argument, the format that the server checks and lists of tools do not show."""
    found = {tool.name: dict(_formats(tool.typed_schema)) for tool in catalog}
    return {name: arguments for name, arguments in found.items() if arguments}


def _formats(schema: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, str]]:
    if schema.get("format") not in (None, *PORTABLE_FORMATS):
        yield name, schema["format"]
    for child, inner in schema.get("properties", {}).items():
        yield from _formats(inner, child)
    if isinstance(schema.get("items"), dict):
        yield from _formats(schema["items"], name)


def searched_by(tool: Tool) -> str:
    """The argument that finds a record by its name, empty where the list has none."""
    properties = tool.input_schema["properties"]
    return next((name for name in SEARCHES if name in properties), "")


def nouns(catalog: Catalog) -> dict[str, str]:
    """The tools that list all records of a kind, by the kind in the singular."""
    lists = {}
    for tool in catalog:
        match = _LIST.fullmatch(tool.name)
        whole = tool.effect == "reads" and tool.listed and not tool.required
        if match and whole and "items" in (tool.output_schema or {}).get("properties", {}):
            lists[_singular(match[1])] = tool.name
    return lists


def _of(tool: Tool, lists: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for argument in set(ids(tool.typed_schema)):
        noun = _named(tool.name, lists) if argument in ("id", "ids") else _meant(tool.toolset, argument, lists)
        if noun:
            yield argument, lists[noun]


def ids(schema: Mapping[str, Any], name: str = "") -> Iterator[str]:
    """The names of all arguments that are ids, at any depth."""
    if schema.get("format") == "uuid":
        yield name
    for child, inner in schema.get("properties", {}).items():
        yield from ids(inner, child)
    if isinstance(schema.get("items"), dict):
        yield from ids(schema["items"], name)


def _named(tool: str, lists: Mapping[str, str]) -> str | None:
    """The longest kind that a tool's name speaks of: ``delete_key_result`` is about key results."""
    return max(
        (noun for noun in lists if f"_{noun}_" in f"_{tool}_" or f"_{noun}s_" in f"_{tool}_"), key=len, default=None
    )


def _meant(toolset: str, argument: str, lists: Mapping[str, str]) -> str | None:
    words = _CAMEL.sub("_", re.sub(r"Ids?$", "", argument)).lower()
    last = words.rpartition("_")[2]
    if special := NARROWER.get((toolset, last)):
        return special
    ends = [noun for noun in lists if f"_{words}".endswith(f"_{noun}")]
    return max(ends, key=len) if ends else MEANT.get(last)


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun.removesuffix("s")
