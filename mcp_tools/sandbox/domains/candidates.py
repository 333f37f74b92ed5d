"""Candidates, what they can and have done, and what was said about them (Gauzy route ``/candidate``)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from mcp_tools.sandbox import rules
from mcp_tools.sandbox.demo import ident
from mcp_tools.sandbox.domains.deals import ConstraintRefusal
from mcp_tools.sandbox.domains.users import membership, user
from mcp_tools.sandbox.entity import BASE, Entity, number, public
from mcp_tools.sandbox.http import Call, DatabaseRefusal, Refusal, Reply
from mcp_tools.sandbox.pictures import placeholder
from mcp_tools.sandbox.relations import many, nobody, nothing, one, owned
from mcp_tools.sandbox.routing import Route, post, put
from mcp_tools.sandbox.rules import Column, array, date_string, email, names, not_empty, one_of, plain, string
from mcp_tools.sandbox.store import Row, iso
from mcp_tools.sandbox.tokens import hashed

if TYPE_CHECKING:
    from mcp_tools.sandbox.seed import Company

VIEW: Final = ("ORG_CANDIDATES_VIEW",)
EDIT: Final = ("ORG_CANDIDATES_EDIT",)
TAGS: Final = {"tags": Column(checks=(array,))}
NUMBERS: Final = ("reWeeklyLimit", "billRateValue", "minimumBillingRate")
HIRED_TWICE: Final = "The candidate is already hired, you cannot hire them again."


class Candidates(Entity):
    def derived(self, public: Row) -> Row:
        """The average of the feedbacks is told where they are."""
        given = [one["rating"] for one in public.get("feedbacks") or () if one["rating"] is not None]
        average = {"ratings": sum(given) / len(given) if given else 0} if "feedbacks" in public else {}
        return {**average, "alreadyHired": public.get("employeeId") is not None}

    def listing(self, call: Call) -> Reply:
        """``where`` values that look like JSON become booleans here too."""
        rows = self.ordered(call, self.matching(call, self.where(call), paged=True))
        skip, take = number(call, "skip", 0), number(call, "take", 0)
        return self.page(call, rows[skip : skip + take] if take else rows[skip:], len(rows))

    def paginate(self, call: Call) -> Reply:
        """No filter but the organization has an effect."""
        organization_id = self.where(call)["organizationId"]
        call.query["where"] = {"organizationId": organization_id}
        return super().paginate(call)

    def get(self, call: Call) -> Reply:
        """``where[organizationId]`` is demanded here too."""
        self.where(call)
        return super().get(call)

    def check(self, call: Call, body: Row, record_id: str | None) -> None:
        found = [] if record_id else _check_person(body)
        found += rules.organization(call, body)
        rules.demand(found + rules.validate({**TAGS, **self.columns}, body, creating=False))

    def insert(self, call: Call, body: Row) -> Row:
        """A new user with the role CANDIDATE, also for an e-mail address that is known already."""
        given = {name: body["user"][name] for name in user.columns if name in body["user"]}
        role_id = next(row["id"] for row in call.store.rows("Role", call.tenant_id) if row["name"] == "CANDIDATE")
        picture = placeholder(given.get("firstName") or given["email"], letters=1)
        own = {"roleId": role_id, "imageUrl": picture, "_password": hashed(body["password"])}
        person = user.new(call.store, call.tenant_id, call.user_id, {**given, **own, "updatedByUserId": call.user_id})
        owner = {"organizationId": body["organizationId"]}
        membership.new(call.store, call.tenant_id, call.user_id, {"userId": person["id"], **owner})
        position = (body.get("organizationPosition") or {}).get("id")
        linked = {"userId": person["id"], "organizationPositionId": position, "sourceId": _source(call, body)}
        return super().insert(call, body | linked)

    def as_created(self, call: Call, row: Row, body: Row) -> Any:
        person = call.store.find("User", row["userId"], call.tenant_id) or {}
        role = user.relations["role"].read(call.store, person)
        source = candidate.relations["source"].read(call.store, row)
        sent = {name: body[name] for name in ("organizationPosition", "tags") if name in body}
        tenant = {"tenant": {"id": row["tenantId"]}}
        told = {"source": public(source)} if isinstance(source, dict) else {}
        return {**public(row), **tenant, **sent, **told, "user": {**public(person), **tenant, "role": role}}

    def as_updated(self, call: Call, row: Row, body: Row) -> Any:
        """Gauzy answers what was sent, and null or zero for the other columns."""
        known = [name for name in (*BASE, *self.columns) if name not in ("deletedAt", "createdAt", "userId")]
        sent = {name: body.get(name, 0 if name in NUMBERS else None) for name in known}
        owner = {"id": row["id"], "tenantId": row["tenantId"], "organizationId": row["organizationId"]}
        own = {"tenant": {"id": row["tenantId"]}, "updatedAt": row["updatedAt"], "updatedByUserId": call.user_id}
        tags = {"tags": body["tags"]} if "tags" in body else {}
        return sent | owner | own | tags

    def update_unknown(self, call: Call, record_id: str, body: Row) -> Reply:
        raise DatabaseRefusal("SqliteError: NOT NULL constraint failed: candidate.userId")

    def remove(self, call: Call) -> Reply:
        """The user stays, and may go on signing in."""
        for part in PARTS:
            for row in call.store.rows(part.name, call.tenant_id):
                if row["candidateId"] == call.ids[0]:
                    call.store.delete(part.name, row["id"], call.tenant_id)
        return super().remove(call)


def _check_person(body: Row) -> list[str]:
    password, person = body.get("password"), body.get("user")
    long_enough = isinstance(password, str) and len(password) >= 8
    told = [] if long_enough else ["Password should be at least 8 characters long."]
    told += [] if password else ["Password should not be empty"]
    if not isinstance(person, dict) or not person:
        return ["user must be a non-empty object", "user must be an object", *told]
    return [f"user.{message}" for message in email("email", person.get("email"))] + told


def _source(call: Call, body: Row) -> str | None:
    """The id of a new source, which belongs to no tenant."""
    given = body.get("source")
    if not isinstance(given, dict):
        return None
    values = {"name": given.get("name"), "organizationId": given.get("organizationId"), "_tenantId": call.tenant_id}
    return str(source.new(call.store, None, call.user_id, values)["id"])


class Parts(Entity):
    """Something of a candidate's."""

    def insert(self, call: Call, body: Row) -> Row:
        if call.store.find("Candidate", body.get("candidateId"), call.tenant_id) is None:
            raise ConstraintRefusal()
        return super().insert(call, body)


candidate = Candidates(
    "Candidate",
    {
        **plain("rating valueDate appliedDate hiredDate rejectDate"),
        **plain("status", "APPLIED"),
        **plain("candidateLevel"),
        **plain("reWeeklyLimit", 0),
        **plain("billRateCurrency"),
        **plain("billRateValue minimumBillingRate", 0),
        "payPeriod": Column(checks=(one_of("NONE", "BI_WEEKLY", "WEEKLY", "TWICE_PER_MONTH", "MONTHLY"),)),
        **plain("cvUrl contactId organizationPositionId sourceId userId employeeId"),
    },
    {
        "user": one("User", "userId"),
        "organizationPosition": one("OrganizationPosition", "organizationPositionId"),
        "source": one("CandidateSource", "sourceId"),
        "employee": one("Employee", "employeeId"),
        "organization": one("Organization", "organizationId"),
        "tags": many("Tag", "tags"),
        "skills": owned("CandidateSkill", "candidateId"),
        "experience": owned("CandidateExperience", "candidateId"),
        "educations": owned("CandidateEducation", "candidateId"),
        "feedbacks": owned("CandidateFeedback", "candidateId"),
        "contact": nobody(),
        **dict.fromkeys(names("interview documents organizationDepartments organizationEmploymentTypes"), nothing()),
    },
)
_NAMED: Final = Column(checks=(string, not_empty), needed=True)
_GIVEN: Final = Column(checks=(not_empty,), needed=True)
skill = Parts("CandidateSkill", {"name": _NAMED, "candidateId": Column()})
experience = Parts(
    "CandidateExperience",
    {"occupation": _GIVEN, "duration": _GIVEN, "description": Column(), "candidateId": Column()},
)
education = Parts(
    "CandidateEducation",
    {
        "schoolName": _GIVEN,
        "degree": _GIVEN,
        "field": _GIVEN,
        "completionDate": Column(checks=(date_string, not_empty), needed=True),
        "notes": Column(),
        "candidateId": Column(),
    },
)
feedback = Parts("CandidateFeedback", plain("description rating status candidateId interviewId interviewerId"))
source = Entity("CandidateSource", plain("name"))
position = Entity("OrganizationPosition", {"name": _NAMED})
PARTS: Final = (skill, experience, education, feedback)


def decide(call: Call) -> Reply:
    """``PUT /candidate/{id}/{hired|rejected}``. Hiring makes an employee of the user; another word does nothing."""
    row, word = candidate.find(call, call.ids[0]), call.ids[1]
    if word == "rejected":
        changed = {
            "status": "REJECTED",
            "rejectDate": call.now(),
            "updatedAt": call.now(),
            "updatedByUserId": call.user_id,
        }
        tree: dict[str, Any] = {"user": {}, "organization": {}}
        return Reply(202, candidate.shown(call.store, call.store.put("Candidate", row | changed), tree))
    if word != "hired":
        return Reply(202)
    if row["employeeId"] is not None:
        raise Refusal(409, HIRED_TWICE, named=False)
    return Reply(202, _hire(call, row))


def _hire(call: Call, row: Row) -> Row:
    owner = {"organizationId": row["organizationId"], "userId": row["userId"]}
    employee = Entity.known["Employee"].new(
        call.store,
        call.tenant_id,
        call.user_id,
        {**owner, "startedWorkOn": call.now(), "_tags": row.get("_tags", [])},
    )
    roles = call.store.rows("Role", call.tenant_id)
    person = call.store.find("User", row["userId"], call.tenant_id)
    if person is not None:
        role_id = next(one["id"] for one in roles if one["name"] == "EMPLOYEE")
        call.store.put("User", {**person, "roleId": role_id, "updatedAt": call.now()})
    decided = {"status": "HIRED", "hiredDate": call.now(), "rejectDate": None, "employeeId": employee["id"]}
    stored = call.store.put("Candidate", row | decided | {"updatedAt": call.now(), "updatedByUserId": call.user_id})
    tenant = {"tenant": {"id": row["tenantId"]}}
    told = candidate.as_updated(call, stored, {**decided, "isActive": row["isActive"], "isArchived": row["isArchived"]})
    return {**told, "organizationId": None, "employee": {**public(employee), **tenant, "tags": []}}


def _parts(path: str, part: Entity, view: tuple[str, ...]) -> list[Route]:
    return part.routes(path, view=view, add=EDIT, edit=EDIT, remove=EDIT)


ROUTES = [
    *candidate.routes("/candidate", view=VIEW, add=EDIT, edit=EDIT, remove=EDIT),
    put("/candidate/:id/:status", decide, *EDIT),
    *_parts("/candidate-skills", skill, VIEW),
    *_parts("/candidate-experience", experience, ()),
    *_parts("/candidate-educations", education, VIEW),
    post("/candidate-feedbacks", feedback.create, "ORG_CANDIDATES_FEEDBACK_EDIT"),
]

POSITIONS: Final = ("Developer", "Designer", "Support agent")
DEMO: Final = (
    ("Aisha", "Bello", "APPLIED", "Developer", "Senior", 4, ("Python", "PostgreSQL"), "Backend developer"),
    ("Bruno", "Keller", "APPLIED", "Developer", "Junior", 3, ("TypeScript",), "Intern"),
    ("Carmen", "Diaz", "APPLIED", "Designer", "Senior", 5, ("Figma", "Illustration"), "Product designer"),
    ("Dmitri", "Volkov", "REJECTED", "Designer", "Mid-level", 2, ("Photoshop",), "Freelance designer"),
    ("Elif", "Aydin", "APPLIED", "Support agent", "Mid-level", None, ("Turkish", "German"), "Call centre agent"),
    ("Finn", "Larsen", "APPLIED", None, None, None, (), "Barista"),
)
"""First and last name, status, position, level, rating, skills and last job."""


def fill(company: Company) -> None:
    for name in POSITIONS:
        company.new("OrganizationPosition", name, {"name": name})
    for place, (first, last, status, wanted, level, rating, skills, job) in enumerate(DEMO):
        key, address = f"{first} {last}", f"{first}.{last}@mail.example".lower()
        person = {"email": address, "firstName": first, "lastName": last, "imageUrl": placeholder(key)}
        role_id = ident("role", "Gauzy Demo Company/CANDIDATE")
        made = company.new("User", address, {**person, "roleId": role_id}, owned=False)
        values = {
            "userId": made["id"], "status": status, "candidateLevel": level, "rating": rating,
            "appliedDate": iso(company.midnight - datetime.timedelta(days=3 + 4 * place)),
            "rejectDate": iso(company.midnight) if status == "REJECTED" else None,
            "organizationPositionId": ident("OrganizationPosition", wanted) if wanted else None,
        }  # fmt: skip
        row = company.new("Candidate", key, values)
        for known in skills:
            company.new("CandidateSkill", f"{key}/{known}", {"name": known, "candidateId": row["id"]})
        told = {"occupation": job, "duration": f"{1 + place} years", "candidateId": row["id"]}
        company.new("CandidateExperience", key, told)
