"""One kind of record of the sandbox: its columns, relations and rules. The generic routes are derived from it.

::

    team = Entity("OrganizationTeam", {"name": Column(…), **plain("color emoji")}, {"members": owned(…)})
    ROUTES = team.routes("/organization-team", view=("ORG_TEAM_VIEW",))

A domain with rules of its own derives a class and overrides the methods that differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import orjson

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.http import (
    FOREIGN_KEY,
    MISSING,
    Call,
    DatabaseRefusal,
    Disguised,
    Refusal,
    Reply,
    listed,
    not_found,
)
from mcp_tools.sandbox.relations import Relation, Tree, tree_of
from mcp_tools.sandbox.routing import Route, delete, get, post, put
from mcp_tools.sandbox.rules import Column, path_id
from mcp_tools.sandbox.store import Row, Transaction

Test = Callable[[Row], bool]

BASE: Final[Mapping[str, Any]] = {
    "deletedAt": None, "createdAt": None, "updatedAt": None, "createdByUserId": None, "updatedByUserId": None,
    "deletedByUserId": None, "isActive": True, "isArchived": False, "archivedAt": None,
}  # fmt: skip
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
MAX_PAGE: Final = 100


@dataclass(frozen=True)
class Entity:
    """``name`` is Gauzy's class name. ``extra`` are fields that every answer carries besides the columns.

    ``contains`` are text columns that ``/pagination`` matches by part. ``scoped`` records belong to an organization;
    ``demands`` says whether lists and writes must name it. The statuses are those of create, update and delete.
    """

    name: str
    columns: Mapping[str, Column]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    contains: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    scoped: bool = True
    demands: bool = True
    created: int = 201
    updated: int = 202
    deleted: int = 202
    known: ClassVar[dict[str, Entity]] = {}

    def __post_init__(self) -> None:
        self.known[self.name] = self

    def routes(
        self,
        path: str,
        *,
        view: Sequence[str] = (),
        add: Sequence[str] = (),
        edit: Sequence[str] = (),
        remove: Sequence[str] = (),
    ) -> list[Route]:
        """The seven usual routes and soft deletion; each group with the permissions of which the caller needs one."""
        return [
            get(path, self.listing, *view),
            get(f"{path}/pagination", self.paginate, *view),
            get(f"{path}/count", self.count, *view),
            get(f"{path}/:id", self.get, *view),
            post(path, self.create, *add),
            put(f"{path}/:id", self.update, *edit),
            delete(f"{path}/:id", self.remove, *remove),
            delete(f"{path}/:id/soft", self.hide, *edit),
            put(f"{path}/:id/recover", self.recover, *edit),
        ]

    # --- rows ----------------------------------------------------------------

    def new(self, store: Transaction, tenant_id: str | None, user_id: str | None, values: Mapping[str, Any]) -> Row:
        """A stored record: base columns, defaults, then ``values``."""
        moment = store.now()
        owner = {"tenantId": tenant_id} | ({"organizationId": None} if self.scoped else {})
        defaults = {name: column.default for name, column in self.columns.items()}
        dated = {"createdAt": moment, "updatedAt": moment, "createdByUserId": user_id}
        return store.put(self.name, {**BASE, **owner, **defaults, **dated, **values})

    def shown(self, store: Transaction, row: Row, tree: Tree, select: Sequence[str] = ()) -> Row:
        """``row`` as Gauzy answers it, with the relations of ``tree``. Raises Disguised for an unknown one."""
        public = {
            name: value for name, value in row.items() if not name.startswith("_") and (not select or name in select)
        }
        for name, branch in tree.items():
            public[name] = self._related(store, row, name, branch)
        public.update({name: value for name, value in self.extra.items() if not select or name == "image"})
        return {**public, **self.derived(public)}

    def derived(self, public: Row) -> Row:
        """Fields that Gauzy computes as it reads."""
        return {}

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        """The answer to a create: the record without what is only read with it."""
        return {**public(row), "tenant": {"id": row["tenantId"]}}

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        return self.shown(call.store, row, {})

    def _related(self, store: Transaction, row: Row, name: str, branch: Tree) -> Any:
        relation = self._relation(name)
        found = relation.read(store, row)
        if isinstance(found, list):
            return [self.known[relation.entity].shown(store, record, branch) for record in found]
        return None if found is None else self.known[relation.entity].shown(store, found, branch)

    def _relation(self, name: str) -> Relation:
        if name not in self.relations:
            raise self.unknown(name)
        return self.relations[name]

    def unknown(self, name: str) -> Disguised:
        return Disguised(f'Property "{name}" was not found in "{self.name}". Make sure your query is correct.')

    # --- reading -------------------------------------------------------------

    def listing(self, call: Call) -> Reply:
        """``GET path``: everything that matches; ``skip`` is an offset here."""
        rows = self.ordered(call, self.matching(call, self.where(call), paged=False))
        take = number(call, "take", 0)
        if take > MAX_PAGE:
            raise Refusal(400, [f"take must not be greater than {MAX_PAGE}"])
        skip = number(call, "skip", 0)
        return self.page(call, rows[skip : skip + take] if take else rows[skip:], len(rows))

    def paginate(self, call: Call) -> Reply:
        """``GET path/pagination``: ``take`` up to 100, 10 for 0 or none; ``skip`` is the number of the page.

        What a plain list disguises is refused here, with an empty body.
        """
        take = number(call, "take", 0) or 10
        if take > MAX_PAGE:
            raise Refusal(400, [f"take must not be greater than {MAX_PAGE}"])
        where = self.where(call)
        try:
            rows = self.ordered(call, self.matching(call, where, paged=True))
            first = (max(number(call, "skip", 1), 1) - 1) * take
            return self.page(call, rows[first : first + take], len(rows))
        except Disguised:
            raise Refusal(400) from None

    def page(self, call: Call, rows: Sequence[Row], total: int, tree: Tree | None = None) -> Reply:
        tree = tree_of(listed(call.query.get("relations"))) if tree is None else tree
        select = selected(call)
        return Reply(200, {"items": [self.shown(call.store, row, tree, select) for row in rows], "total": total})

    def count(self, call: Call) -> Reply:
        filters = {name: value for name, value in call.query.items() if name != "tenantId"}
        return Reply(200, len(self.matching(call, filters, paged=False)))

    def get(self, call: Call) -> Reply:
        row = self.find(call, call.ids[0])
        return Reply(200, self.shown(call.store, row, tree_of(listed(call.query.get("relations"))), selected(call)))

    def find(self, call: Call, record_id: str) -> Row:
        """The record of the caller's tenant. Raises a 406 for an id that is none, a 404 for an unknown one."""
        row = call.store.find(self.name, path_id(record_id), call.tenant_id)
        if row is None or row["deletedAt"] is not None:
            raise self.missing()
        return row

    def missing(self) -> Refusal:
        return not_found()

    # --- writing -------------------------------------------------------------

    def create(self, call: Call) -> Reply:
        body = call.body()
        self.check(call, body, None)
        return Reply(self.created, self.as_created(call, self.insert(call, body), body))

    def update(self, call: Call) -> Reply:
        body, record_id = call.body(), path_id(call.ids[0])
        self.check(call, body, record_id)
        row = call.store.find(self.name, record_id, call.tenant_id)
        if row is None:
            return self.update_unknown(call, record_id, body)
        return Reply(self.updated, self.as_updated(call, self.change(call, row, body), body))

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        raise not_found()

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        """Refuses a body that the DTO refuses; ``record_id`` is None for a create."""
        found = rules.organization(call, body) if self.demands else []
        rules.demand(found + rules.validate(self.columns, body, creating=record_id is None))

    def insert(self, call: Call, body: Row) -> Row:
        values = {name: body[name] for name in self.columns if body.get(name) is not None}
        owner = {"organizationId": body.get("organizationId")} if self.scoped else {}
        return self.new(call.store, call.tenant_id, call.user_id, {**owner, **values, **self.links(call, body)})

    def change(self, call: Call, row: Row, body: Row) -> Row:
        """Stores what ``body`` says about ``row``; what it does not name stays."""
        row |= {name: body[name] for name in self.columns if name in body}
        row |= self.links(call, body) | {"updatedAt": call.now(), "updatedByUserId": call.user_id}
        return call.store.put(self.name, row)

    def links(self, call: Call, body: Row) -> Row:
        """``_members`` and the like from a body's lists of ``{id}``. Raises a 400 for an id that is nobody's."""
        found: Row = {}
        for name, relation in self.relations.items():
            if relation.entity and isinstance(body.get(name), list):
                ids = [item.get("id") for item in body[name] if isinstance(item, dict)]
                if any(call.store.find(relation.entity, item, call.tenant_id) is None for item in ids):
                    raise Refusal(400, FOREIGN_KEY, named=False)
                found[f"_{name}"] = ids
        return found

    def remove(self, call: Call) -> Reply:
        affected = call.store.delete(self.name, path_id(call.ids[0]), call.tenant_id)
        return Reply(self.deleted, {"raw": [], "affected": affected})

    def hide(self, call: Call) -> Reply:
        """``DELETE path/{id}/soft``."""
        rules.demand(rules.organization(call, call.query))
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None:
            raise Refusal(400, f"An error occurred during soft removal: {MISSING}")
        row |= {"deletedAt": call.now(), "deletedByUserId": call.user_id, "updatedAt": call.now()}
        return Reply(202, self.shown(call.store, call.store.put(self.name, row), {}))

    def recover(self, call: Call) -> Reply:
        """``PUT path/{id}/recover`` looks for the record among those that are not deleted, so it never finds it."""
        path_id(call.ids[0])
        raise not_found(f"An error occurred during restoring entity: {MISSING}")

    # --- matching ------------------------------------------------------------

    def where(self, call: Call) -> Mapping[str, Any]:
        """The filters of a list. Raises a 400 when they miss the organization or name a foreign one."""
        where = call.query.get("where")
        if not isinstance(where, dict):
            if not self.demands:
                return {}
            raise Refusal(400, ["where should not be empty"])
        if self.demands:
            rules.demand(rules.organization(call, where, "where."))
        return where

    def matching(self, call: Call, where: Mapping[str, Any], *, paged: bool) -> list[Row]:
        """The rows that fit ``where``. Raises Disguised for an unknown column."""
        rows = call.store.rows(self.name, call.tenant_id)
        if call.query.get("withDeleted") != "true":
            rows = [row for row in rows if row["deletedAt"] is None]
        for name, value in where.items():
            if name != "tenantId":
                test = self.test(call, name, value, paged=paged)
                rows = [row for row in rows if test(row)]
        return rows

    def test(self, call: Call, name: str, value: Any, *, paged: bool) -> Test:
        if name in self.relations:
            return self._of_relation(call, self.relations[name], value, paged=paged)
        if name not in self.columns and name not in BASE and name not in self._own():
            raise self.unknown(name)
        if isinstance(value, dict | list):
            several = listed(value)
            if len(several) != 1:
                raise DatabaseRefusal() if paged else Disguised("RangeError: Too many parameter values were provided")
            value = several[0]
        asked = transformed(value) if paged else value
        if paged and name in self.contains:
            return lambda row: isinstance(asked, str) and asked.lower() in str(row.get(name) or "").lower()
        return lambda row: equal(row.get(name), asked)

    def _of_relation(self, call: Call, relation: Relation, value: Any, *, paged: bool) -> Test:
        """``[id]=…`` and other columns of the related records; ``[0]=…`` or ``[]=…`` is a list of their ids."""
        ids = listed(value)
        if ids:
            if not paged:
                raise Disguised("RangeError: Too many parameter values were provided")
            return lambda row: any(record["id"] in ids for record in relation.rows(call.store, row))
        if not isinstance(value, dict):
            raise Disguised("Unexpected value for a relation")
        if not relation.entity:
            return lambda row: False
        target = self.known[relation.entity]
        tests = [target.test(call, name, wanted, paged=paged) for name, wanted in value.items()]
        return lambda row: any(all(test(record) for test in tests) for record in relation.rows(call.store, row))

    def ordered(self, call: Call, rows: list[Row]) -> list[Row]:
        order = call.query.get("order")
        for name, direction in reversed(list(order.items()) if isinstance(order, dict) else []):
            if name in self.relations:
                continue
            if name not in self.columns and name not in BASE and name not in self._own():
                raise self.unknown(name)
            # SQLite puts NULL first.
            rows = sorted(rows, key=lambda row: (row.get(name) is not None, row.get(name)), reverse=direction == "DESC")
        return rows

    def _own(self) -> tuple[str, ...]:
        return ("id", "tenantId", "organizationId") if self.scoped else ("id", "tenantId")


def transformed(value: str) -> str | bool:
    """Gauzy's ``/pagination`` makes a boolean of everything that reads as JSON: ``5`` becomes true."""
    try:
        return bool(orjson.loads(value))
    except orjson.JSONDecodeError:
        return value


def equal(stored: Any, asked: str | bool) -> bool:
    """As SQLite compares: booleans are 1 and 0, and instants are kept as ``2026-11-23 10:51:13.000``."""
    if stored is None:
        return False
    wanted = ("1" if asked else "0") if isinstance(asked, bool) else asked
    if isinstance(stored, bool):
        return ("1" if stored else "0") == wanted
    if isinstance(stored, str) and _INSTANT.fullmatch(stored):
        return stored.replace("T", " ").removesuffix("Z") == wanted
    return str(stored) == wanted.removeprefix("+")


def number(call: Call, name: str, default: int) -> int:
    value = call.query.get(name)
    if value in (None, ""):
        return default
    if not isinstance(value, str) or not value.isdigit():
        raise Refusal(400, [f"{name} must be an integer number"])
    return int(value)


def selected(call: Call) -> tuple[str, ...]:
    """The columns of ``select[id]=true&select[title]=true``; empty for all."""
    select = call.query.get("select")
    return tuple(name for name, value in select.items() if value == "true") if isinstance(select, dict) else ()


def public(row: Row) -> Row:
    return {name: value for name, value in row.items() if not name.startswith("_")}
