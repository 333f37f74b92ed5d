"""What may go: clients that nobody uses, and what is left of authorizations that are over."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from oauth2_provider.models import (
    AbstractApplication,
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_refresh_token_model,
)

from oauth_resource.server.models import ConsumedCode, LastResponse, PersonalToken
from oauth_resource.server.toolkit import REFRESH_SECONDS

MOST_CLIENTS: Final = 10_000
"""Clients that registered themselves. Beyond it the oldest unused ones go, so that nobody can fill the table."""

_AT_ONCE: Final = 100
_SELF_MADE: Final = (AbstractApplication.RegistrationSource.DCR, AbstractApplication.RegistrationSource.CIMD)


def make_room() -> None:
    """Before another client registers itself: removes the oldest unused ones when there are too many."""
    clients = get_application_model().objects
    if clients.filter(registration_source=AbstractApplication.RegistrationSource.DCR).count() >= MOST_CLIENTS:
        oldest = unused().order_by("created").values_list("pk", flat=True)[:_AT_ONCE]
        clients.filter(pk__in=list(oldest)).delete()


def unused(created_before: datetime.datetime | None = None) -> QuerySet[Any]:
    """Clients that made themselves known and hold nothing that could still be used."""
    clients: QuerySet[Any] = get_application_model().objects.filter(registration_source__in=_SELF_MADE)
    if created_before is not None:
        clients = clients.filter(updated__lt=created_before)
    of_client = {"application": OuterRef("pk")}
    held = (
        get_refresh_token_model().objects.filter(**of_client, revoked__isnull=True),
        get_access_token_model().objects.filter(**of_client),
        get_grant_model().objects.filter(**of_client),
    )
    for rows in held:
        clients = clients.filter(~Exists(rows))
    return clients


def tidy(days: int) -> dict[str, int]:
    """Removes what is over, and clients unused for ``days``; answers how much of each kind went."""
    now = timezone.now()
    refreshed_before = now - datetime.timedelta(seconds=REFRESH_SECONDS)
    over = {
        "codes": get_grant_model().objects.filter(expires__lt=now),
        "consumed codes": ConsumedCode.objects.filter(expires__lt=now),
        "repeated answers": LastResponse.objects.filter(expires__lt=now),
        "refresh tokens": get_refresh_token_model().objects.filter(updated__lt=refreshed_before),
        "access tokens": get_access_token_model().objects.filter(expires__lt=now, refresh_token__isnull=True),
        "personal tokens": PersonalToken.objects.filter(expires__lt=now),
        "clients": unused(now - datetime.timedelta(days=days)),
    }
    return {name: rows.delete()[0] for name, rows in over.items()}
