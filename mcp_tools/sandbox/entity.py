"""One kind of record of the sandbox: its columns, relations and roles. The generic routes are derived from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.http import Call, Disguised, Refusal, Reply, forbidden, listed, not_found
from mcp_tools.sandbox.rules import Column, path_id
from mcp_tools.sandbox.store import Row, Transaction, now

Relation = Callable[[Transaction, Row], Any]
Match = Callable[[Row, Any], bool]

BASE: Final[Mapping[str, Any]] = {
    "deletedAt": None, "createdByUserId": None, "updatedByUserId": None, "deletedByUserId": None,
    "isActive": True, "isArchived": False, "archivedAt": None,
}  # fmt: skip
ADMINS: Final = ("SUPER_ADMIN", "ADMIN")


@dataclass(frozen=True)
class Entity:
    """``contains`` are text columns that ``/pagination`` matches by part; ``matches`` are nested filters by path.

    ``derived`` adds computed fields to a record as it is read. ``admin_only`` are the verbs an EMPLOYEE is refused.
    """

    name: str
    path: str
    columns: Mapping[str, Column]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    contains: tuple[str, ...] = ()
    matches: Mapping[str, Match] = field(default_factory=dict)
    derived: Callable[[Transaction, Row], Row] | None = None
    created: int = 201
    updated: int = 202
    deleted: tuple[int, bool] = (202, True)
    admin_only: tuple[str, ...] = ()
    missing: Callable[[], Refusal] = not_found

    # --- rows ----------------------------------------------------------------

    def new(self, store: Transaction, tenant_id: str, user_id: str | None, values: Mapping[str, Any]) -> Row:
        """A stored record: base columns, defaults, then ``values``."""
        made = {
            **BASE,
            **{name: column.default for name, column in self.columns.items()},
            "createdAt": now(),
            "updatedAt": now(),
            "createdByUserId": user_id,
            "tenantId": tenant_id,
            **values,
        }
        return store.put(self.name, made)

    def shown(self, store: Transaction, row: Row, relations: list[str]) -> Row:
        """``row`` as Gauzy answers it, with the relations that were asked for. Raises Disguised for an unknown one."""
        public = {name: value for name, value in row.items() if not name.startswith("_")}
        for path in relations:
            name = path.split(".")[0]
            if name not in self.relations:
                raise Disguised(f'Property "{name}" was not found in "{self.name}". Make sure your query is correct.')
            public[name] = self.relations[name](store, row)
        return self.derived(store, public) if self.derived else public

    # --- routes --------------------------------------------------------------

    def list(self, call: Call) -> Reply:
        """``GET path``: everything that matches; ``skip`` is an offset here."""
        self._allow(call, "list")
        rows = self.matching(call, self._where(call))
        skip, take = _number(call, "skip", 0), call.query.get("take")
        wanted = rows[skip : skip + int(take)] if take else rows[skip:]
        relations = listed(call.query.get("relations"))
        return Reply(200, {"items": [self.shown(call.store, row, relations) for row in wanted], "total": len(rows)})

    def paginate(self, call: Call) -> Reply:
        """``GET path/pagination``: ``take`` up to 100 (10 by default), ``skip`` is the number of the page."""
        self._allow(call, "list")
        take = _number(call, "take", 10)
        if take > 100:
            raise Refusal(400, ["take must not be greater than 100"])
        rows = self.matching(call, self._where(call), partial=True)
        page = max(_number(call, "skip", 1), 1)
        wanted = rows[(page - 1) * (take or 10) : page * (take or 10)]
        relations = listed(call.query.get("relations"))
        try:
            items = [self.shown(call.store, row, relations) for row in wanted]
        except Disguised:
            raise Refusal(400) from None
        return Reply(200, {"items": items, "total": len(rows)})

    def count(self, call: Call) -> Reply:
        filters = {name: value for name, value in call.query.items() if name != "tenantId"}
        return Reply(200, len(self.matching(call, filters)))

    def get(self, call: Call) -> Reply:
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        if row is None:
            raise self.missing()
        return Reply(200, self.shown(call.store, row, listed(call.query.get("relations"))))

    def create(self, call: Call) -> Reply:
        self._allow(call, "create")
        body = call.body()
        rules.demand(rules.validate(self.columns, body, creating=True) + self._organization(body))
        return Reply(self.created, self.shown(call.store, self.insert(call, body), []))

    def insert(self, call: Call, body: Mapping[str, Any]) -> Row:
        values = {name: body[name] for name in self.columns if name in body and body[name] is not None}
        values |= {f"_{name}": [item["id"] for item in body[name]] for name in self._linked(body)}
        return self.new(
            call.store, call.tenant_id, call.user_id, {"organizationId": body.get("organizationId"), **values}
        )

    def update(self, call: Call) -> Reply:
        self._allow(call, "update")
        row = call.store.find(self.name, path_id(call.ids[0]), call.tenant_id)
        body = call.body()
        rules.demand(rules.validate(self.columns, body, creating=False) + self._organization(body))
        if row is None:
            raise (
                Refusal(400, "The requested record was not found", named=False) if self.updated == 202 else not_found()
            )
        return Reply(self.updated, self.shown(call.store, self.change(call, row, body), []))

    def change(self, call: Call, row: Row, body: Mapping[str, Any]) -> Row:
        """Stores what ``body`` says about ``row``; what it does not name stays."""
        row |= {name: body[name] for name in self.columns if name in body}
        row |= {f"_{name}": [item["id"] for item in body[name]] for name in self._linked(body)}
        row |= {"updatedAt": now(), "updatedByUserId": call.user_id}
        return call.store.put(self.name, row)  # type: ignore[no-any-return]

    def remove(self, call: Call) -> Reply:
        self._allow(call, "delete")
        affected = call.store.delete(self.name, path_id(call.ids[0]), call.tenant_id)
        status, told = self.deleted
        return Reply(status, {"raw": [], "affected": affected} if told else None)

    # --- matching ------------------------------------------------------------

    def matching(self, call: Call, where: Mapping[str, Any], *, partial: bool = False) -> Any:
        """The rows that fit ``where``, ordered. Raises what Gauzy answers to an unknown column."""
        rows = call.store.rows(self.name, call.tenant_id)
        for name, value in where.items():
            if name == "tenantId":
                continue
            test = self._test(name, value, partial=partial)
            rows = [row for row in rows if test(row)]
        for name, direction in (call.query.get("order") or {}).items():
            if name not in self.columns and name not in ("createdAt", "updatedAt", "id", "number"):
                raise self._unknown(name, partial=partial)
            rows.sort(key=lambda row: (row.get(name) is not None, row.get(name)), reverse=direction == "DESC")
        return rows

    def _test(self, name: str, value: Any, *, partial: bool) -> Callable[[Row], bool]:
        path = name
        while isinstance(value, dict) and path not in self.matches:
            step, value = next(iter(value.items()))
            path = f"{path}.{step}"
        if path in self.matches:
            match = self.matches[path]
            return lambda row: match(row, value)
        if (
            path not in self.columns
            and path not in BASE
            and path not in ("id", "organizationId", "createdAt", "updatedAt")
        ):
            raise self._unknown(path, partial=partial)
        if partial and path in self.contains:
            return lambda row: str(value).lower() in str(row.get(path) or "").lower()
        return lambda row: _equal(row.get(path), value, as_json=partial)

    def _unknown(self, name: str, *, partial: bool) -> Exception:
        if partial:
            return Refusal(400)
        return Disguised(f'Property "{name}" was not found in "{self.name}". Make sure your query is correct.')

    def _where(self, call: Call) -> Mapping[str, Any]:
        where = call.query.get("where")
        if not isinstance(where, dict):
            raise Refusal(400, ["where should not be empty", "where must be an object"])
        if not rules.is_uuid(where.get("organizationId")):
            raise Refusal(400, ["where.organizationId must be a UUID"])
        known = call.store.find("organization", where["organizationId"], call.tenant_id)
        if known is None:
            raise Refusal(400, ["where.organizationId does not belong to this tenant"])
        return where

    def _organization(self, body: Mapping[str, Any]) -> list[str]:
        return rules.organization(body)

    def _linked(self, body: Mapping[str, Any]) -> list[str]:
        """Relations that a body sets as a list of ``{id}`` objects."""
        return [name for name in self.relations if isinstance(body.get(name), list) and name not in self.columns]

    def _allow(self, call: Call, verb: str) -> None:
        if verb in self.admin_only and call.role not in ADMINS:
            raise forbidden()


def _equal(stored: Any, asked: Any, *, as_json: bool) -> bool:
    """Values of a query are text; only ``/pagination`` reads ``true`` and ``false`` as booleans."""
    if isinstance(stored, bool):
        return (asked == "true") == stored if as_json else asked == ("1" if stored else "0")
    return stored is not None and str(stored) == asked


def _number(call: Call, name: str, default: int) -> int:
    value = call.query.get(name)
    if value is None:
        return default
    if not isinstance(value, str) or not value.isdigit():
        raise Refusal(400, [f"{name} must be an integer number"])
    return int(value)


def one(entity: str, column: str) -> Relation:
    """The record that ``column`` names."""

    def read(store: Transaction, row: Row) -> Any:
        return public(store.find(entity, row.get(column), row["tenantId"]))

    return read


def many(entity: str, key: str) -> Relation:
    """The records whose ids the row keeps under ``_key``."""

    def read(store: Transaction, row: Row) -> Any:
        found = (store.find(entity, item, row["tenantId"]) for item in row.get(f"_{key}", []))
        return [public(record) for record in found if record is not None]

    return read


def has(key: str) -> Match:
    """Whether the ids kept under ``_key`` hold any of those asked for."""

    def match(row: Row, value: Any) -> bool:
        asked = listed(value) or [value]
        return any(item in row.get(f"_{key}", []) for item in asked)

    return match


def public(row: Row | None) -> Row | None:
    return None if row is None else {name: value for name, value in row.items() if not name.startswith("_")}
