"""Arguments of a call against the tool's schema (JSON Schema 2020-12)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from mcp_tools.catalog import write_only
from mcp_tools.catalog.tool import Tool

MAX_PROBLEMS: Final = 8
MAX_EXPLAINED: Final = 64 * 1024
"""Bytes of arguments, as JSON, of which every problem is looked for; of larger ones the first is told.

Looking for all takes as long as there are problems, and holds up everybody: 200,000 wrong items took nine seconds.
"""
MAX_MESSAGE: Final = 300
"""Characters of one problem: a message may repeat what was sent."""
HIDDEN: Final = "what was sent"
"""Stands in messages for a value that is never shown."""


class InvalidArguments(Exception):
    """The arguments do not fit; ``problems`` name field and expectation, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Validators:
    """One compiled validator per tool, made at its first call."""

    def __init__(self) -> None:
        self._compiled: dict[Tool, Any] = {}

    def check(self, tool: Tool, arguments: Mapping[str, Any]) -> None:
        """Raises :class:`InvalidArguments` with every problem, at most :data:`MAX_PROBLEMS`."""
        validator = self._compiled.get(tool)
        if validator is None:
            validator = self._compiled[tool] = _compile(tool.argument_schema)
        if validator.is_valid(arguments):
            return
        found: Iterable[Any] = itertools.islice(_errors(validator, arguments), MAX_PROBLEMS)
        if tool.forwards or write_only.holds(tool.argument_schema):
            # The same problems in the same order, with messages that do not repeat what was sent.
            discreet = _errors(_compile(tool.argument_schema, mask=HIDDEN), arguments)
            found = (_told(tool, error, silent) for error, silent in zip(found, discreet, strict=False))
        raise InvalidArguments([_problem(error) for error in found])


def _errors(validator: Any, arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Every error, or the first one of arguments that are large."""
    import jsonschema_rs

    if len(orjson.dumps(arguments, default=str)) <= MAX_EXPLAINED:
        yield from validator.iter_errors(arguments)
        return
    try:
        validator.validate(arguments)
    except jsonschema_rs.ValidationError as error:
        yield error


def _told(tool: Tool, error: Any, silent: Any) -> Any:
    """The error that may be shown. What a tool that forwards was sent may hold anything of the tool behind it."""
    return silent if tool.forwards or write_only.holds_at(tool.argument_schema, error.instance_path) else error


def _compile(schema: Mapping[str, Any], mask: str | None = None) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True, retriever=_refuse_remote, mask=mask)


def _refuse_remote(uri: str) -> Any:
    raise ValueError(f"remote schema references are not followed: {uri}")


def _problem(error: Any) -> str:
    path = ".".join(str(step) for step in error.instance_path)
    message = error.message if len(error.message) <= MAX_MESSAGE else f"{error.message[:MAX_MESSAGE]}…"
    return f"{path or 'arguments'}: {message}"
