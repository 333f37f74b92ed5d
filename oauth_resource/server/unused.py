"""What may go: clients that nobody uses, and what is left of authorizations that are over."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.db import transaction
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
from oauth_resource.server.toolkit import ACCESS_SECONDS, REFRESH_SECONDS

MOST_UNUSED: Final = 10_000
"""Clients that made themselves known and that nobody signed in with. Beyond it the oldest go, so that no stranger can
fill the table."""

_AT_ONCE: Final = 100
_BATCH: Final = 1000
_SELF_MADE: Final = (AbstractApplication.RegistrationSource.DCR, AbstractApplication.RegistrationSource.CIMD)


def make_room() -> None:
    """Before another client makes itself known: removes the oldest unused ones when there are too many."""
    clients = get_application_model().objects
    # Counting all is cheap; which of them are used needs to be known only when they are many.
    if clients.filter(registration_source__in=_SELF_MADE).count() < MOST_UNUSED:
        return
    if unused().count() >= MOST_UNUSED:
        oldest = list(unused().order_by("created").values_list("pk", flat=True)[:_AT_ONCE])
        unused().filter(pk__in=oldest).delete()


def unused(changed_before: datetime.datetime | None = None) -> QuerySet[Any]:
    """Clients that made themselves known and have no tokens or codes, not even such as are over but still kept."""
    clients: QuerySet[Any] = get_application_model().objects.filter(registration_source__in=_SELF_MADE)
    if changed_before is not None:
        clients = clients.filter(updated__lt=changed_before)
    for model in (get_refresh_token_model(), get_access_token_model(), get_grant_model()):
        clients = clients.filter(~Exists(model.objects.filter(application=OuterRef("pk"))))
    return clients


def tidy(days: int) -> dict[str, int]:
    """Removes what is over, and clients unused for ``days``; answers how many of each kind went.

    A refresh token is kept for as long as it could be used, and for ``days``: it tells when its client was last used.
    """
    now = timezone.now()
    unused_since = now - datetime.timedelta(days=days)
    dead_since = now - datetime.timedelta(seconds=REFRESH_SECONDS + ACCESS_SECONDS)
    over = {
        "codes": get_grant_model().objects.filter(expires__lt=now),
        "consumed codes": ConsumedCode.objects.filter(expires__lt=now),
        "repeated answers": LastResponse.objects.filter(expires__lt=now),
        "refresh tokens": get_refresh_token_model().objects.filter(updated__lt=min(unused_since, dead_since)),
        "access tokens": get_access_token_model().objects.filter(expires__lt=now, refresh_token__isnull=True),
        "personal tokens": PersonalToken.objects.filter(expires__lt=now),
        "clients": unused(unused_since),
    }
    gone = {name: _remove(rows) for name, rows in over.items()}
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return gone


def _remove(rows: QuerySet[Any]) -> int:
    """In small transactions, so that nobody has to wait, and leaving alone what another process is removing."""
    gone = 0
    while True:
        with transaction.atomic():
            locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
            keys = [row.pk for row in locked.only("pk")[:_BATCH]]
            counts = rows.model._default_manager.filter(pk__in=keys).delete()[1]
        gone += int(counts.get(rows.model._meta.label, 0))
        if len(keys) < _BATCH:
            return gone
