"""Columns and the rules of Gauzy's DTOs, with the messages its validator gives."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.sandbox.http import Call, Refusal

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:?\d{2})?)?")
Check = Callable[[str, Any], list[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """``default`` is a new record's; ``checks`` run on what is sent; ``needed`` on create, ``kept`` on update."""

    default: Any = None
    checks: tuple[Check, ...] = ()
    needed: bool = False
    kept: bool = False


def names(text: str) -> tuple[str, ...]:
    """``"id name"`` as ``("id", "name")``."""
    return tuple(text.split())


def plain(text: str, default: Any = None) -> dict[str, Column]:
    """Columns without rules, named in one string with spaces between."""
    return {name: Column(default) for name in names(text)}


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


def boolean(name: str, value: Any) -> list[str]:
    return [] if isinstance(value, bool) else [f"{name} must be a boolean value"]


def array(name: str, value: Any) -> list[str]:
    return [] if isinstance(value, list) else [f"{name} must be an array"]


def uuid_(name: str, value: Any) -> list[str]:
    return [] if is_uuid(value) else [f"{name} must be a UUID"]


def email(name: str, value: Any) -> list[str]:
    return [] if isinstance(value, str) and _EMAIL.fullmatch(value) else [f"{name} must be an email"]


def date_string(name: str, value: Any) -> list[str]:
    return [] if isinstance(value, str) and _DATE.fullmatch(value) else [f"{name} must be a valid ISO 8601 date string"]


def date(name: str, value: Any) -> list[str]:
    return [] if isinstance(value, str) and _DATE.fullmatch(value) else [f"{name} must be a Date instance"]


def not_empty(name: str, value: Any) -> list[str]:
    return [f"{name} should not be empty"] if value in ("", None) else []


def one_of(*values: str) -> Check:
    def check(name: str, value: Any) -> list[str]:
        return [] if value in values else [f"{name} must be one of the following values: {', '.join(values)}"]

    return check


def owner(name: str) -> Check:
    """A relation that may be sent as an object or by its id, whose column is checked here."""

    def check(_: str, value: Any) -> list[str]:
        return [] if is_uuid(value) else [f"{name} must be an object", f"{name}Id must be a UUID"]

    return check


def validate(columns: Mapping[str, Column], body: Mapping[str, Any], *, creating: bool) -> list[str]:
    """Gauzy's messages about ``body``, in the order of the columns. None clears a column and is not checked."""
    found: list[str] = []
    for name, column in columns.items():
        value = body.get(name)
        demanded = column.needed and (creating or column.kept)
        if value is None and not demanded:
            continue
        for check in column.checks:
            found += check(name, value)
    return found


def demand(messages: list[str]) -> None:
    if messages:
        raise Refusal(400, messages)


def organization(call: Call, given: Mapping[str, Any], prefix: str = "") -> list[str]:
    """What is wrong with the organization and tenant that a body, a query or its ``where`` names."""
    wanted = given.get("organizationId")
    if not is_uuid(wanted):
        return [f"{prefix}organization must be an object", f"{prefix}organizationId must be a UUID"]
    found = []
    if not belongs(call, wanted):
        found.append(f"{prefix}The user with ID {call.user_id} is not associated with the specified organization.")
    tenant = given.get("tenantId")
    if tenant is not None and tenant != call.tenant_id:
        found.append(
            f'{prefix}The user is not associated with the requested tenant. Received tenant details: "{tenant}"'
        )
    return found


def belongs(call: Call, organization_id: Any) -> bool:
    """Whether the signed-in user is a member of that organization."""
    memberships = call.store.rows("UserOrganization", call.tenant_id)
    return any(row["userId"] == call.user_id and row["organizationId"] == organization_id for row in memberships)


def employee(call: Call, employee_id: Any, organization_id: Any) -> list[str]:
    """What is wrong with an employee that a body or a query names for an organization."""
    row = call.store.find("Employee", employee_id, call.tenant_id) if is_uuid(employee_id) else None
    if row is not None and row["organizationId"] == organization_id:
        return []
    return [f'This employee ("{employee_id}") does not belong to the specified organization.']


def path_id(value: str) -> str:
    if not is_uuid(value):
        raise Refusal(406, "Validation failed (valid uuid is expected)", named=False)
    return value.lower()
