"""The address of a list of the admin filters by what the list shows, and by no regular expression."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.test import RequestFactory

from mcp_tools.operations.models import CallRecord, SessionRecord
from tests.operations.conftest import Place
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.operations.users import make
from tests.processes import server

CALLS, SESSIONS = "/admin/operations/callrecord/", "/admin/operations/sessionrecord/"
SECRET = {
    "password", "client_secret", "token", "token_checksum", "code", "code_challenge", "sealed", "digest of a token",
    "nonce", "claims", "source_refresh_token", "source_access_token", "access_token", "owner", "arguments",
}  # fmt: skip
NEVER = ("regex", "iregex", "has_key", "contained_by")
SHOWN_BY_COLUMNS = {
    "application__name", "application__client_id", "user__gauzy__email", "user__gauzy__subject",
    "account__email", "account__subject", "session__uid", "session__account", "client_id",
}  # fmt: skip
"""Of other models, or shown only on the page of a row."""


class Permitted:
    """A user of the admin with the permissions named."""

    is_active = is_staff = True
    pk = 1

    def __init__(self, *permissions: str) -> None:
        self._permissions = permissions

    def has_perm(self, permission: str, obj: object = None) -> bool:
        return permission in self._permissions


def asked_by(user: Permitted) -> Any:
    request = RequestFactory().get("/")
    request.user = user  # type: ignore[assignment]
    return request


def lookups(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Every field of a model and of those it leads to, with every lookup that Django knows."""
    known = sorted({*models.Field.get_lookups(), *models.DateTimeField().get_lookups(), *KeyTransform.get_lookups()})
    for field in model._meta.get_fields():
        names = [field.name]
        if field.related_model not in (None, "self") and not isinstance(field.related_model, str):
            names += [f"{field.name}__{one.name}" for one in field.related_model._meta.get_fields()]
        for name in names:
            yield name, ""
            yield from ((name, lookup) for lookup in (*known, *NEVER, "startswith__regex", "key__iregex"))


PAGES = [pytest.param(page, id=model._meta.label) for model, page in admin.site._registry.items()]


@pytest.mark.parametrize("page", PAGES)
def test_every_field_and_lookup_that_a_list_does_not_show_is_refused(page: Any) -> None:
    request = asked_by(Permitted())
    listed = {item if isinstance(item, str) else item[0] for item in page.get_list_filter(request)}
    may = page.shown_fields(request) | listed
    assert not {name.rpartition("__")[2] for name in may} & SECRET
    allowed = {
        (name, lookup)
        for name, lookup in lookups(page.model)
        if page.lookup_allowed(f"{name}__{lookup}" if lookup else name, "x", request)
    }
    assert {name for name, _ in allowed if not any(name == one or name.startswith(f"{one}__") for one in may)} == set()
    assert not [one for one in allowed if one[1] and one[1].rpartition("__")[2] in NEVER]
    assert all((name, "exact") in allowed for name in may)


@pytest.mark.parametrize("page", PAGES)
def test_searching_and_ordering_go_by_what_is_shown(page: Any) -> None:
    request = asked_by(Permitted())
    shown = page.shown_fields(request) | SHOWN_BY_COLUMNS
    assert {name for name in page.get_search_fields(request) if name not in shown} == set()
    for name in map(page._field_of, page.get_sortable_by(request)):
        assert not {*name.split("__")} & SECRET
        for field in get_fields_from_path(page.model, name) if "__" in name else ():
            assert field.name not in SECRET


@functools.cache
def call_page() -> Any:
    return next(page for model, page in admin.site._registry.items() if model.__name__ == "CallRecord")


@pytest.mark.parametrize("path", ["arguments", "arguments__title", "arguments__title__startswith", "arguments__a__b"])
def test_arguments_are_for_those_who_may_see_them(path: str) -> None:
    assert not call_page().lookup_allowed(path, "x", asked_by(Permitted("operations.view_callrecord")))
    assert call_page().lookup_allowed(path, "x", asked_by(Permitted("operations.view_arguments")))


@pytest.mark.parametrize(
    "path", ["arguments__title__regex", "arguments__contains", "arguments__has_key", "arguments" + "__a" * 100]
)
def test_no_permission_lets_a_pattern_run_in_the_database(path: str) -> None:
    assert not call_page().lookup_allowed(path, "x", asked_by(Permitted("operations.view_arguments")))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("filtered")
    with server({"MCP_TRANSPORT": "http", "MCP_KEEP_ARGUMENTS": "true"}, str(home)) as running:
        yield Place(running, History(home), home)


def statuses(place: Place, permissions: tuple[str, ...], *addresses: str) -> list[int]:
    name, password = secrets.token_hex(6), secrets.token_hex(12)
    make(place.home, name, password, *permissions)
    with Operator(place.server.http, name, password) as operator:
        return [operator.http.get(address).status_code for address in addresses]


def test_what_is_refused_is_answered_400_and_what_is_shown_still_filters(kept: Place) -> None:
    view = ("view_callrecord", "view_sessionrecord", "auth.view_user")
    refused = (
        f"{CALLS}?arguments__title__startswith=a",
        f"{SESSIONS}?principal__regex=(a%2B)%2B%24",
        f"{SESSIONS}?principal__iregex=(",
        f"{SESSIONS}?visitor__startswith=v",
        "/admin/auth/user/?password__startswith=p",
        "/admin/auth/user/?username__regex=(",
    )
    fine = (
        f"{SESSIONS}?state__exact=live&transport__exact=http&client_name=test",
        f"{SESSIONS}?last_seen__year=2026&last_seen__month=1&principal__startswith=x&q=x&o=-1.99.x",
        f"{CALLS}?outcome=ok&tool=x&digest__startswith=a&o=1",
        "/admin/auth/user/?is_staff__exact=1&groups__isnull=True",
    )
    assert statuses(kept, view, *refused, *fine) == [400] * len(refused) + [200] * len(fine)
    assert "Traceback" not in kept.server.logged()


def test_who_may_see_arguments_filters_by_them(kept: Place) -> None:
    may = ("view_callrecord", "view_arguments")
    assert statuses(kept, may, f"{CALLS}?arguments__title__startswith=a", f"{CALLS}?arguments__a__regex=a") == [
        200,
        400,
    ]


def test_calls_of_a_version_before_show_what_their_session_says() -> None:
    session = SessionRecord(uid="0" * 16, account="emma@example.com", account_name="Emma")
    assert call_page().person(CallRecord(session=session, account="", account_name="")) == "Emma <emma@example.com>"
    assert call_page().person(CallRecord(account="", account_name="")) == ""
