"""Personal access tokens: for clients that can open no browser. Shown once, kept as a digest."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone

from oauth_resource.scopes import ORDER
from oauth_resource.server.accounts import grantable, lock_users
from oauth_resource.server.models import Account, PersonalToken
from oauth_resource.server.validator import digest

PREFIX: Final = "gauzy_mcp_pat_"
"""What scanners for leaked secrets look for."""

CLIENT: Final = "personal-access-token"
"""The client id of whoever uses one."""

LONGEST: Final = datetime.timedelta(days=366)
MOST: Final = 50
"""Tokens that one person may have at once."""


class TooMany(Exception):
    """The person has as many tokens as one may have."""


def make(account: Account, name: str, scopes: Iterable[str], life: datetime.timedelta) -> tuple[PersonalToken, str]:
    """A new token: what is kept of it, and the text that nobody can be shown again.

    Raises ValueError for a name, scope or life that cannot be, or TooMany.
    """
    granted = [scope for scope in ORDER if scope in set(scopes)]
    if not 0 < len(name.strip()) <= 100:
        raise ValueError("name: 1 to 100 characters that say what the token is for")
    if not granted:
        raise ValueError(f"scope: at least one of {', '.join(ORDER)}")
    if not datetime.timedelta() < life <= LONGEST:
        raise ValueError(f"expires: within {LONGEST.days} days")
    token = PREFIX + secrets.token_urlsafe(32)
    kept = PersonalToken(
        account=account,
        name=name.strip(),
        digest=digest(token),
        scope=" ".join(granted),
        expires=timezone.now() + life,
    )
    _keep(kept)
    return kept, token


@transaction.atomic
def _keep(made: PersonalToken) -> None:
    """Takes turns with what ends tokens, so it looks at the person again: they may have lost a scope meanwhile."""
    account, scopes = made.account, made.scope.split()
    lock_users([account.user_id])
    account.user.refresh_from_db(fields=["is_staff"])
    if grantable(scopes, account.user) != scopes:
        raise ValueError(f"scope: {made.scope} is more than you may grant")
    if account.personal_tokens.count() >= MOST:
        raise TooMany(f"You have {MOST} tokens, which is the most: delete one that you no longer need")
    made.save(force_insert=True)
