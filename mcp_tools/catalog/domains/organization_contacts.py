"""Contacts of the organization: clients, customers, leads (Gauzy route ``/organization-contact``)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.domains.projects import project
from mcp_tools.catalog.entity import Entity
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import owner
from mcp_tools.catalog.rows import follow, rows_of
from mcp_tools.catalog.tool import Run, Tool, ToolError

TYPES = ("CLIENT", "CUSTOMER", "LEAD")

contact = Entity(
    "organization_contact",
    "/organization-contact",
    "organization_contacts",
    columns={
        "name": f.text(required=True),
        "contactType": f.choice(*TYPES),
        "primaryEmail": f.text(format="email"),
        "primaryPhone": f.text(),
        "notes": f.text(),
        "budget": f.number().as_unlisted(),
        "budgetType": f.choice("hours", "cost").as_unlisted(),
        "country": f.text(column="contact.country"),
        "city": f.text(column="contact.city"),
        "address": f.text(column="contact.address"),
        "postcode": f.text(column="contact.postcode").as_unlisted(),
        "website": f.text(column="contact.website").as_unlisted(),
        "memberIds": f.refs("Employees", column="members[].id"),
        "projectIds": f.refs(column="projects[].id").as_unlisted(),
        "tagIds": f.refs(column="tags[].id").as_unlisted(),
    },
    filters={
        "name": f.text("Contains"),
        "email": f.text("Contains", where="primaryEmail"),
        "phone": f.text("Contains", where="primaryPhone"),
        "contactType": f.choice(*TYPES),
        "inviteStatus": f.choice("NOT_INVITED", "INVITED", "ACCEPTED"),
        "employeeId": f.ref("Member", where="members[]"),
        "tagId": f.ref(where="tags.id").as_unlisted(),
        "isActive": f.boolean().as_unlisted(),
    },
    shows={
        "inviteStatus": "string",
        "contactId": "string",
        "contact": "object",
        "members": "array",
        "projects": "array",
    },
    sort=("createdAt", "updatedAt", "name", "primaryEmail", "contactType", "inviteStatus", "budget"),
    relations=("contact", "projects", "tags", "members", "members.user"),
    merge=("name", "contactType"),
    carry={"contact": "contactId"},
    names={"city": "contact.city", "country": "contact.country"},
    include=("contact",),
    wrapper="contact_data",
    address="contact",
    data_relations=True,
)


async def _enrol(gauzy: Gauzy, employee_id: str, added: list[str], removed: list[str]) -> None:
    """``PUT /organization-contact/employee``: says true whatever happened, also about contacts that are not there."""
    member = {"id": employee_id}
    body = {**owner(await gauzy.identity()), "member": member, "addedEntityIds": added, "removedEntityIds": removed}
    await gauzy.request("PUT", path_to(contact.path + "/employee"), body=body)


def _assigning(*, member: bool) -> Run:
    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        gauzy, contact_id, employee_id = context.gauzy, arguments["contactId"], arguments["employeeId"]
        await contact.read(gauzy, contact_id)
        await _enrol(gauzy, employee_id, [contact_id] if member else [], [] if member else [contact_id])
        row = await contact.read(gauzy, contact_id, ("members",))
        ids = follow(row, "members[].id")
        if (employee_id in ids) != member:
            raise ToolError(f"Gauzy did not change the members of {row['name']}; look the employee up")
        return {"id": contact_id, "name": row["name"], "employeeIds": ids}

    return run


async def of_employee(context: ToolContext, arguments: dict[str, Any]) -> Any:
    gauzy, employee_id = context.gauzy, arguments["employeeId"]
    added, removed = arguments.get("addContactIds", []), arguments.get("removeContactIds", [])
    if not added and not removed:
        raise ToolError("Nothing to change: give addContactIds, removeContactIds or both")
    await _enrol(gauzy, employee_id, added, removed)
    query = list(owner(await gauzy.identity()).items())
    rows, _ = rows_of(await gauzy.request("GET", path_to(contact.path + "/employee/{id}", id=employee_id), query=query))
    ids = [row["id"] for row in rows]
    wrong = [*(one for one in added if one not in ids), *(one for one in removed if one in ids)]
    if wrong:
        raise ToolError(f"Gauzy did not change {', '.join(wrong)}; the others are done. Look those contacts up")
    return {"items": [{"id": row["id"], "name": row["name"]} for row in rows], "total": len(rows)}


async def invite(context: ToolContext, arguments: dict[str, Any]) -> Any:
    """``PUT /invite/organization-contact/{id}``. The link in the mail leads to Gauzy's web application."""
    gauzy, identity = context.gauzy, await context.gauzy.identity()
    current = await contact.read(gauzy, arguments["contactId"])
    if not current.get("primaryEmail"):
        raise ToolError(f"{current['name']} has no primaryEmail, so nobody can be invited; set it first")
    body = {
        **owner(identity), "inviterUser": {"id": identity.user_id}, "languageCode": arguments.get("language", "en"),
        "originalUrl": _app_address(context, arguments.get("appUrl")),
    }  # fmt: skip
    await gauzy.request("PUT", path_to("/invite/organization-contact/{id}", id=current["id"]), body=body)
    row = await contact.read(gauzy, current["id"])
    return {name: row.get(name) for name in ("id", "name", "primaryEmail", "inviteStatus")}


def _app_address(context: ToolContext, asked: str | None) -> str:
    """The configured address (GAUZY_APP_URL). Raises ToolError when a caller asks for a link to anywhere else."""
    configured = str(context.describe_server()["gauzyApp"])
    if asked is not None and _origin(asked) != _origin(configured):
        raise ToolError(
            f'appUrl: "{asked[:80]}" is not the address of this Gauzy. Leave it out: the link leads to {configured}, '
            "which the operator sets with GAUZY_APP_URL"
        )
    return configured


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()


ON_CONTACT = f.properties({"contactId": f.ref(), "employeeId": f.ref()})
MANY = {"type": "array", "items": f.UUID, "maxItems": 50}
NAMED = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}

TOOLS = [
    contact.list(
        "get_organization_contacts", "Find clients, customers and leads by name, e-mail address, type or member."
    ),
    contact.list("get_organization_contacts_pagination", "Contacts page by page.", without=("email", "phone", "tagId")),
    contact.list("get_organization_contacts_by_employee", "Contacts of an employee.", require=("employeeId",)),
    contact.count("get_organization_contact_count", "How many contacts there are, all or by filter."),
    contact.get("get_organization_contact", "One contact by id."),
    contact.create("create_organization_contact", "Add a client, customer or lead."),
    contact.update("update_organization_contact", "Change a contact; lists of ids replace the ones before."),
    contact.delete("delete_organization_contact", "Delete a contact for good."),
    contact.statistics(
        "get_organization_contact_statistics", "Contacts by type, invitation and country.",
        by=("contactType", "inviteStatus", "country"),
    ),
    replace(project, toolset="organization_contacts").list(
        "get_contact_projects", "Projects of a contact.", require=("contactId",),
        without=("employeeId", "billable", "currency", "owner", "billing", "code", "public"),
    ),
    Tool(
        "assign_contact_to_employee", "Make an employee a member of a contact.", "organization_contacts",
        _assigning(member=True), ON_CONTACT, ["contactId", "employeeId"], output=outputs.MEMBERS, effect="changes",
        keywords="responsible account add",
    ),
    Tool(
        "unassign_contact_from_employee", "Take an employee off a contact.", "organization_contacts",
        _assigning(member=False), ON_CONTACT, ["contactId", "employeeId"], output=outputs.MEMBERS, effect="changes",
        keywords="remove member",
    ),
    Tool(
        "update_organization_contact_by_employee", "Change which contacts an employee is a member of.",
        "organization_contacts", of_employee,
        {"employeeId": f.UUID, "addContactIds": MANY, "removeContactIds": MANY}, ["employeeId"],
        output=outputs.listed(NAMED), effect="changes",
    ),
    Tool(
        "invite_organization_contact", "Invite a contact by e-mail to see its projects in Gauzy.",
        "organization_contacts", invite,
        {"contactId": f.UUID}, ["contactId"],
        effect="changes", reaches_outside=True, idempotent=False,
        output={"properties": {name: {"type": "string"} for name in ("id", "name", "primaryEmail", "inviteStatus")}},
        hidden={
            "appUrl": {"type": "string", "format": "uri"}, "language": {"type": "string"},
            "inviteType": {"type": "string", "enum": ["EMAIL"]},
        },
        keywords="send invitation access portal",
    ),
    contact.bulk_create("bulk_create_organization_contacts", "Add up to 50 contacts.", "contacts"),
    contact.bulk_update("bulk_update_organization_contacts", "Change up to 50 contacts.", "contacts"),
    contact.bulk_delete("bulk_delete_organization_contacts", "Delete up to 50 contacts for good."),
]  # fmt: skip
