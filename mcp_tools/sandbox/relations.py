"""How records refer to each other, and the trees of relations that a request asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mcp_tools.sandbox.store import Row, Transaction

Tree = dict[str, Any]
"""``{"members": {"employee": {"user": {}}}}`` for ``relations[]=members.employee.user``."""

Related = Callable[[Transaction, Row], Row | list[Row] | None]


@dataclass(frozen=True, slots=True)
class Relation:
    """``entity`` names what is related; ``read`` answers one row, a list of rows, or None."""

    entity: str
    read: Related

    def rows(self, store: Transaction, row: Row) -> list[Row]:
        found = self.read(store, row)
        return found if isinstance(found, list) else [] if found is None else [found]


def tree_of(paths: Iterable[str]) -> Tree:
    tree: Tree = {}
    for path in paths:
        branch = tree
        for step in path.split("."):
            branch = branch.setdefault(step, {})
    return tree


def one(entity: str, column: str) -> Relation:
    """The record that ``column`` names."""
    return Relation(entity, lambda store, row: store.find(entity, row.get(column), _tenant(row)))


def many(entity: str, key: str) -> Relation:
    """The records whose ids the row keeps under ``_key``."""

    def read(store: Transaction, row: Row) -> list[Row]:
        found = (store.find(entity, item, _tenant(row)) for item in row.get(f"_{key}", ()))
        return [record for record in found if record is not None]

    return Relation(entity, read)


def owned(entity: str, column: str) -> Relation:
    """The records whose ``column`` is the id of the row."""

    def read(store: Transaction, row: Row) -> list[Row]:
        return [record for record in store.rows(entity, _tenant(row)) if record.get(column) == row["id"]]

    return Relation(entity, read)


def single(entity: str, column: str) -> Relation:
    """The one record whose ``column`` is the id of the row."""
    everything = owned(entity, column)
    return Relation(entity, lambda store, row: next(iter(everything.rows(store, row)), None))


def holders(entity: str, key: str) -> Relation:
    """The records that keep the row's id under ``_key``: the other side of :func:`many`."""

    def read(store: Transaction, row: Row) -> list[Row]:
        return [record for record in store.rows(entity, _tenant(row)) if row["id"] in record.get(f"_{key}", ())]

    return Relation(entity, read)


def nobody() -> Relation:
    """A relation of Gauzy's to one record of a kind that the demo company has none of."""
    return Relation("", lambda store, row: None)


def nothing() -> Relation:
    """The same, to many."""
    return Relation("", lambda store, row: [])


def _tenant(row: Row) -> str:
    return row.get("tenantId") or row.get("_tenantId") or ""
