"""The words that declarations of arguments are made of.

A field says what a caller may send, and where it goes: ``column`` is its place in the body of a create or
update, ``where`` its place in the filter of a list. Both default to the argument's own name. Places are paths:
``contact.city`` is a nested object, ``members[].id`` a list of objects with that key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

UUID: Final[Mapping[str, Any]] = {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Field:
    """One argument. ``default`` is sent when a create does not give it; ``unlisted``: taken, but not advertised.

    ``once``: set by the create alone, for Gauzy ignores it in an update. ``values`` are checked when they are sent.
    ``lead`` goes before the text of a filter.
    """

    schema: Mapping[str, Any]
    column: str | None = None
    where: str | None = None
    default: Any = None
    required: bool = False
    unlisted: bool = False
    once: bool = False
    values: tuple[str, ...] = ()
    lead: str = ""

    def as_required(self) -> Field:
        return replace(self, required=True)

    def as_unlisted(self) -> Field:
        return replace(self, unlisted=True)

    def as_once(self) -> Field:
        return replace(self, once=True)


def _field(
    schema: dict[str, Any],
    about: str,
    column: str | None,
    where: str | None,
    default: Any = None,
    required: bool = False,
) -> Field:
    if about:
        schema["description"] = about
    if default is not None:
        schema["default"] = default
    return Field(schema, column, where, default, required)


def text(
    about: str = "", *, column: str | None = None, where: str | None = None, required: bool = False,
    default: str | None = None, format: str | None = None, max_length: int | None = None, secret: bool = False,
    pattern: str | None = None,
) -> Field:  # fmt: skip
    """Text; a required one must not be empty. ``format`` is a JSON Schema format such as ``email`` or ``uri``."""
    schema: dict[str, Any] = {"type": "string"}
    if pattern:
        schema["pattern"] = pattern
    if format:
        schema["format"] = format
    if required:
        schema["minLength"] = 1
    if max_length:
        schema["maxLength"] = max_length
    if secret:
        schema["writeOnly"] = True
    return _field(schema, about, column, where, default, required)


def part(about: str = "Contains", *, where: str | None = None) -> Field:
    """A part of a text, for columns that Gauzy matches so. Its wildcard in front keeps ``5`` and ``true`` a text."""
    return replace(_field({"type": "string", "minLength": 1}, about, None, where), lead="%")


def choice(
    *values: str, about: str = "", column: str | None = None, where: str | None = None, default: str | None = None,
    required: bool = False,
) -> Field:  # fmt: skip
    """One of the values that Gauzy accepts."""
    return _field({"type": "string", "enum": list(values)}, about, column, where, default, required)


def one_of_many(*values: str, about: str) -> Field:
    """One of more values than are worth a place in every schema: ``about`` names some, a wrong one is told all."""
    return replace(_field({"type": "string"}, about, None, None), values=values)


def suggestion(
    *values: str, about: str = "", column: str | None = None, where: str | None = None, default: str | None = None
) -> Field:
    """Free text for Gauzy, usually one of these values."""
    told = f"{about} Usually {', '.join(values)}.".strip()
    return _field({"type": "string"}, told, column, where, default)


def integer(
    about: str = "", *, minimum: int | None = 0, maximum: int | None = None, column: str | None = None,
    where: str | None = None, default: int | None = None,
) -> Field:  # fmt: skip
    return _field(_bounded("integer", minimum, maximum), about, column, where, default)


def number(
    about: str = "", *, minimum: float | None = 0, maximum: float | None = None, column: str | None = None,
    where: str | None = None, required: bool = False, default: float | None = None,
) -> Field:  # fmt: skip
    return _field(_bounded("number", minimum, maximum), about, column, where, default, required)


def boolean(
    about: str = "", *, column: str | None = None, where: str | None = None, default: bool | None = None
) -> Field:
    return _field({"type": "boolean"}, about, column, where, default)


def date(about: str = "", *, column: str | None = None, where: str | None = None, required: bool = False) -> Field:
    """A day, ``YYYY-MM-DD``; Gauzy keeps midnight UTC of it."""
    return _field({"type": "string", "format": "date"}, about, column, where, None, required)


def moment(about: str = "", *, column: str | None = None, required: bool = False) -> Field:
    """A date and time, ISO 8601 with zone; a bare day means its midnight UTC."""
    return _field({"type": "string", "format": "date-time"}, about, column, None, None, required)


def ref(about: str = "", *, column: str | None = None, where: str | None = None, required: bool = False) -> Field:
    """The id of another record."""
    return _field(dict(UUID), about, column, where, None, required)


def refs(about: str = "", *, column: str | None = None, where: str | None = None) -> Field:
    """The ids of other records; in an update they replace the ones before."""
    return _field({"type": "array", "items": dict(UUID), "maxItems": 100}, about, column, where)


def _bounded(kind: str, minimum: float | None, maximum: float | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": kind}
    if minimum is not None:
        schema["minimum"] = minimum
    if maximum is not None:
        schema["maximum"] = maximum
    return schema


def properties(fields: Mapping[str, Field]) -> dict[str, Mapping[str, Any]]:
    return {name: field.schema for name, field in fields.items()}


def listed(fields: Mapping[str, Field]) -> dict[str, Mapping[str, Any]]:
    """The schemas of what is advertised."""
    return {name: field.schema for name, field in fields.items() if not field.unlisted}


def hidden(fields: Mapping[str, Field]) -> dict[str, Mapping[str, Any]]:
    """The schemas of what is taken without being advertised."""
    return {name: field.schema for name, field in fields.items() if field.unlisted}


def required(fields: Mapping[str, Field]) -> list[str]:
    return [name for name, field in fields.items() if field.required]
