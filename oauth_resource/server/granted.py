"""Which clients a person has connected, in words that the person understands."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.db.models import Min, QuerySet
from django.utils import timezone
from oauth2_provider.models import AbstractApplication, get_refresh_token_model

from oauth_resource.scopes import ADMIN, ORDER, READ, WRITE
from oauth_resource.server.first_party import CONSOLE
from oauth_resource.server.showing import plain_name
from oauth_resource.server.toolkit import LOOPBACK, REFRESH_SECONDS
from oauth_resource.server.validator import scope_of

WORDS: Final[Mapping[str, str]] = {READ: "see", WRITE: "change", ADMIN: "look after this server"}
"""What each scope allows, in a word."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A client with tokens that can still be renewed. ``key`` is its primary key.

    ``name`` is its own claim; ``vouched_by`` the host whose document says so. ``used`` is when it last got a token,
    which is within ten minutes of its last call.
    """

    key: int
    name: str
    vouched_by: str
    answered_at: str
    may: str
    since: datetime.datetime
    used: datetime.datetime


def live() -> QuerySet[Any]:
    """Refresh tokens that can be used."""
    oldest = timezone.now() - datetime.timedelta(seconds=REFRESH_SECONDS)
    tokens: QuerySet[Any] = get_refresh_token_model().objects.filter(revoked__isnull=True, created__gte=oldest)
    return tokens


def connected(user: Any) -> list[Connected]:
    """The clients of a user, the latest used first."""
    rows: dict[int, list[Any]] = {}
    for row in live().filter(user=user).select_related("application", "access_token", "granted").order_by("-created"):
        rows.setdefault(row.application_id, []).append(row)
    families = [row.token_family for found in rows.values() for row in found]
    began = dict(
        get_refresh_token_model()
        .objects.filter(user=user, token_family__in=families)
        .values_list("application")
        .annotate(Min("created"))
    )
    return [_shown(found, began.get(key, found[-1].created)) for key, found in rows.items()]


def may(scopes: Iterable[str]) -> str:
    """Scopes in a few words, such as "see and change"."""
    given = frozenset(scopes)
    return " and ".join(WORDS[scope] for scope in ORDER if scope in given)


def redirect_hosts(application: Any) -> tuple[str, ...]:
    """Where a client may be answered: hosts, and the schemes of programs that have none."""
    uris = [urlsplit(uri) for uri in application.redirect_uris.split()]
    web = ("http", "https")
    return tuple(dict.fromkeys((one.hostname or "") if one.scheme in web else f"{one.scheme}:" for one in uris))


def _place(host: str) -> str:
    return "a program on your computer" if host in LOOPBACK or host.endswith(":") else host


def _shown(rows: list[Any], since: datetime.datetime) -> Connected:
    application = rows[0].application
    is_console = application.client_id == CONSOLE
    hosts = redirect_hosts(application)
    by_document = application.registration_source == AbstractApplication.RegistrationSource.CIMD
    scopes = {scope for row in rows for scope in scope_of(row).split()}
    return Connected(
        key=application.pk,
        name=plain_name(application),
        vouched_by=(urlsplit(application.client_id).hostname or "") if by_document else "",
        answered_at="this server" if is_console else " and ".join(dict.fromkeys(map(_place, hosts))),
        may=may(scopes),
        since=since,
        used=rows[0].created,
    )
