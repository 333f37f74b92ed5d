"""Resources: Gauzy records under an address of their own (page server/resources; templates: RFC 6570 level 1)."""

from __future__ import annotations

import base64
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from mcp_tools.catalog.changes import Changing, Kind
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.prompts import Complete
from mcp_tools.catalog.tool import DeclarationError

JSON: Final = "application/json"
_VARIABLE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a resource holds now: text, or bytes."""

    data: str | bytes
    mime_type: str = JSON

    def describe(self, uri: str) -> dict[str, Any]:
        """The MCP ResourceContents object."""
        shown = {"uri": uri, "mimeType": self.mime_type}
        if isinstance(self.data, bytes):
            return {**shown, "blob": base64.b64encode(self.data).decode()}
        return {**shown, "text": self.data}


Read = Callable[[ToolContext, Mapping[str, str]], Awaitable[Contents]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One fixed address. ``read`` gets no variables."""

    uri: str
    name: str
    description: str
    read: Read
    mime_type: str = JSON
    title: str | None = None

    def describe(self) -> dict[str, Any]:
        """The MCP Resource object."""
        return _described({"uri": self.uri}, self)

    def match(self, uri: str) -> dict[str, str] | None:
        return {} if uri == self.uri else None


@dataclass(frozen=True, slots=True)
class Template:
    """A family of addresses. ``read`` gets the values of the variables; ``complete`` offers some for each.

    ``segments`` has a pattern for each variable that becomes a path segment of a request: such a value is matched as
    it is written, and needs no percent-encoding. Any other is one segment of the address, decoded.
    """

    uri_template: str
    name: str
    description: str
    read: Read
    mime_type: str = JSON
    title: str | None = None
    complete: Mapping[str, Complete] = field(default_factory=dict)
    segments: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        literal = [re.escape(part) for part in _VARIABLE.split(self.uri_template)[::2]]
        names = _VARIABLE.findall(self.uri_template)
        if not names:
            raise DeclarationError(f"{self.uri_template} has no {{variable}}; declare it as a Resource")
        if unknown := self.segments.keys() - {*names}:
            raise DeclarationError(f"{self.uri_template} has no variables {sorted(unknown)}; drop their patterns")
        looks = {name: one.pattern for name, one in self.segments.items()}
        parts = [f"{text}(?P<{name}>{looks.get(name, '[^/?#]+')})" for text, name in zip(literal, names, strict=False)]
        object.__setattr__(self, "pattern", re.compile("".join(parts) + literal[-1]))

    def describe(self) -> dict[str, Any]:
        """The MCP ResourceTemplate object."""
        return _described({"uriTemplate": self.uri_template}, self)

    def match(self, uri: str) -> dict[str, str] | None:
        found = self.pattern.fullmatch(uri)
        if found is None:
            return None
        return {name: value if name in self.segments else unquote(value) for name, value in found.groupdict().items()}


class Resources(Changing):
    """All resources and templates."""

    kind: Kind = "resources"

    def __init__(self, resources: Iterable[Resource] = (), templates: Iterable[Template] = ()) -> None:
        super().__init__()
        self.fixed: list[Resource] = list(resources)
        self.templates: list[Template] = list(templates)

    def find(self, uri: str) -> tuple[Resource | Template, dict[str, str]] | None:
        """The resource at ``uri`` and the values of its variables."""
        candidates: Sequence[Resource | Template] = [*self.fixed, *self.templates]
        for candidate in candidates:
            variables = candidate.match(uri)
            if variables is not None:
                return candidate, variables
        return None

    def template(self, uri_template: str) -> Template | None:
        return next((one for one in self.templates if one.uri_template == uri_template), None)


def _described(address: dict[str, Any], item: Resource | Template) -> dict[str, Any]:
    shown = {**address, "name": item.name, "description": item.description, "mimeType": item.mime_type}
    return {**shown, "title": item.title} if item.title else shown
