"""A tool as it is declared, and the catalogue of all of them. A wrong declaration fails at import and says the fix."""

from __future__ import annotations

import copy
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

from mcp_tools.catalog.changes import Changing, Kind
from mcp_tools.catalog.coerce import coerce
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.texts import composed_by

Scope = Literal["mcp.read", "mcp.write", "mcp.admin"]
Nature = Literal["gauzy", "local", "unavailable"]
Effect = Literal["reads", "adds", "changes", "deletes"]
"""What a tool does at most to the records of Gauzy."""

Run = Callable[[ToolContext, dict[str, Any]], Awaitable[Any]]

CONFIRM: Final = "confirm"
"""Taken by every tool that deletes or does the same to many: says that somebody agreed (dispatch/confirmation.py)."""

ORGANIZATION: Final = "organization"
"""Taken by every tool that works in Gauzy: the organization, by id or name, that this one call is to act in."""

_PLACE: Final = {
    "type": "string", "minLength": 1, "maxLength": 200,
    "description": "Id or name of one of my organizations, for this call only",
}  # fmt: skip

INJECTED: Final = ("organizationId", "tenantId")
"""Arguments that callers of the earlier implementation send; they follow from the sign-in and are dropped."""

PORTABLE_FORMATS: Final = ("date-time",)
DAY: Final = "YYYY-MM-DD"

_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_ARGUMENT: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_COMBINATORS: Final = ("oneOf", "anyOf", "allOf", "not", "if", "$ref")


class ToolError(Exception):
    """A failure that the caller can mend; told in the result of the call."""


class DeclarationError(Exception):
    """A tool is declared wrongly; the message names the tool and says the fix."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``structured`` is a JSON object; ``text`` replaces its JSON for readers, ``blocks`` are further content blocks.

    Without ``structured`` the blocks are the whole answer.
    """

    structured: Any = None
    text: str | None = None
    blocks: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, eq=False)
class Tool:
    """One tool.

    ``effect`` has no default: what a tool does is declared, and a mistake here lets a caller write who may only read.
    ``reaches_outside`` says that it sends mail or makes something public, ``decides`` that it decides about a person
    or money: approves, denies, hires, pays. ``session_only`` tools change nothing but the caller's own session or
    sign-in. Annotations, the default scope and the rule of read-only mode follow from these. ``idempotent`` is given
    where a change adds something each time, or an addition does not.

    ``wrapper`` is an object argument of the earlier implementation that is unpacked, not advertised.

    ``each`` names the list argument of a bulk tool, whose items are taken like arguments.
    ``tasks`` says whether a call may go on after its answer, for clients that know tasks: ``never``, ``optional``,
    ``required``, or ``own`` for a tool that decides by :meth:`ToolContext.detach`. ``touches`` are the addresses of
    resources that a successful call changes, with ``{names}`` of the answer's or the arguments' fields. ``hidden``
    arguments are taken but not advertised: those of earlier clients, and rare ones. ``keywords`` are further words
    to find it by. A tool that ``forwards`` stands for the one that its argument ``name`` names. ``limited``
    names a rate limit of its own.
    ``schema`` is a whole inputSchema, listed as it is; it takes the place of ``properties`` and ``required``.
    """

    name: str
    description: str
    toolset: str
    run: Run
    properties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    required: Sequence[str] = ()
    output: Mapping[str, Any] | None = None
    effect: Effect = field(kw_only=True)
    reaches_outside: bool = False
    decides: bool = False
    session_only: bool = False
    idempotent: bool | None = None
    scope: Scope | None = None
    kind: Nature = "gauzy"
    aliases: Sequence[str] = ()
    wrapper: str | None = None
    each: str | None = None
    listed: bool = True
    tasks: Literal["never", "optional", "required", "own"] = "never"
    touches: Sequence[str] = ()
    schema: Mapping[str, Any] | None = None
    hidden: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    keywords: str = ""
    forwards: bool = False
    limited: str | None = None

    longest_name: ClassVar[int] = 40
    """Clients put the name of the server before that of the tool, and have 64 characters for both."""

    def __post_init__(self) -> None:
        if self.effect == "deletes" or self.each:
            object.__setattr__(self, "hidden", {CONFIRM: {"type": "boolean"}, **self.hidden})
        # A copy made by dataclasses.replace comes with the argument that was added to the first one.
        declared = {name: schema for name, schema in self.properties.items() if schema is not _PLACE}
        object.__setattr__(self, "properties", declared)
        takes = self.kind == "gauzy" and self.schema is None and ORGANIZATION not in declared
        object.__setattr__(self, "takes_organization", takes)
        if takes:
            object.__setattr__(self, "hidden", {ORGANIZATION: _PLACE, **self.hidden})
        object.__setattr__(self, "typed_schema", self._typed_schema())
        object.__setattr__(self, "input_schema", self.typed_schema if self.schema else portable(self.typed_schema))
        object.__setattr__(self, "argument_schema", self._argument_schema())
        object.__setattr__(self, "properties", self.argument_schema.get("properties", {}))
        object.__setattr__(self, "title", self.name.replace("_", " ").capitalize())
        object.__setattr__(self, "annotations", self._annotations())
        output = {"type": "object", **self.output} if self.output else None
        object.__setattr__(self, "output_schema", output and portable(output, hints=False))
        if self.scope is None:
            object.__setattr__(self, "scope", "mcp.read" if self.leaves_gauzy_alone else "mcp.write")
        check(self)

    typed_schema: dict[str, Any] = field(init=False, repr=False)
    """What is advertised, with every format that is checked."""
    input_schema: dict[str, Any] = field(init=False, repr=False)
    """What clients are shown: portable."""
    argument_schema: dict[str, Any] = field(init=False, repr=False)
    """What is taken and checked, hidden arguments included."""
    output_schema: dict[str, Any] | None = field(init=False, repr=False)
    annotations: dict[str, Any] = field(init=False, repr=False)
    takes_organization: bool = field(init=False, repr=False)
    title: str = field(init=False, repr=False)

    def _typed_schema(self) -> dict[str, Any]:
        if self.schema is not None:
            if self.properties or self.required or self.schema.get("type") != "object":
                raise DeclarationError(
                    f"{self.name}: give either a schema of type object, or properties and required; not both"
                )
            return dict(self.schema)
        schema: dict[str, Any] = {"type": "object", "properties": dict(self.properties), "additionalProperties": False}
        return {**schema, "required": list(self.required)} if self.required else schema

    @property
    def leaves_gauzy_alone(self) -> bool:
        """Whether it may run where only reading is allowed. A tool that ``forwards`` does nothing by itself."""
        return self.effect == "reads" or self.session_only or self.forwards

    def _annotations(self) -> dict[str, Any]:
        """MCP's ToolAnnotations (2025-11-25 page server/tools#tool)."""
        repeatable = self.effect != "adds" if self.idempotent is None else self.idempotent
        return {
            "readOnlyHint": self.effect == "reads",
            "destructiveHint": self.effect == "deletes",
            "idempotentHint": repeatable,
            "openWorldHint": self.reaches_outside,
        }

    def found_by(self, words: str) -> Tool:
        """The same tool, which search_tools finds by further words as well."""
        other = copy.copy(self)
        object.__setattr__(other, "keywords", f"{self.keywords} {words}".strip())
        return other

    def _argument_schema(self) -> dict[str, Any]:
        """What is advertised, and what is taken besides."""
        if not self.hidden:
            return self.typed_schema
        return {**self.typed_schema, "properties": {**self.hidden, **self.typed_schema["properties"]}}

    def accept(self, raw: object) -> dict[str, Any]:
        """The arguments of a call as the schema wants them, texts in NFC. Null, which some clients send, is none.

        Raises ToolError for what is not an object at all.
        """
        arguments = coerce({"type": "object"}, {} if raw is None else raw)
        if not isinstance(arguments, dict):
            raise ToolError(f"arguments of {self.name} must be an object")
        accepted: dict[str, Any] = coerce(self.argument_schema, self._plain(arguments, self.properties))
        items = accepted.get(self.each) if self.each else None
        if self.each and isinstance(items, list):
            accepted[self.each] = [self._item(item, self.properties[self.each]["items"]) for item in items]
        composed: dict[str, Any] = composed_by(self.argument_schema, accepted)
        return composed

    def _item(self, item: Any, schema: Mapping[str, Any]) -> Any:
        if not isinstance(item, dict):
            return item
        return coerce(schema, self._plain(item, schema.get("properties", {})))

    def _plain(self, arguments: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
        """Without the wrapper of the earlier implementation, and without what follows from the sign-in."""
        if self.wrapper is not None and self.wrapper not in known:
            wrapped = coerce({"type": "object"}, arguments.get(self.wrapper))
            if isinstance(wrapped, dict):
                arguments = {**wrapped, **{name: value for name, value in arguments.items() if name != self.wrapper}}
        return {name: value for name, value in arguments.items() if name in known or name not in INJECTED}


def portable(schema: Mapping[str, Any], *, hints: bool = True) -> dict[str, Any]:
    """``schema`` without formats but ``date-time``: clients that hand it to Gemini lose the whole list otherwise.

    The server goes on checking them. With ``hints`` the description of a day says how to write one.
    """
    shown = dict(schema)
    if shown.get("format") not in (None, *PORTABLE_FORMATS):
        is_day = shown.pop("format") == "date"
        if is_day and hints:
            shown["description"] = ", ".join(filter(None, (shown.get("description"), DAY)))
    if "properties" in shown:
        shown["properties"] = {name: portable(part, hints=hints) for name, part in shown["properties"].items()}
    if isinstance(shown.get("items"), Mapping):
        shown["items"] = portable(shown["items"], hints=hints)
    return shown


def check(tool: Tool) -> None:
    """Raises DeclarationError for what some client could not take."""
    for name in (tool.name, *tool.aliases):
        if not _NAME.fullmatch(name) or len(name) > tool.longest_name:
            raise DeclarationError(
                f"{name!r}: name a tool with at most {tool.longest_name} letters, digits and underscores"
            )
    if wrong := [name for name in tool.properties if not _ARGUMENT.fullmatch(name)]:
        raise DeclarationError(f"{tool.name}: name arguments with at most 64 letters, digits and underscores: {wrong}")
    if not 10 <= len(tool.description) <= 1024:
        raise DeclarationError(f"{tool.name}: describe it in 10 to 1,024 characters, not {len(tool.description)}")
    if missing := [name for name in tool.required if name not in tool.properties]:
        raise DeclarationError(f"{tool.name}: required names {missing} are no properties; declare them or drop them")
    if tool.scope == "mcp.read" and not tool.leaves_gauzy_alone:
        raise DeclarationError(
            f"{tool.name}: a tool that {tool.effect} needs mcp.write; drop its scope, or declare it session_only"
        )
    if tool.effect == "reads" and (tool.reaches_outside or tool.decides):
        raise DeclarationError(
            f"{tool.name}: a tool that sends mail or decides does more than read; declare its effect as adds or changes"
        )
    if found := [word for word in _COMBINATORS if word in (tool.output or {})]:
        raise DeclarationError(
            f"{tool.name}: clients refuse {found} at the root of a schema; describe one object instead"
        )


class Catalog(Changing):
    """All tools by name. ``core`` names the toolset that clients see unless asked otherwise."""

    kind: Kind = "tools"

    def __init__(self, tools: Iterable[Tool], core: Sequence[str] = ()) -> None:
        super().__init__()
        self._by_name: dict[str, Tool] = {}
        self._tools: list[Tool] = []
        for tool in tools:
            self.add(tool)
        if unknown := [name for name in core if name not in self._by_name]:
            raise DeclarationError(f"core names {unknown}, which no domain declares; declare them or drop them")
        self._core = tuple(core)

    def add(self, tool: Tool) -> None:
        """Offers one more tool. Raises DeclarationError for a name that is taken."""
        names = (tool.name, *tool.aliases)
        if taken := [name for name in names if name in self._by_name or names.count(name) > 1]:
            raise DeclarationError(f"{taken[0]} is declared twice; rename one of the two tools or aliases")
        self._by_name.update(dict.fromkeys(names, tool))
        self._tools.append(tool)
        self.changed()

    def remove(self, name: str) -> None:
        """Offers a tool no longer."""
        tool = self._by_name[name]
        self._tools.remove(tool)
        for known in (tool.name, *tool.aliases):
            del self._by_name[known]
        self.changed()

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools)

    @property
    def names(self) -> list[str]:
        """Every name a call may use, aliases included."""
        return list(self._by_name)

    @property
    def toolsets(self) -> list[str]:
        return ["core", "all", *dict.fromkeys(tool.toolset for tool in self._tools)]

    def find(self, name: str) -> Tool | None:
        return self._by_name.get(name)

    def listed(self, toolsets: Sequence[str]) -> list[Tool]:
        """The tools of ``toolsets``, core first, each once. Raises ValueError that lists the known toolsets."""
        if unknown := [name for name in toolsets if name not in self.toolsets]:
            raise ValueError(f"unknown toolset {', '.join(unknown)}; known are {', '.join(self.toolsets)}")
        chosen: dict[str, Tool] = {}
        if "core" in toolsets or "all" in toolsets:
            chosen.update((name, self._by_name[name]) for name in self._core)
        for tool in self._tools:
            if "all" in toolsets or tool.toolset in toolsets:
                chosen.setdefault(tool.name, tool)
        return list(dict.fromkeys(tool for tool in chosen.values() if tool.listed))
