"""Where a running Gauzy and its own document differ: what was seen on a live instance, so no mismatch.

Swagger's generator marks every property required that is not optional in TypeScript, related records included, and
leaves out what a DTO inherits through ``PickType`` and ``IntersectionType`` of relations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _lacking(*names: str) -> frozenset[str]:
    return frozenset(f"the body has no {name}" for name in names)


ACCEPTED: Final[Mapping[str, frozenset[str]]] = {
    "GET /api/tags/level": frozenset({"the query has no name"}),
    "POST /api/employee": frozenset({"the body has no tags"}),
    "POST /api/organization-contact": frozenset({"the body has no members"}),
    "PUT /api/organization-contact/{id}": frozenset({"the body has no members"}),
    "POST /api/warehouses": frozenset({"the body has no contact"}),
    "PUT /api/warehouses/{id}": frozenset({"the body has no contact"}),
    "POST /api/candidate": _lacking("source"),
    "PUT /api/candidate/{id}": frozenset({"the body has no tags"}),
    "PUT /api/employee/{id}": frozenset({"the body has no tags"}),
    "PUT /api/employee/{id}/profile": _lacking("description", "short_description", "linkedInUrl", "githubUrl"),
    "POST /api/equipment-sharing/organization/{id}": frozenset({"the body has no employees"}),
    "POST /api/timesheet/time-log": _lacking("description", "reason"),
    "PUT /api/timesheet/time-log/{id}": _lacking(
        "description", "logType", "source", "projectId", "taskId", "organizationContactId", "isBillable"
    ),
}
"""Problems by request, in the words of :mod:`.check`."""

REQUIRED: Final[Mapping[str, frozenset[str]]] = {
    "POST /api/employee": frozenset(),
    "POST /api/candidate": frozenset({"user", "password"}),
    "POST /api/key-result-updates": frozenset({"keyResultId", "owner", "update", "progress", "status"}),
    "POST /api/candidate-experience": frozenset({"candidateId", "occupation", "duration"}),
    "POST /api/candidate-educations": frozenset({"candidateId", "schoolName", "degree", "field", "completionDate"}),
    "PUT /api/invoices/{id}/action": frozenset(),
    "POST /api/goals": frozenset({"name", "description", "deadline", "level", "progress"}),
    "PUT /api/goals/{id}": frozenset({"name"}),
    "POST /api/key-results": frozenset(
        {"name", "description", "type", "update", "progress", "deadline", "status", "ownerId"}
    ),
    "PUT /api/key-results/{id}": frozenset(),
}
"""What the body of a request must have, in place of what the document says."""
