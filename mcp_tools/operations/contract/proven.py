"""Where a running Gauzy and its own document differ: seen accepted on a live instance, so no mismatch.

Swagger's generator marks every property required that is not optional in TypeScript, and leaves out what a DTO
inherits through ``PickType`` and ``IntersectionType`` of relations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACCEPTED: Final[Mapping[str, frozenset[str]]] = {
    "GET /api/tags/level": frozenset({"the query has no name"}),
    "POST /api/employee": frozenset({"the body has no tags"}),
    "POST /api/organization-contact": frozenset({"the body has no members"}),
    "PUT /api/organization-contact/{id}": frozenset({"the body has no members"}),
    "POST /api/warehouses": frozenset({"the body has no contact"}),
    "POST /api/candidate-experience": frozenset({"the body lacks description"}),
    "POST /api/candidate-educations": frozenset({"the body lacks notes"}),
    "PUT /api/invoices/{id}/action": frozenset({"the body lacks internalNote", "the body lacks isEstimate"}),
}
"""Problems by request, in the words of :mod:`.check`."""
