"""Contacts of the organization: clients, customers, leads (Gauzy route ``/organization-contact``)."""

from __future__ import annotations

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.entity import Entity

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
        "budget": f.number(),
        "budgetType": f.choice("hours", "cost"),
        "country": f.text(column="contact.country"),
        "city": f.text(column="contact.city"),
        "address": f.text(column="contact.address"),
        "postcode": f.text(column="contact.postcode"),
        "website": f.text(column="contact.website"),
        "memberIds": f.refs("Employees", column="members[].id"),
        "projectIds": f.refs(column="projects[].id"),
        "tagIds": f.refs(column="tags[].id"),
    },
    filters={
        "name": f.text("Contains"),
        "email": f.text("Contains", where="primaryEmail"),
        "phone": f.text("Contains", where="primaryPhone"),
        "contactType": f.choice(*TYPES),
        "inviteStatus": f.choice("NOT_INVITED", "INVITED", "ACCEPTED"),
        "employeeId": f.ref("Member", where="members[]"),
        "tagId": f.ref(where="tags.id"),
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
    contact.bulk_create("bulk_create_organization_contacts", "Add up to 50 contacts.", "contacts"),
    contact.bulk_update("bulk_update_organization_contacts", "Change up to 50 contacts.", "contacts"),
    contact.bulk_delete("bulk_delete_organization_contacts", "Delete up to 50 contacts for good."),
]
