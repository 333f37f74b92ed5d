"""Merchants (Gauzy route ``/merchants``), which are broken in Gauzy's version of 2026-06: whatever passes the checks
fails, with the status of success."""

from __future__ import annotations

from typing import Final, NoReturn

from mcp_tools.sandbox.domains.inventory import EDIT, VIEW, currency
from mcp_tools.sandbox.entity import Entity
from mcp_tools.sandbox.http import Call, Disguised, Refusal, Reply, not_found
from mcp_tools.sandbox.rules import Column, email, not_empty, path_id, plain, string
from mcp_tools.sandbox.store import Row

FAULT: Final = "Cannot read properties of undefined (reading 'metadata')"


class Merchants(Entity):
    def listing(self, call: Call) -> Reply:
        self.where(call)
        raise Refusal(400)

    def paginate(self, call: Call) -> Reply:
        self.where(call)
        _fail()

    def count(self, call: Call) -> Reply:
        _fail()

    def find(self, call: Call, record_id: str) -> Row:
        path_id(record_id)
        _fail()

    def insert(self, call: Call, body: Row) -> Row:
        _fail()

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        return Reply(202, {"message": FAULT})

    def remove(self, call: Call) -> Reply:
        path_id(call.ids[0])
        raise not_found("The record was not found")


def _fail() -> NoReturn:
    raise Disguised(FAULT)


merchant = Merchants(
    "Merchant",
    {
        "name": Column(checks=(string, not_empty), needed=True, kept=True),
        "code": Column(checks=(string, not_empty), needed=True, kept=True),
        "email": Column(checks=(email, not_empty), needed=True, kept=True),
        "currency": Column(checks=(currency,), needed=True, kept=True),
        **plain("phone description"),
        **plain("active", True),
    },
)

ROUTES = merchant.routes("/merchants", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT)
