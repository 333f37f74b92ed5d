"""How the pages say things."""

from __future__ import annotations

from typing import Any


def counted(number: int, noun: str, verb: str) -> str:
    """Such as "1 token revoked." """
    return f"{number} {noun}{'' if number == 1 else 's'} {verb}."


def whose(row: Any) -> str:
    """The Gauzy account of a row's user, else the user's name."""
    account = getattr(row.user, "gauzy", None)
    return account.email if account else str(row.user)
