"""Gauzy's rows as callers see them: names beside ids, and none of what every record carries and nobody asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from mcp_tools.catalog.tool import ToolError

Row = dict[str, Any]
Rows = list[Row]

BOILERPLATE: Final = frozenset(
    {
        "tenantId", "tenant", "organizationId", "organization", "deletedAt", "archivedAt", "createdByUserId",
        "updatedByUserId", "deletedByUserId", "createdByUser", "isArchived", "version", "imageUrl", "image", "imageId",
        "customFields", "avatar", "token",
    }
)  # fmt: skip
"""Left out unless ``fields`` names them."""

PAY: Final = frozenset(
    {
        "billRateValue", "billRateCurrency", "minimumBillingRate", "payPeriod", "anonymousBonus", "averageIncome",
        "averageBonus", "averageExpenses", "bonusType", "bonusPercentage",
    }
)  # fmt: skip
SWITCHES: Final = frozenset(
    {
        "show_anonymous_bonus", "show_average_bonus", "show_average_expenses", "show_average_income", "show_billrate",
        "show_payperiod", "show_start_work_on", "show_income", "show_profits", "show_bonuses_paid", "show_total_hours",
        "show_minimum_project_size", "show_projects_count", "show_clients_count", "show_clients",
        "show_employees_count", "allowScreenshotCapture", "allowManualTime", "allowModifyTime", "allowDeleteTime",
        "allowAgentAppExit", "allowLogoutFromAgentApp", "trackKeyboardMouseActivity", "trackAllDisplays",
        "trackOnSleep", "randomScreenshot", "enforced", "isJobSearchActive", "isVerified", "isVetted", "isOnline",
        "isTrackingTime", "isAway",
    }
)  # fmt: skip
RESERVED: Final = PAY | SWITCHES
"""What whole employees, users and organizations carry along: least data is to leave it out, unless it is named."""
SECRETS: Final = frozenset({"hash", "password", "refreshToken", "emailToken", "resetToken"})
"""Columns of Gauzy's users that no answer holds, whoever names them."""
INSIDE: Final = frozenset({"isTrackingEnabled"})
"""Left out of related records as well."""

_DEPTH: Final = 6
_STEP: Final = re.compile(r"(\w+)(\[\])?")


def rows_of(answer: Any) -> tuple[list[Row], int]:
    """Rows and total of a list ``{items, total}`` or of a bare array. Raises ToolError for an answer that is none."""
    rows = answer.get("items") if isinstance(answer, dict) else answer
    if not isinstance(rows, list):
        raise ToolError("Gauzy answered without the list that was asked for; try again later")
    total = answer.get("total") if isinstance(answer, dict) else None
    return rows, total if isinstance(total, int) else len(rows)


def page(rows: Sequence[Row], total: int, arguments: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Row:
    """One page as every list of ours looks; ``names`` are those of :func:`project`."""
    number, limit = arguments.get("page", 1), arguments.get("limit", 10)
    return {
        "items": [project(row, arguments, names, short=True) for row in rows],
        "total": total,
        "page": number,
        "has_more": number * limit < total,
    }


def project(
    row: Row,
    arguments: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
    *,
    short: bool = False,
    keep: Collection[str] = (),
) -> Row:
    """The row with its names; only the ``fields`` that were asked for, else everything that says something.

    Pay and switches of people come when ``fields`` names them, at any depth, or ``keep`` does, of the row itself.
    ``names`` maps a new field to the path of a name in a relation, such as ``projectName: project.name`` or
    ``memberNames: members[].fullName``. With ``short`` the relations themselves are left out for their names.
    """
    told = {**row, **_names(row, names or {})}
    wanted = arguments.get("fields")
    if wanted:
        return {name: clean(told[name], wanted, 1) for name in wanted if name in told}
    dropped = {path.split(".")[0].removesuffix("[]") for path in (names or {}).values()} if short else set()
    kept = dropped - {relation.split(".")[0] for relation in arguments.get("relations", ())}
    own = {name: told[name] for name in keep if told.get(name) is not None}
    return {name: value for name, value in (clean(told) | own).items() if name not in kept}


def clean(value: Any, keep: Collection[str] = (), depth: int = 0) -> Any:
    """Without nulls, and without what every record carries and what is reserved, at any depth, but for ``keep``."""
    if isinstance(value, list):
        return [clean(item, keep, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    if depth >= _DEPTH:
        return unreserved(value, keep)
    dropped = BOILERPLATE | RESERVED | (INSIDE if depth else frozenset())
    return {
        name: clean(item, keep, depth + 1)
        for name, item in value.items()
        if item is not None
        and name not in SECRETS
        and (name not in dropped or name in keep)
        and not (name == "isActive" and item is True)
    }


def unreserved(value: Any, keep: Collection[str] = ()) -> Any:
    """``value`` as it is, without what is reserved at any depth."""
    if isinstance(value, list):
        return [unreserved(item, keep) for item in value]
    if not isinstance(value, dict):
        return value
    hidden = (RESERVED - set(keep)) | SECRETS
    return {name: unreserved(item, keep) for name, item in value.items() if name not in hidden}


def _names(row: Row, names: Mapping[str, str]) -> Row:
    found = {name: follow(row, path) for name, path in names.items()}
    return {name: value for name, value in found.items() if value not in (None, [], "")}


def follow(value: Any, path: str) -> Any:
    """The value at ``path``: ``a.b`` goes into objects, ``a[].b`` into every element of a list."""
    for index, step in enumerate(steps := path.split(".")):
        match = _STEP.fullmatch(step)
        named = match is not None and isinstance(value, dict) and match[1] not in SECRETS
        value = value.get(match[1]) if match and named else None
        if match and match[2]:
            rest = ".".join(steps[index + 1 :])
            elements = value if isinstance(value, list) else []
            return [found for one in elements if (found := follow(one, rest) if rest else one) is not None]
    return value


def tally(rows: Sequence[Row], path: str) -> dict[str, int]:
    """How many rows have which value at ``path``, the most frequent first."""
    counted: dict[str, int] = {}
    for row in rows:
        found = follow(row, path)
        value = str(found) if found is not None else "none"
        counted[value] = counted.get(value, 0) + 1
    return dict(sorted(counted.items(), key=lambda item: -item[1]))


def in_order(rows: Rows, sort: str) -> Rows:
    """Rows in the order of ``sort``; those without a value come last either way."""
    column, reverse = sort.lstrip("-"), sort.startswith("-")
    known = sorted((row for row in rows if row.get(column) is not None), key=lambda row: row[column], reverse=reverse)
    return known + [row for row in rows if row.get(column) is None]


def own_employee(identity: Any) -> str:
    """The caller's employee id. Raises ToolError for a user who is no employee."""
    if not identity.employee_id:
        raise ToolError(f"{identity.email} has no employee record in Gauzy; name an employee instead")
    return str(identity.employee_id)


def summed(rows: Sequence[Row], key: str, per: str | None) -> float | dict[str, float]:
    """The sum of a field, or one for each value of ``per``."""
    if per is None:
        return round(sum(float(row.get(key) or 0) for row in rows), 2)
    kinds = dict.fromkeys(str(row.get(per) or "none") for row in rows)
    return {
        kind: round(sum(float(row.get(key) or 0) for row in rows if str(row.get(per) or "none") == kind), 2)
        for kind in kinds
    }


def average(rows: Sequence[Row], key: str) -> float | None:
    """Of the rows that have a value; None when there are none."""
    known = [float(row[key]) for row in rows if row.get(key) is not None]
    return round(sum(known) / len(known), 2) if known else None
