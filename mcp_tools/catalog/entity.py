"""One kind of Gauzy record, described once; its tools are derived from the description.

::

    task = Entity("task", "/tasks", columns={…}, filters={…}, shows={…})
    TOOLS = [task.list("get_tasks", "…"), task.create("create_task", "…"), …]

Every derivation takes the tool's name and what to tell a model about it, and answers a Tool.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from mcp_tools.catalog import bulk, outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.fields import UUID, Field, hidden, listed, required
from mcp_tools.catalog.local import Local, Timed
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import Pairs, body_of, emptied, merged, owner, whole_ranges
from mcp_tools.catalog.rows import Row, Rows, average, in_order, own_employee, page, project, summed, tally
from mcp_tools.catalog.styles import MAX_PAGE, Asked, Pages, Style
from mcp_tools.catalog.tool import Run, Tool, ToolError
from mcp_tools.catalog.turns import turn

Fixed = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]
"""Filters that a view fills in itself, as values or from the caller's identity."""

Prepare = Callable[[ToolContext, dict[str, Any]], Awaitable[dict[str, Any]]]

ID: Final = {"id": UUID}
MOST_ROWS: Final = 2000
"""Rows that a tool reads to filter, sort or count them itself."""

PAGING: Final[Mapping[str, Mapping[str, Any]]] = {
    "page": {"type": "integer", "minimum": 1},
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "description": "Default 10"},
}
SORT: Final = {"sort": {"type": "string", "description": "Field; -field: descending"}}
FIELDS: Final = {"fields": {"type": "array", "items": {"type": "string"}}}
CLEAR: Final = {"clear": {"type": "array", "items": {"type": "string"}, "description": "Fields to empty"}}
FORMAT: Final = {"format": {"type": "string", "enum": ["json", "table", "csv"]}}


@dataclass(frozen=True)
class Entity:
    """``path`` is the route under ``/api``, ``style`` how its list works.

    Reading: ``filters`` restrict lists, ``local`` do so here, ``shows`` are further fields of a record with their JSON
    type, ``names`` the names that stand beside ids (see :func:`mcp_tools.catalog.rows.project`), ``include`` the
    relations they need. ``sort`` and ``relations`` are what Gauzy accepts for this record. ``by_list``: ``GET …/{id}``
    ignores relations, so a record with them is looked up in the list. ``ranges`` maps the filter for the first day of
    a column to that for its last, where Gauzy filters by both together.

    Writing: ``columns`` may be set. ``merge`` names the columns that a PUT demands although nothing else is: they are
    read first, which also proves that the record exists. ``carry`` maps a nested body object to the column that holds
    its id, without which every PUT replaces the nested record. ``wrapper`` is an object argument of the earlier
    implementation. ``address`` is the word of its resource (``gauzy://word/{id}``), whose subscribers hear of changes.
    """

    name: str
    path: str
    toolset: str
    columns: Mapping[str, Field]
    filters: Mapping[str, Field] = field(default_factory=dict)
    local: Mapping[str, Local | Timed] = field(default_factory=dict)
    ranges: Mapping[str, str] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    include: Sequence[str] = ()
    sort: Sequence[str] = ()
    relations: Sequence[str] = ()
    merge: Sequence[str] = ()
    carry: Mapping[str, str] = field(default_factory=dict)
    wrapper: str | None = None
    data_relations: bool = False
    by_list: bool = False
    style: Style = field(default_factory=Pages)
    address: str | None = None

    @property
    def word(self) -> str:
        return self.name.replace("_", " ")

    # --- reading -------------------------------------------------------------

    def list(
        self,
        name: str,
        description: str,
        *,
        fixed: Fixed | None = None,
        without: Sequence[str] = (),
        require: Sequence[str] = (),
        sort: str | None = None,
        aliases: Sequence[str] = (),
        brief: bool = False,
    ) -> Tool:
        """A page of the list. ``fixed`` filters are no arguments; ``sort`` is the order unless another is asked for.

        ``brief``: how to sort and show the rows is taken, but not advertised; for one of many views of the same.
        """
        fields = {key: value for key, value in self.asked.items() if key not in (*without, *_names_of(fixed))}
        looks: dict[str, Mapping[str, Any]] = {**(SORT if self.sort else {}), **FIELDS, **FORMAT}
        options = {**listed(fields), **PAGING, **({} if brief else looks)}

        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            identity = await context.gauzy.identity()
            given = {**arguments, **(fixed(identity) if callable(fixed) else fixed or {})}
            rows, total = await self.find(context.gauzy, given, self._order(arguments, sort))
            return page(rows, total, arguments, self.names)

        return Tool(
            name,
            description,
            self.toolset,
            run,
            options,
            require,
            effect="reads",
            output=outputs.listed(self.item),
            aliases=aliases,
            hidden={**hidden(fields), **(looks if brief else {}), **self._hidden()},
        )

    def count(self, name: str, description: str, *, fixed: Fixed | None = None, without: Sequence[str] = ()) -> Tool:
        """The total of a list of one: unlike ``…/count``, that route takes every filter on every database."""
        fields = {key: value for key, value in self.asked.items() if key not in (*without, *_names_of(fixed))}

        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            identity = await context.gauzy.identity()
            given = {**arguments, **(fixed(identity) if callable(fixed) else fixed or {}), "page": 1, "limit": 1}
            return {"count": (await self.find(context.gauzy, given))[1]}

        return Tool(
            name, description, self.toolset, run, listed(fields), effect="reads", output=outputs.COUNT,
            hidden=hidden(fields),
        )  # fmt: skip

    def get(self, name: str, description: str, *, aliases: Sequence[str] = (), brief: bool = False) -> Tool:
        """``GET …/{id}``. ``brief``: relations are left out for their names, as in a list."""

        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            row = await self.read(context.gauzy, arguments["id"], self._relations(arguments))
            return project(row, arguments, self.names, short=brief)

        return Tool(
            name, description, self.toolset, run, {**ID, **FIELDS}, ["id"],
            effect="reads", output=self.output, aliases=aliases, hidden=self._hidden(),
        )  # fmt: skip

    def statistics(
        self,
        name: str,
        description: str,
        *,
        by: Sequence[str] = (),
        sums: Sequence[str] = (),
        averages: Sequence[str] = (),
        per: str | None = None,
        fixed: Fixed | None = None,
    ) -> Tool:
        """How many there are, per value of the fields ``by``, and sums and averages, over MOST_ROWS at most.

        ``per`` is a field, such as the currency, whose values are never added together.
        """

        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            identity = await context.gauzy.identity()
            given = {**arguments, **(fixed(identity) if callable(fixed) else fixed or {})}
            rows, complete = await self.every(context.gauzy, given)
            return {
                "count": len(rows),
                "complete": complete,
                "by": {key: tally(rows, self.names.get(key, key)) for key in by},
                "sums": {key: summed(rows, key, per) for key in sums},
                **({"averages": {key: average(rows, key) for key in averages}} if averages else {}),
            }

        fields = {key: value for key, value in self.asked.items() if key not in _names_of(fixed)}
        return Tool(
            name, description, self.toolset, run, listed(fields), effect="reads",
            output=outputs.STATISTICS, hidden=hidden(fields),
        )  # fmt: skip

    # --- writing -------------------------------------------------------------

    def create(
        self,
        name: str,
        description: str,
        *,
        prepare: Prepare | None = None,
        decides: bool = False,
        reaches_outside: bool = False,
    ) -> Tool:
        """``POST``. ``prepare`` may complete or refuse the arguments before they are sent."""
        return Tool(
            name, description, self.toolset, self._writing(self.make, prepare), listed(self.columns),
            required(self.columns), output=self.output, effect="adds", decides=decides,
            reaches_outside=reaches_outside, wrapper=self.wrapper, touches=self.touches, hidden=hidden(self.columns),
        )  # fmt: skip

    def update(
        self, name: str, description: str, *, prepare: Prepare | None = None, decides: bool = False
    ) -> Tool:  # fmt: skip
        """``PUT …/{id}`` with what is given and nothing else; ``clear`` empties columns."""
        return Tool(
            name, description, self.toolset, self._writing(self.change, prepare), {**ID, **self._changed, **CLEAR},
            ["id"], output=self.output, effect="changes", decides=decides, wrapper=self.wrapper, touches=self.touches,
            hidden=hidden(self._changeable),
        )  # fmt: skip

    def delete(self, name: str, description: str) -> Tool:
        """``DELETE …/{id}``, after a look whether the record is there: Gauzy answers the same for one that is not."""

        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            await self.remove(context.gauzy, arguments["id"])
            return {"id": arguments["id"], "deleted": True}

        return Tool(
            name, description, self.toolset, run, ID, ["id"],
            output=outputs.DELETED, effect="deletes", touches=self.touches,
        )  # fmt: skip

    def bulk_create(
        self,
        name: str,
        description: str,
        items: str,
        *,
        prepare: Prepare | None = None,
        decides: bool = False,
        reaches_outside: bool = False,
    ) -> Tool:
        """One POST per item of the argument ``items``."""
        schema = {"type": "object", "properties": listed(self.columns), "additionalProperties": False}
        if names := required(self.columns):
            schema["required"] = names
        one = self._writing(self.make, prepare)
        return bulk.tool(
            name, description, self.toolset, items, schema, one, "adds", touches=self.touches,
            decides=decides, reaches_outside=reaches_outside,
        )  # fmt: skip

    def bulk_update(self, name: str, description: str, items: str) -> Tool:
        """One PUT per item; an item is an id with the changed columns."""
        properties = {**ID, **self._changed}
        schema = {"type": "object", "properties": properties, "required": ["id"], "additionalProperties": False}
        one = self._writing(self.change)
        return bulk.tool(
            name, description, self.toolset, items, schema, one, "changes", wrapper="data", touches=self.touches
        )  # fmt: skip

    def bulk_delete(self, name: str, description: str) -> Tool:
        """One DELETE per id of ``ids``."""

        async def one(context: ToolContext, item: Any) -> Row:
            await self.remove(context.gauzy, item)
            return {"id": item}

        return bulk.tool(name, description, self.toolset, "ids", dict(UUID), one, "deletes", touches=self.touches)

    # --- requests ------------------------------------------------------------

    async def find(self, gauzy: Gauzy, given: Mapping[str, Any], sort: str | None = None) -> tuple[Rows, int]:
        """The page that ``given`` asks for, and how many rows there are in all."""
        number, limit = given.get("page", 1), given.get("limit", 10)
        if self.style.pages and not any(given.get(name) is not None for name in self.local):
            asked = Asked(self.filters, whole_ranges(self.ranges, given), number, limit, sort, self._relations(given))
            return await self.style.fetch(gauzy, self.path, asked)
        rows, complete = await self.every(gauzy, given, sort)
        if not complete:
            raise ToolError(f"There are more than {MOST_ROWS} of them; give more filters")
        return rows[(number - 1) * limit : number * limit], len(rows)

    async def every(self, gauzy: Gauzy, given: Mapping[str, Any], sort: str | None = None) -> tuple[Rows, bool]:
        """All rows that fit, at most MOST_ROWS of them, and whether that is all."""
        rows: Rows = []
        number, total = 0, 1
        while len(rows) < min(total, MOST_ROWS):
            number += 1
            asked = Asked(
                self.filters, whole_ranges(self.ranges, given), number, MAX_PAGE, sort, self._relations(given)
            )
            found, total = await self.style.fetch(gauzy, self.path, asked)
            rows += found
            if not found or not self.style.pages:
                break
        complete = not self.style.pages or len(rows) >= total
        for name, one in self.local.items():
            if given.get(name) is not None:
                rows = [row for row in rows if one.fits(row, given[name], gauzy.now())]
        return (rows if self.style.pages or sort is None else in_order(rows, sort)), complete

    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        """The record. Raises NotFound, or Invalid where Gauzy says so with a 400."""
        query: Pairs = [("relations[]", relation) for relation in relations]
        if relations and self.by_list:
            return await self._look_up(gauzy, record_id, relations)
        if relations and self.data_relations:
            query = [("data", orjson.dumps({"relations": [*relations]}).decode())]
        row = await gauzy.request("GET", path_to(self.path + "/{id}", id=record_id), query=query)
        if not isinstance(row, dict):
            raise ToolError(f"Gauzy has no {self.word} {record_id}")
        return row

    async def _look_up(self, gauzy: Gauzy, record_id: str, relations: Sequence[str]) -> Row:
        asked = Asked({"id": Field(UUID)}, {"id": record_id}, limit=1, relations=relations)
        rows, _ = await self.style.fetch(gauzy, self.path, asked)
        if not rows:
            raise ToolError(f"Gauzy has no {self.word} {record_id}")
        return rows[0]

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        body = {**owner(await gauzy.identity()), **body_of(self.columns, arguments, with_defaults=True)}
        return await self.post(gauzy, body)

    async def post(self, gauzy: Gauzy, body: Mapping[str, Any]) -> Row:
        """The record that ``POST`` made. Raises ToolError when Gauzy does not tell it."""
        created = await gauzy.request("POST", path_to(self.path), body=body)
        if not isinstance(created, dict):
            raise ToolError(f"Gauzy took the {self.word} without an answer; look it up before you try again")
        return created

    async def change(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        changes = self.changes(arguments)
        async with turn(f"{self.path}/{arguments['id']}"):
            current = await self.read(gauzy, arguments["id"])
            kept = {name: current[name] for name in self.merge if current.get(name) is not None}
            for nested, column in self.carry.items():
                if current.get(column):
                    changes[nested] = {"id": current[column], **changes.get(nested, {})}
            body = {**owner(await gauzy.identity()), **kept, **changes}
            await gauzy.request("PUT", path_to(self.path + "/{id}", id=arguments["id"]), body=body)
            return await self.read(gauzy, arguments["id"])

    async def remove(self, gauzy: Gauzy, record_id: str) -> None:
        await self.read(gauzy, record_id)
        await gauzy.request("DELETE", path_to(self.path + "/{id}", id=record_id))

    def changes(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The body of an update: what is given, and what ``clear`` empties. Raises ToolError when that is nothing."""
        changes = body_of(self._changeable, arguments, with_defaults=False)
        for name in arguments.get("clear", ()):
            merged(changes, emptied(self._clearable(name), name))
        if not changes:
            raise ToolError(f"Nothing to change: give at least one of {', '.join(self._changeable)}")
        return changes

    def _clearable(self, name: str) -> Field:
        declared = self._changeable.get(name)
        if declared is None or declared.required or name in self.merge:
            known = [key for key, value in self._changeable.items() if not value.required and key not in self.merge]
            raise ToolError(f"clear: {name} cannot be emptied; possible are {', '.join(known)}")
        return declared

    def _writing(self, send: Callable[[Gauzy, dict[str, Any]], Awaitable[Row]], prepare: Prepare | None = None) -> Run:
        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            given = await prepare(context, arguments) if prepare else arguments
            return project(await send(context.gauzy, given), {}, self.names, keep=self._written(arguments))

        return run

    def _written(self, arguments: Mapping[str, Any]) -> Sequence[str]:
        """The columns that a caller has named by writing them."""
        return [column.column or name for name, column in self.columns.items() if name in arguments]

    # --- what derivations share ----------------------------------------------

    @property
    def asked(self) -> dict[str, Field]:
        """Everything a list may be asked for."""
        return {**self.filters, **{name: one.field for name, one in self.local.items()}}

    @property
    def item(self) -> dict[str, Any]:
        return outputs.item(self.columns, self.shows, self.names)

    @property
    def output(self) -> dict[str, Any]:
        return {"properties": self.item["properties"]}

    @property
    def touches(self) -> Sequence[str]:
        return (f"gauzy://{self.address}/{{id}}",) if self.address else ()

    @property
    def _changed(self) -> dict[str, Mapping[str, Any]]:
        """The columns without their defaults: an update must not set what was not given."""
        return {
            name: {key: value for key, value in schema.items() if key != "default"}
            for name, schema in listed(self._changeable).items()
        }

    @property
    def _changeable(self) -> dict[str, Field]:
        return {name: column for name, column in self.columns.items() if not column.once}

    def _hidden(self) -> dict[str, Mapping[str, Any]]:
        """Arguments of earlier clients, taken but not advertised."""
        taken: dict[str, Mapping[str, Any]] = {}
        if self.relations:
            taken["relations"] = {"type": "array", "items": {"type": "string", "enum": [*self.relations]}}
        if self.sort:
            taken["sortBy"] = {"type": "string"}
            taken["sortOrder"] = {"type": "string", "enum": ["ASC", "DESC"]}
        return taken

    def _relations(self, arguments: Mapping[str, Any]) -> Sequence[str]:
        return tuple(dict.fromkeys((*self.include, *arguments.get("relations", ()))))

    def _order(self, arguments: Mapping[str, Any], default: str | None) -> str | None:
        """The asked order, checked. Raises ToolError that lists the fields there are."""
        asked = arguments.get("sort") or arguments.get("sortBy")
        if asked is None:
            return default
        if arguments.get("sortOrder") == "DESC" and not asked.startswith("-"):
            asked = f"-{asked}"
        if asked.lstrip("-") not in self.sort:
            raise ToolError(f"sort: {asked.lstrip('-')[:40]} is not possible; possible are {', '.join(self.sort)}")
        return str(asked)


def mine(key: str) -> Callable[[Any], Mapping[str, Any]]:
    """Fixed filters that restrict a list to the caller's own employee record. Raises ToolError without one."""
    return _Mine(key)


@dataclass(frozen=True, slots=True)
class _Mine:
    key: str

    def __call__(self, identity: Any) -> Mapping[str, Any]:
        return {self.key: own_employee(identity)}


def _names_of(fixed: Fixed | None) -> Sequence[str]:
    """The arguments that ``fixed`` replaces."""
    if isinstance(fixed, _Mine):
        return (fixed.key,)
    return tuple(fixed) if isinstance(fixed, Mapping) else ()
