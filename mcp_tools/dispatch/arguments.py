"""Arguments of a call against the tool's schema (JSON Schema 2020-12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_tools.catalog.tool import Tool

MAX_PROBLEMS = 8


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
        problems = [
            _problem(error) for error, _ in zip(validator.iter_errors(arguments), range(MAX_PROBLEMS), strict=False)
        ]
        raise InvalidArguments(problems)


def _compile(schema: Mapping[str, Any]) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True, retriever=_refuse_remote)


def _refuse_remote(uri: str) -> Any:
    raise ValueError(f"remote schema references are not followed: {uri}")


def _problem(error: Any) -> str:
    path = ".".join(str(step) for step in error.instance_path)
    return f"{path or 'arguments'}: {error.message}"
