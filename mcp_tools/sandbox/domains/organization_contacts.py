"""Clients, customers and leads, and their addresses (Gauzy route ``/organization-contact``)."""

from __future__ import annotations

from typing import Any, Final

import orjson

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.entity import Entity, public
from mcp_tools.sandbox.http import FOREIGN_KEY, Call, DatabaseRefusal, Reply
from mcp_tools.sandbox.pictures import placeholder
from mcp_tools.sandbox.relations import many, nobody, nothing, one, owned, tree_of
from mcp_tools.sandbox.routing import get, put
from mcp_tools.sandbox.rules import Column, email, not_empty, number, one_of, path_id, plain, string
from mcp_tools.sandbox.store import Row

VIEW: Final = ("ORG_CONTACT_VIEW",)
EDIT: Final = ("ORG_CONTACT_EDIT",)


class OrganizationContacts(Entity):
    """Reading by id, the plain list and deleting ask for no permission: an employee may delete clients."""

    def listing(self, call: Call) -> Reply:
        """``where`` has no effect: without ``data`` come the contacts of every organization."""
        asked = _data(call)
        wanted = {name: str(value) for name, value in (asked.get("findInput") or {}).items()}
        rows = self.matching(call, wanted, paged=False)
        return self.page(call, rows, len(rows), tree_of(asked.get("relations") or ()))

    def get(self, call: Call) -> Reply:
        tree = tree_of(_data(call).get("relations") or ())
        return Reply(200, self.shown(call.store, self.find(call, call.ids[0]), tree))

    def insert(self, call: Call, body: Row) -> Row:
        picture = body.get("imageUrl") or placeholder(body["name"], letters=1)
        row = super().insert(call, {**body, "imageUrl": picture, "contactId": self._address(call, body)["id"]})
        self._own_projects(call, row, body)
        return row

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        owners = {"tenant": {"id": row["tenantId"]}, "organization": {"id": row["organizationId"]}}
        made = contact.relations["contact"].read(call.store, row)
        sent = {name: body[name] for name in ("members", "projects", "tags") if name in body}
        return {
            **public(row),
            **owners,
            "contact": {**public(made), **owners} if isinstance(made, dict) else None,
            **sent,
        }

    def change(self, call: Call, row: Row, body: Row) -> Row:
        """Unless the body names the address by id, an empty new one takes its place."""
        row = super().change(call, row, {**body, "contactId": self._address(call, body)["id"]})
        self._own_projects(call, row, body)
        return row

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        """Gauzy creates a contact with that id."""
        row = self.insert(call, body)
        call.store.delete(self.name, row["id"], call.tenant_id)
        made = call.store.put(self.name, {**row, "id": record_id})
        return Reply(self.updated, self.as_updated(call, made, body))

    def links(self, call: Call, body: Row) -> Row:
        return {name: ids for name, ids in super().links(call, body).items() if name != "_projects"}

    def _address(self, call: Call, body: Row) -> Row:
        given = body.get("contact") or {}
        known = call.store.find("Contact", given.get("id"), call.tenant_id)
        if known is not None:
            return address.change(call, known, given)
        values = {name: given[name] for name in address.columns if name in given}
        own = {"organizationId": body["organizationId"], "updatedByUserId": call.user_id}
        return address.new(call.store, call.tenant_id, call.user_id, {**values, **own})

    def _own_projects(self, call: Call, row: Row, body: Row) -> None:
        if not isinstance(body.get("projects"), list):
            return
        wanted = {item.get("id") for item in body["projects"] if isinstance(item, dict)}
        for project in call.store.rows("OrganizationProject", call.tenant_id):
            if project["id"] in wanted:
                call.store.put("OrganizationProject", {**project, "organizationContactId": row["id"]})
            elif project["organizationContactId"] == row["id"]:
                call.store.put("OrganizationProject", {**project, "organizationContactId": None})


def _data(call: Call) -> Row:
    try:
        asked = orjson.loads(call.query.get("data", "{}"))
    except (ValueError, TypeError):
        return {}
    return asked if isinstance(asked, dict) else {}


address = Entity(
    "Contact",
    plain(
        "name firstName lastName country city address address2 postcode latitude longitude regionCode fax "
        "fiscalInformation website"
    ),
)
contact = OrganizationContacts(
    "OrganizationContact",
    {
        "name": Column(checks=(string, not_empty), needed=True, kept=True),
        "primaryEmail": Column(checks=(email,)),
        "primaryPhone": Column(checks=(string,)),
        "inviteStatus": Column(checks=(one_of("NOT_INVITED", "INVITED", "ACCEPTED"),)),
        "notes": Column(checks=(string,)),
        "contactType": Column("CLIENT", (one_of("CLIENT", "CUSTOMER", "LEAD"),)),
        **plain("imageUrl"),
        "budget": Column(checks=(number,)),
        "budgetType": Column("cost", (one_of("hours", "cost"),)),
        **plain("contactId imageId"),
    },
    {
        "contact": one("Contact", "contactId"),
        "members": many("Employee", "members"),
        "projects": owned("OrganizationProject", "organizationContactId"),
        "tags": many("Tag", "tags"),
        "timeLogs": owned("TimeLog", "organizationContactId"),
        "image": nobody(),
        **dict.fromkeys(("invoices", "payments", "expenses", "incomes"), nothing()),
    },
    contains=("name", "primaryEmail", "primaryPhone"),
    extra={"image": None},
)


def by_employee(call: Call) -> Reply:
    """The contacts an employee is a member of, with id, name and picture alone, as a bare array."""
    rules.demand(rules.organization(call, call.query))
    employee_id, kind = path_id(call.ids[0]), call.query.get("contactType")
    rows = [row for row in call.store.rows(contact.name, call.tenant_id) if employee_id in row.get("_members", ())]
    chosen = [row for row in rows if kind is None or row["contactType"] == kind]
    return Reply(
        200, [{"id": row["id"], "name": row["name"], "imageUrl": row["imageUrl"], "image": None} for row in chosen]
    )


def assign(call: Call) -> Reply:
    """Makes an employee a member of contacts and ends other memberships. True whatever happened."""
    body = call.body()
    rules.demand(rules.organization(call, body))
    employee_id = (body.get("member") or {}).get("id")
    added, removed = body.get("addedEntityIds") or [], body.get("removedEntityIds") or []
    if added and call.store.find("Employee", employee_id, call.tenant_id) is None:
        raise DatabaseRefusal(FOREIGN_KEY)
    for row in call.store.rows(contact.name, call.tenant_id):
        if row["id"] in added or row["id"] in removed:
            others = [item for item in row.get("_members", ()) if item != employee_id]
            row["_members"] = [*others, employee_id] if row["id"] in added else others
            call.store.put(contact.name, row)
    return Reply(202, True)


def invite(call: Call) -> Reply:
    """Marks a contact as invited. No mail goes out here."""
    body = call.body()
    rules.demand(rules.organization(call, body))
    row = contact.find(call, call.ids[0])
    row |= {"inviteStatus": "INVITED", "updatedAt": call.now(), "updatedByUserId": call.user_id}
    return Reply(202, contact.shown(call.store, call.store.put(contact.name, row), {}))


ROUTES = [
    *contact.routes("/organization-contact", add=EDIT, edit=EDIT),
    get("/organization-contact/pagination", contact.paginate, *VIEW),
    get("/organization-contact/count", contact.count, *VIEW),
    get("/organization-contact/employee/:id", by_employee),
    put("/organization-contact/employee", assign, "ORG_EMPLOYEES_EDIT"),
    put("/invite/organization-contact/:id", invite, "ORG_INVITE_EDIT"),
]
