"""Candidates, what they can and have done (Gauzy route ``/candidate``, whose ``/pagination`` ignores filters)."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Sequence
from typing import Any

from mcp_tools.catalog import fields as f
from mcp_tools.catalog import outputs
from mcp_tools.catalog.context import Gauzy, ToolContext
from mcp_tools.catalog.entity import ID, Entity
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import body_of, owner, where_pairs
from mcp_tools.catalog.rows import Row, project
from mcp_tools.catalog.styles import Offsets
from mcp_tools.catalog.tool import Tool, ToolError

STATUSES = ("APPLIED", "REJECTED", "HIRED")
DECIDED = {"REJECTED": "/{id}/rejected", "HIRED": "/{id}/hired"}
PAY_PERIODS = ("NONE", "BI_WEEKLY", "WEEKLY", "TWICE_PER_MONTH", "MONTHLY")


class Candidates(Entity):
    async def read(self, gauzy: Gauzy, record_id: str, relations: Sequence[str] = ()) -> Row:
        """The organization is demanded by id too."""
        query = where_pairs(await gauzy.identity(), {}, {})
        query += [("relations[]", relation) for relation in (relations or self.include)]
        row = await gauzy.request("GET", path_to(self.path + "/{id}", id=record_id), query=query)
        return dict(row)

    async def make(self, gauzy: Gauzy, arguments: dict[str, Any]) -> Row:
        owned = owner(await gauzy.identity())
        body = body_of(self.columns, arguments, with_defaults=True)
        if "source" in body:
            body["source"] |= {"organizationId": owned["organizationId"]}
        # Nobody learns a password that was not given: it is set anew by e-mail.
        body.setdefault("password", secrets.token_urlsafe(24))
        made = await gauzy.request("POST", path_to(self.path), body={**owned, **body})
        return await self.read(gauzy, made["id"])


candidate = Candidates(
    "candidate",
    "/candidate",
    "candidates",
    columns={
        "positionId": f.ref(column="organizationPositionId"),
        "candidateLevel": f.text(),
        "appliedDate": f.date().as_unlisted(),
        "billRateValue": f.integer(),
        "billRateCurrency": f.text("ISO 4217", max_length=3),
        "minimumBillingRate": f.integer().as_unlisted(),
        "payPeriod": f.choice(*PAY_PERIODS).as_unlisted(),
        "reWeeklyLimit": f.integer("Hours").as_unlisted(),
        "cvUrl": f.text().as_unlisted(),
        "tagIds": f.refs(column="tags[].id"),
    },
    filters={
        "status": f.choice(*STATUSES),
        "positionId": f.ref(where="organizationPositionId"),
        "email": f.text("Exact", where="user.email").as_unlisted(),
        "skill": f.text("Exact", where="skills.name").as_unlisted(),
        "candidateLevel": f.text("Exact").as_unlisted(),
        "payPeriod": f.choice(*PAY_PERIODS).as_unlisted(),
        "sourceId": f.ref().as_unlisted(),
        "isActive": f.boolean().as_unlisted(),
        "isArchived": f.boolean().as_unlisted(),
    },
    local={
        "search": containing("user.name", "user.email"),
        "position": containing("organizationPosition.name"),
        "minRating": Local(f.number(maximum=5), lambda row, least: (row["rating"] or 0) >= least),
    },
    shows={
        "status": "string", "rating": "number", "hiredDate": "string", "rejectDate": "string", "sourceId": "string",
        "userId": "string", "employeeId": "string", "alreadyHired": "boolean", "user": "object",
        "skills": "array", "experience": "array", "educations": "array", "feedbacks": "array", "ratings": "number",
    },
    sort=("createdAt", "status", "candidateLevel", "rating"),
    relations=(
        "user", "tags", "organizationPosition", "source", "employee", "skills", "experience", "educations",
        "feedbacks", "documents", "interview", "interview.feedbacks",
    ),
    names={"name": "user.name", "email": "user.email", "positionName": "organizationPosition.name"},
    include=("user", "organizationPosition"),
    wrapper="candidate_data",
    style=Offsets(),
)  # fmt: skip
newcomer = dataclasses.replace(
    candidate,
    columns={
        "email": f.text(column="user.email", format="email", required=True),
        "firstName": f.text(column="user.firstName"),
        "lastName": f.text(column="user.lastName"),
        "password": dataclasses.replace(
            f.text(secret=True), schema={"type": "string", "minLength": 8, "writeOnly": True}
        ).as_unlisted(),
        "positionId": f.ref(column="organizationPosition.id"),
        "appliedDate": f.date(),
        "source": f.text("Such as Referral", column="source.name"),
        "tagIds": f.refs(column="tags[].id"),
    },
)
"""What the create takes: it makes a user as well, and has no place for pay and level."""


async def once(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """Gauzy makes a second user and candidate of the same e-mail address without a word."""
    known, _ = await candidate.find(context.gauzy, {"email": arguments["email"]})
    if known:
        raise ToolError(f"{arguments['email']} is a candidate already: change {known[0]['id']} instead.")
    return arguments


async def decide(context: ToolContext, arguments: dict[str, Any]) -> Row:
    """Hiring and rejecting have routes of their own; an unknown word in their place is answered like success."""
    gauzy, record_id, status = context.gauzy, arguments["id"], arguments["status"]
    current = await candidate.read(gauzy, record_id)
    if current.get("employeeId"):
        raise ToolError(f"This candidate is hired, as employee {current['employeeId']}: that cannot be undone.")
    if status == "APPLIED":
        body = {**owner(await gauzy.identity()), "status": status, "rejectDate": None}
        await gauzy.request("PUT", path_to(candidate.path + "/{id}", id=record_id), body=body)
    else:
        await gauzy.request("PUT", path_to(candidate.path + DECIDED[status], id=record_id), body={})
    return project(await candidate.read(gauzy, record_id), {}, candidate.names)


async def rate(context: ToolContext, arguments: dict[str, Any]) -> Row:
    gauzy, record_id, rating = context.gauzy, arguments["id"], arguments["rating"]
    current = await candidate.read(gauzy, record_id)
    owned = owner(await gauzy.identity())
    await gauzy.request("PUT", path_to(candidate.path + "/{id}", id=record_id), body={**owned, "rating": rating})
    if "comment" in arguments:
        told = {"rating": rating, "description": arguments["comment"], "status": current["status"]}
        await gauzy.request("POST", path_to("/candidate-feedbacks"), body={**owned, "candidateId": record_id, **told})
    return project(await candidate.read(gauzy, record_id, (*candidate.include, "feedbacks")), {}, candidate.names)


async def delete(context: ToolContext, arguments: dict[str, Any]) -> Row:
    current = await candidate.read(context.gauzy, arguments["id"])
    await context.gauzy.request("DELETE", path_to(candidate.path + "/{id}", id=arguments["id"]))
    person = (current.get("user") or {}).get("email", "the user")
    note = f"The login of {person} still works: a super admin can delete that user in Gauzy."
    return {"id": arguments["id"], "deleted": True, "userId": current.get("userId"), "note": note}


def _part(name: str, path: str, columns: dict[str, f.Field], wrapper: str) -> Entity:
    of = {"candidateId": f.ref(required=True)}
    return Entity(name, path, "candidates", columns={**of, **columns}, filters=of, wrapper=wrapper)


skill = _part("candidate_skill", "/candidate-skills", {"name": f.text(required=True)}, "skill")
experience = _part(
    "candidate_experience", "/candidate-experience",
    {
        "occupation": f.text(required=True),
        "duration": f.text("Such as 2 years", required=True),
        "description": f.text("With the employer"),
    },
    "experience",
)  # fmt: skip
education = _part(
    "candidate_education", "/candidate-educations",
    {
        "schoolName": f.text(required=True),
        "degree": f.text(required=True),
        "field": f.text(required=True),
        "completionDate": f.date(required=True),
        "notes": f.text(),
    },
    "education",
)  # fmt: skip
OF = ("candidateId",)
GONE = {
    "properties": {
        **outputs.DELETED["properties"],
        "userId": outputs.nullable("string"),
        "note": {"type": "string"},
    },
    "required": ["id", "deleted"],
}

TOOLS = [
    candidate.list("get_candidates", "Find candidates by name, status, position or rating."),
    candidate.count("get_candidate_count", "How many candidates there are, all or by filter."),
    candidate.get("get_candidate", "One candidate by id."),
    newcomer.create(
        "create_candidate", "Add a candidate, with a user of their own; Gauzy mails them.", prepare=once,
        reaches_outside=True,
    ),
    candidate.update("update_candidate", "Change level, position, pay, CV or tags of a candidate."),
    Tool(
        "update_candidate_status", "Hire (makes an employee, for good), reject (Gauzy mails them) or reopen.",
        "candidates", decide, {**ID, **f.properties({"status": f.choice(*STATUSES)})}, ["id", "status"],
        output=candidate.output, effect="changes", decides=True, reaches_outside=True,
        keywords="candidate onboard decline decision",
    ),
    Tool(
        "rate_candidate", "Rate a candidate; a comment is kept as feedback.", "candidates", rate,
        {**ID, **f.properties({"rating": f.number(maximum=5), "comment": f.text()})}, ["id", "rating"],
        output=candidate.output, effect="changes", idempotent=False, keywords="stars score review",
    ),
    Tool(
        "delete_candidate", "Delete a candidate for good; their login goes on working.", "candidates", delete,
        ID, ["id"], output=GONE, effect="deletes",
    ),
    candidate.list(
        "get_candidates_by_position", "Candidates for a position.",
        require=("positionId",), without=("position", "email", "skill", "search", "minRating", "payPeriod"),
    ),
    skill.list("get_candidate_skills", "Skills of a candidate.", require=OF),
    skill.create("add_candidate_skill", "Add a skill to a candidate."),
    experience.list("get_candidate_experience", "Earlier jobs of a candidate.", require=OF).found_by("work history cv"),
    experience.create("add_candidate_experience", "Add an earlier job to a candidate."),
    education.list("get_candidate_education", "Schools and degrees of a candidate.", require=OF).found_by("study cv"),
    education.create("add_candidate_education", "Add a school or degree to a candidate."),
]  # fmt: skip
