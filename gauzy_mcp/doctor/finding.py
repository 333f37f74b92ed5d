"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["PASS", "WARN", "FAIL"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``told`` is a sentence for a person and holds no secret; ``fix`` says what to do, empty where all is well."""

    check: str
    status: Status
    told: str
    fix: str = ""


def passed(check: str, told: str) -> Finding:
    return Finding(check, "PASS", told)


def warned(check: str, told: str, fix: str) -> Finding:
    """Something that works, and may not be what was meant; or what could not be checked."""
    return Finding(check, "WARN", told, fix)


def failed(check: str, told: str, fix: str) -> Finding:
    return Finding(check, "FAIL", told, fix)
