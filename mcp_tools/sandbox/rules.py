"""Columns and the rules of Gauzy's DTOs, with the messages its validator gives."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.sandbox.http import Refusal

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
Check = Callable[[str, Any], list[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """``default`` is what a new record has; ``checks`` run on a value that is sent; ``needed`` on create, ``kept`` on update too."""

    default: Any = None
    checks: tuple[Check, ...] = ()
    needed: bool = False
    kept: bool = False


def is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def string(name: str, value: Any) -> list[str]:
    return [] if isinstance(value, str) else [f"{name} must be a string"]


def number(name: str, value: Any) -> list[str]:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return [] if good else [f"{name} must be a number conforming to the specified constraints"]


def uuid_(name: str, value: Any) -> list[str]:
    return [] if is_uuid(value) else [f"{name} must be a UUID"]


def email(name: str, value: Any) -> list[str]:
    return [] if isinstance(value, str) and _EMAIL.fullmatch(value) else [f"{name} must be an email"]


def not_empty(name: str, value: Any) -> list[str]:
    return [f"{name} should not be empty"] if value in ("", None) else []


def one_of(*values: str) -> Check:
    def check(name: str, value: Any) -> list[str]:
        return [] if value in values else [f"{name} must be one of the following values: {', '.join(values)}"]

    return check


def validate(columns: Mapping[str, Column], body: Mapping[str, Any], *, creating: bool) -> list[str]:
    """Gauzy's messages about ``body``, in the order of the columns. None clears a column and is not checked."""
    found: list[str] = []
    for name, column in columns.items():
        value = body.get(name)
        demanded = column.needed and (creating or column.kept)
        if name not in body and not demanded:
            continue
        if value is None and not demanded:
            continue
        for check in column.checks:
            found += check(name, value)
    return found


def demand(messages: list[str]) -> None:
    if messages:
        raise Refusal(400, messages)


def organization(body: Mapping[str, Any]) -> list[str]:
    """Every write names its organization."""
    if is_uuid(body.get("organizationId")):
        return []
    return ["organization must be an object", "organizationId must be a UUID"]


def path_id(value: str) -> str:
    if not is_uuid(value):
        raise Refusal(406, "Validation failed (valid uuid is expected)", named=False)
    return value
