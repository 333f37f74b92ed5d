"""An OpenAPI document as far as requests go: paths, query parameters and bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_DTO: Final = re.compile(r"^(Create|Update)|DTO$")
_PARAMETER: Final = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """``query`` and ``body`` map names to schemas; None says that the document tells nothing about them."""

    path: str
    query: Mapping[str, Mapping[str, Any]] | None
    body: Mapping[str, Mapping[str, Any]] | None
    required_query: frozenset[str] = field(default_factory=frozenset)
    required_body: frozenset[str] = field(default_factory=frozenset)


class Document:
    """``raw`` is a decoded OpenAPI 3 document."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._schemas = raw.get("components", {}).get("schemas", {})
        self._paths = [(_pattern(path), path, operations) for path, operations in raw["paths"].items()]
        # Of two that fit, the one with more fixed steps is meant.
        self._paths.sort(key=lambda entry: len(_PARAMETER.findall(entry[1])))

    def find(self, method: str, path: str) -> Operation | None:
        """What the document says of ``METHOD path``."""
        for pattern, template, operations in self._paths:
            if pattern.fullmatch(path) and method.lower() in operations:
                return self._operation(template, operations[method.lower()])
        return None

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """``schema`` with references followed and ``allOf`` put together."""
        if "$ref" in schema:
            return self.resolve(self._schemas.get(schema["$ref"].rpartition("/")[2], {}))
        if "allOf" in schema:
            parts = [self.resolve(part) for part in schema["allOf"]]
            properties = {name: one for part in parts for name, one in part.get("properties", {}).items()}
            needed = [name for part in parts for name in part.get("required", ())]
            rest = {key: item for part in parts for key, item in part.items() if key not in ("properties", "required")}
            return {**rest, **schema, **({"properties": properties, "required": needed} if properties else {})}
        return schema

    def _operation(self, template: str, raw: Mapping[str, Any]) -> Operation:
        asked = [one for one in raw.get("parameters", ()) if one.get("in") == "query"]
        body = self._body(raw)
        return Operation(
            path=template,
            query={one["name"].removesuffix("[]"): self.resolve(one.get("schema", {})) for one in asked} or None,
            body=body.get("properties") or None,
            required_query=frozenset(one["name"] for one in asked if one.get("required")),
            required_body=frozenset(body.get("required", ())),
        )

    def _body(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """The body's schema, with the columns of its entity: what a DTO inherits is missing from the document."""
        schema = raw.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        described = self.resolve(schema)
        entity = self._schemas.get(_DTO.sub("", str(schema.get("$ref", "")).rpartition("/")[2]), {})
        properties = {**self.resolve(entity).get("properties", {}), **described.get("properties", {})}
        return {**described, "properties": properties} if "properties" in described else described


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in _PARAMETER.split(path)))
