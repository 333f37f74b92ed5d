"""What equipment, products, warehouses and merchants have in common in Gauzy's ways to list and to save."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Refusal, Reply
from mcp_tools.sandbox.relations import Tree, tree_of
from mcp_tools.sandbox.store import Row

VIEW: Final = ("ORG_INVENTORY_VIEW",)
EDIT: Final = ("ORG_INVENTORY_PRODUCT_EDIT",)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def currency(name: str, value: Any) -> list[str]:
    """Three capitals: the sandbox keeps no list of currencies."""
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return []
    empty = [f"{name} should not be empty"] if value in ("", None) else []
    return [*empty, f"{name} must be one of the following values: AED, AUD, CHF, EUR, GBP, JPY, USD"]


def data_of(call: Call) -> tuple[Mapping[str, Any], Tree]:
    """Filters and relations of ``?data={"findInput": …, "relations": …}``; nothing for what is no such JSON."""
    try:
        data = orjson.loads(call.query.get("data", "{}"))
    except (ValueError, TypeError):
        data = {}
    asked = data if isinstance(data, dict) else {}
    found = _texts(asked.get("findInput") or {})
    return found if isinstance(found, dict) else {}, tree_of(asked.get("relations") or ())


def _texts(value: Any) -> Any:
    """Numbers as the texts that a query string would have."""
    if isinstance(value, dict):
        return {name: _texts(item) for name, item in value.items() if item is not None}
    return value if isinstance(value, bool) else str(value)


def not_null(column: str) -> Refusal:
    """What the database says about a body that lacks ``column``."""
    refusal = Refusal(400)
    code = "SQLITE_CONSTRAINT_NOTNULL"
    refusal.reply = Reply(
        400, {"query": f"INSERT … {column}", "parameters": [], "driverError": {"code": code}, "code": code}
    )
    return refusal


class FoundByData(Entity):
    """A plain list that takes JSON in ``data``; ``where`` and paging have no effect there."""

    def listing(self, call: Call) -> Reply:
        wanted, tree = data_of(call)
        rows = self.matching(call, wanted, paged=False)
        return self.page(call, rows, len(rows), tree)


@dataclass(frozen=True)
class Saved(Entity):
    """A PUT saves its body: it makes a record that is not there, and answers what was sent.

    ``solid`` are columns that the database wants in every new record.
    """

    solid: tuple[str, ...] = ()

    def insert(self, call: Call, body: Row) -> Row:
        for name in self.solid:
            if body.get(name) is None and self.columns[name].default is None:
                raise not_null(name)
        return super().insert(call, body)

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        row = self.insert(call, body)
        call.store.delete(self.name, row["id"], call.tenant_id)
        return Reply(self.updated, self.as_created(call, call.store.put(self.name, {**row, "id": record_id}), body))

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        """What was sent, and null for other columns that may be so."""
        owner = {name: row[name] for name in ("id", "tenantId", "organizationId", "updatedAt", "updatedByUserId")}
        flags = {name: body.get(name) for name in ("isActive", "isArchived")}
        unsaid = dict.fromkeys(("createdByUserId", "deletedByUserId", "archivedAt"))
        columns = {name: body.get(name) for name in self.columns if name in body or name not in self.solid}
        return {**owner, **unsaid, **flags, **columns, "tenant": {"id": row["tenantId"]}}
