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

from mcp_tools.catalog import bulk
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.fields import UUID, Field, properties, required
from mcp_tools.catalog.requests import Pairs, as_text, body_of, emptied, flat_pairs, owner, where_pairs
from mcp_tools.catalog.tool import ADDS, CHANGES, DELETES, Run, Tool, ToolError

Preset = Callable[[Any], Mapping[str, Any]]
Row = dict[str, Any]

ID: Final = {"id": UUID}
MAX_PAGE: Final = 100

PAGING: Final[Mapping[str, Mapping[str, Any]]] = {
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 10},
}
FIELDS: Final = {
    "fields": {"type": "array", "items": {"type": "string"}, "description": "Only these fields of each record"}
}


@dataclass(frozen=True)
class Entity:
    """``path`` is the route under ``/api``.

    ``columns`` may be set, ``filters`` restrict lists, ``shows`` are further fields of a record with their JSON
    type. ``sort`` and ``relations`` are what Gauzy accepts for this record. ``merge`` names the columns that a PUT
    demands although nothing else is: they are read first, which also proves that the record exists. ``carry`` maps
    a nested body object to the column that holds its id, without which every PUT replaces the nested record.
    """

    name: str
    path: str
    toolset: str
    columns: Mapping[str, Field]
    filters: Mapping[str, Field] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    sort: Sequence[str] = ()
    relations: Sequence[str] = ()
    merge: Sequence[str] = ()
    carry: Mapping[str, str] = field(default_factory=dict)
    wrapper: str | None = None
    data_relations: bool = False

    # --- reading -------------------------------------------------------------

    def list(
        self,
        name: str,
        description: str,
        *,
        preset: Preset | None = None,
        without: Sequence[str] = (),
        require: Sequence[str] = (),
        aliases: Sequence[str] = (),
    ) -> Tool:
        """``GET …/pagination``. ``preset`` fills filters in from the caller's identity, so they are no arguments."""
        asked = {key: value for key, value in self.filters.items() if key not in without}
        options: dict[str, Mapping[str, Any]] = {**properties(asked), **PAGING}
        if self.sort:
            options["sortBy"] = {"type": "string", "enum": [*self.sort]}
            options["sortOrder"] = {"type": "string", "enum": ["ASC", "DESC"]}
        if self.relations:
            options["relations"] = {"type": "array", "items": {"type": "string", "enum": [*self.relations]}}

        async def run(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
            identity = await context.gauzy.identity()
            given = {**arguments, **(preset(identity) if preset else {})}
            answer = await context.gauzy.request(
                "GET",
                f"{self.path}/pagination",
                query=where_pairs(identity, self.filters, given) + self._paging(arguments),
            )
            return page(answer, arguments)

        return Tool(
            name,
            description,
            self.toolset,
            run,
            {**options, **FIELDS},
            require,
            output=self._list_output(),
            aliases=aliases,
        )

    def count(self, name: str, description: str, *, filters: Sequence[str] | None = None) -> Tool:
        """The total of a list of one: unlike ``…/count``, that route takes every filter on every database."""
        chosen = {key: value for key, value in self.filters.items() if filters is None or key in filters}

        async def run(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
            identity = await context.gauzy.identity()
            query = [*where_pairs(identity, self.filters, arguments), ("take", "1"), ("skip", "1")]
            answer = await context.gauzy.request("GET", f"{self.path}/pagination", query=query)
            return {"count": rows_of(answer)[1]}

        output = {"properties": {"count": {"type": "integer"}}, "required": ["count"]}
        return Tool(name, description, self.toolset, run, properties(chosen), output=output)

    def get(self, name: str, description: str, *, aliases: Sequence[str] = ()) -> Tool:
        """``GET …/{id}``."""
        options: dict[str, Mapping[str, Any]] = {**ID}
        if self.relations:
            options["relations"] = {"type": "array", "items": {"type": "string", "enum": [*self.relations]}}

        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            row = await self.read(context.gauzy, arguments["id"], arguments.get("relations", ()))
            return project(row, arguments)

        return Tool(
            name,
            description,
            self.toolset,
            run,
            {**options, **FIELDS},
            ["id"],
            output=self._item_output(),
            aliases=aliases,
        )

    # --- writing -------------------------------------------------------------

    def create(self, name: str, description: str, *, prepare: Prepare | None = None) -> Tool:
        """``POST``. ``prepare`` may complete or refuse the arguments before they are sent."""
        return Tool(
            name, description, self.toolset, self._writing(self._create, prepare), properties(self.columns),
            required(self.columns), output=self._item_output(), hints=ADDS, wrapper=self.wrapper,
        )  # fmt: skip

    def update(self, name: str, description: str) -> Tool:
        """``PUT …/{id}`` with what is given and nothing else; ``clear`` empties columns."""
        changed = {
            key: {k: v for k, v in value.schema.items() if k != "default"} for key, value in self.columns.items()
        }
        clear = {"clear": {"type": "array", "items": {"type": "string"}, "description": "Fields to empty"}}
        return Tool(
            name, description, self.toolset, self._writing(self._update), {**ID, **changed, **clear}, ["id"],
            output=self._item_output(), hints=CHANGES, wrapper=self.wrapper,
        )  # fmt: skip

    def delete(self, name: str, description: str) -> Tool:
        """``DELETE …/{id}``, after a look whether the record is there: Gauzy answers the same for one that is not."""

        async def run(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
            await self._delete(context.gauzy, arguments)
            return {"id": arguments["id"], "deleted": True}

        output = {"properties": {"id": UUID, "deleted": {"type": "boolean"}}, "required": ["id", "deleted"]}
        return Tool(name, description, self.toolset, run, ID, ["id"], output=output, hints=DELETES)

    def bulk_create(self, name: str, description: str, items: str, *, prepare: Prepare | None = None) -> Tool:
        """One POST per item of the argument ``items``."""
        schema = {"type": "object", "properties": properties(self.columns), "additionalProperties": False}
        if names := required(self.columns):
            schema["required"] = names
        return bulk.tool(name, description, self.toolset, items, schema, self._writing(self._create, prepare), ADDS)

    def bulk_update(self, name: str, description: str, items: str) -> Tool:
        """One PUT per item; an item is an id with the changed columns."""
        changed = {
            key: {k: v for k, v in value.schema.items() if k != "default"} for key, value in self.columns.items()
        }
        schema = {"type": "object", "properties": {**ID, **changed}, "required": ["id"], "additionalProperties": False}
        return bulk.tool(
            name, description, self.toolset, items, schema, self._writing(self._update), CHANGES, wrapper="data"
        )

    def bulk_delete(self, name: str, description: str) -> Tool:
        """One DELETE per id of ``ids``."""

        async def one(context: ToolContext, item: Any) -> dict[str, Any]:
            await self._delete(context.gauzy, {"id": item})
            return {"id": item}

        return bulk.tool(name, description, self.toolset, "ids", dict(UUID), one, DELETES)

    # --- requests ------------------------------------------------------------

    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        """The record. Raises NotFound, or Invalid where Gauzy says so with a 400."""
        query: Pairs = []
        if relations and self.data_relations:
            import orjson

            query = [("data", orjson.dumps({"relations": [*relations]}).decode())]
        elif relations:
            query = [("relations[]", relation) for relation in relations]
        row = await gauzy.request("GET", f"{self.path}/{record_id}", query=query)
        if not isinstance(row, dict):
            raise ToolError(f"Gauzy has no {self.name.replace('_', ' ')} {record_id}")
        return row

    async def _create(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        body = {**owner(await gauzy.identity()), **body_of(self.columns, arguments, with_defaults=True)}
        created = await gauzy.request("POST", self.path, body=body)
        if not isinstance(created, dict):
            raise ToolError(
                f"Gauzy took the {self.name.replace('_', ' ')} without an answer; look it up before you try again"
            )
        return created

    async def _update(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        record_id = arguments["id"]
        changes = body_of(self.columns, arguments, with_defaults=False)
        for name in arguments.get("clear", ()):
            _merge(changes, emptied(self._clearable(name), name))
        if not changes:
            raise ToolError(f"Nothing to change: give at least one of {', '.join(self.columns)}")
        current = await self.read(gauzy, record_id)
        kept = {name: current[name] for name in self.merge if current.get(name) is not None}
        for nested, column in self.carry.items():
            if current.get(column):
                changes[nested] = {"id": current[column], **changes.get(nested, {})}
        body = {**owner(await gauzy.identity()), **kept, **changes}
        await gauzy.request("PUT", f"{self.path}/{record_id}", body=body)
        return await self.read(gauzy, record_id)

    async def _delete(self, gauzy: Gauzy, arguments: dict[str, Any]) -> None:
        await self.read(gauzy, arguments["id"])
        await gauzy.request("DELETE", f"{self.path}/{arguments['id']}")

    def _clearable(self, name: str) -> Field:
        declared = self.columns.get(name)
        if declared is None or declared.required or name in self.merge:
            known = [key for key, value in self.columns.items() if not value.required and key not in self.merge]
            raise ToolError(f"clear: {name} cannot be emptied; possible are {', '.join(known)}")
        return declared

    def _writing(self, send: Callable[[Gauzy, dict[str, Any]], Awaitable[Row]], prepare: Prepare | None = None) -> Run:
        async def run(context: ToolContext, arguments: dict[str, Any]) -> Row:
            given = await prepare(context, arguments) if prepare else arguments
            return await send(context.gauzy, given)

        return run

    def _paging(self, arguments: Mapping[str, Any]) -> Pairs:
        """On these routes ``skip`` is the number of the page, counted from 1."""
        pairs: Pairs = [("take", as_text(arguments.get("limit", 10))), ("skip", as_text(arguments.get("page", 1)))]
        if "sortBy" in arguments:
            pairs.append((f"order[{arguments['sortBy']}]", arguments.get("sortOrder", "ASC")))
        pairs += [("relations[]", relation) for relation in arguments.get("relations", ())]
        return pairs

    # --- schemas of answers --------------------------------------------------

    def _item(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": {"type": "string"},
            "createdAt": {"type": "string"},
            "updatedAt": {"type": "string"},
        }
        for key, value in self.columns.items():
            column = value.column or key
            if "." not in column and "[]" not in column:
                shown[column] = nullable(str(value.schema["type"]))
        shown.update((key, nullable(kind)) for key, kind in self.shows.items())
        return {"type": "object", "properties": shown}

    def _item_output(self) -> dict[str, Any]:
        return {"properties": self._item()["properties"]}

    def _list_output(self) -> dict[str, Any]:
        return list_output(self._item())


Prepare = Callable[[ToolContext, dict[str, Any]], Awaitable[dict[str, Any]]]


def nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def list_output(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "properties": {
            "items": {"type": "array", "items": item},
            "total": {"type": "integer"},
            "page": {"type": "integer"},
            "has_more": {"type": "boolean"},
        },
        "required": ["items", "total"],
    }


def page(answer: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """One page of Gauzy's ``{items, total}`` as every list of ours looks."""
    number, limit = arguments.get("page", 1), arguments.get("limit", 10)
    rows, total = rows_of(answer)
    return {
        "items": [project(row, arguments) for row in rows],
        "total": total,
        "page": number,
        "has_more": number * limit < total,
    }


def rows_of(answer: Any) -> tuple[list[Row], int]:
    """Rows and total of a list. Raises ToolError for an answer that is none."""
    rows = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise ToolError("Gauzy answered without the list that was asked for; try again later")
    return rows, answer.get("total", len(rows))


def _merge(body: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Adds ``more`` to ``body``, into nested objects too."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(body.get(key), dict):
            _merge(body[key], value)
        else:
            body[key] = value


def project(row: Row, arguments: Mapping[str, Any]) -> Row:
    """The fields that were asked for and are there; all of them, without the empty ones, otherwise."""
    wanted = arguments.get("fields")
    if wanted:
        return {name: row[name] for name in wanted if name in row}
    return {name: value for name, value in row.items() if value is not None}


def mine(key: str) -> Preset:
    """A preset that restricts a list to the caller's own employee record. Raises ToolError for a user without one."""

    def preset(identity: Any) -> Mapping[str, Any]:
        return {key: own_employee(identity)}

    return preset


def own_employee(identity: Any) -> str:
    """The caller's employee id. Raises ToolError for a user who is no employee."""
    if not identity.employee_id:
        raise ToolError(f"{identity.email} has no employee record in Gauzy; name an employee instead")
    return str(identity.employee_id)


__all__ = ["Entity", "flat_pairs", "list_output", "mine", "nullable", "own_employee", "page", "project", "rows_of"]
