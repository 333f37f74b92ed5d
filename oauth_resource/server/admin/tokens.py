"""Codes and tokens that clients hold, and personal ones: who, what for, until when; and an end to them."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.models import (
    get_access_token_model,
    get_grant_model,
    get_refresh_token_model,
)
from unfold.decorators import display

from oauth_resource.model_admin import ReadOnlyModelAdmin
from oauth_resource.server.admin.wording import counted, whose
from oauth_resource.server.models import PersonalToken
from oauth_resource.server.revoking import end_family
from oauth_resource.server.showing import plain_name
from oauth_resource.server.toolkit import REFRESH_SECONDS
from oauth_resource.server.validator import scope_of

log = logging.getLogger("gauzy_mcp.audit")

COLOURS = {"live": "success", "revoked": "danger", "expired": "warning"}
NAMES = ("client_id", "subject")
RENEWED = "A renewed token is a new row: choose it again, or revoke its grant."
SEARCHED = ("application__name", "application__client_id", "user__gauzy__email", "user__gauzy__subject")


class OfClient(ReadOnlyModelAdmin):
    """Rows of a person and a client."""

    search_fields = SEARCHED
    list_select_related: ClassVar[Sequence[str]] = ("application", "user__gauzy")
    date_hierarchy = "created"

    @display(description="person", ordering="user__gauzy__email")
    def person(self, row: Any) -> str:
        return whose(row)

    @display(description="client", ordering="application__name")
    def client(self, row: Any) -> str:
        return plain_name(row.application)

    @display(description="client id")
    def client_id(self, row: Any) -> str:
        return str(row.application.client_id)

    @display(description="subject")
    def subject(self, row: Any) -> str:
        """The ``sub`` of the person's tokens."""
        account = getattr(row.user, "gauzy", None)
        return str(account.subject) if account else ""

    @display(description="resource")
    def audience(self, row: Any) -> str:
        return ", ".join(row.resource or [])


@admin.register(get_grant_model())
class Codes(OfClient):
    """Authorization codes that nobody exchanged: they live for a minute."""

    list_display = ("person", "client", "scope", "audience", "created", "expires")
    fields = (*list_display, *NAMES)


@admin.register(get_access_token_model())
class AccessTokens(OfClient):
    list_display = ("person", "client", "scope", "audience", "created", "expires")
    fields = (*list_display, *NAMES)
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("oauth2_provider.delete_accesstoken"))

    @admin.action(description="Revoke the chosen tokens, and what renews them", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        rows = list(chosen.select_related("refresh_token"))
        for row in rows:
            log.info("access token revoked person=%s client=%s by=%s", whose(row), row.application_id, request.user)
            self.log_change(request, row, "revoked")
            renewing = getattr(row, "refresh_token", None)
            if renewing is not None:
                end_family(row.user, renewing.token_family)
            row.delete()
        if rows:
            self.message_user(request, counted(len(rows), "token", "revoked"), messages.SUCCESS)
        gone = len(request.POST.getlist(ACTION_CHECKBOX_NAME)) - len(rows)
        if gone > 0:
            # Renewing a token replaces its row, and nothing leads from the old row to the new one.
            self.message_user(request, f"{counted(gone, 'chosen token', 'not found')} {RENEWED}", messages.WARNING)


@admin.register(get_refresh_token_model())
class Grants(OfClient):
    """What clients were granted: each live refresh token is one that goes on until it is revoked or unused."""

    list_display = ("person", "client", "scope", "audience", "state", "created")
    fields = (*list_display, "revoked", *NAMES)
    list_select_related = ("application", "user__gauzy", "access_token", "granted")
    list_filter = (("revoked", admin.EmptyFieldListFilter),)
    actions = ("revoke",)

    @display(description="scope")
    def scope(self, row: Any) -> str:
        return scope_of(row)

    @display(description="state", label=COLOURS)
    def state(self, row: Any) -> str:
        if row.revoked:
            return "revoked"
        return "live" if timezone.now() < row.created + datetime.timedelta(seconds=REFRESH_SECONDS) else "expired"

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("oauth2_provider.delete_refreshtoken"))

    @admin.action(description="Revoke the chosen grants", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """A chosen token that was renewed since the list was loaded stands for what replaced it.

        Such a row may have left the filter that it was chosen under.
        """
        if request.POST.get("select_across") != "1":
            chosen = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        ended = 0
        for row in chosen.select_related("user"):
            if end_family(row.user, row.token_family):
                ended += 1
                self.log_change(request, row, "revoked")
                log.info("grant revoked person=%s client=%s by=%s", whose(row), row.application_id, request.user)
        self.message_user(request, counted(ended, "grant", "revoked"), messages.SUCCESS)


@admin.register(PersonalToken)
class PersonalTokens(ReadOnlyModelAdmin):
    list_display = ("name", "account", "scope", "state", "created", "expires", "last_used")
    fields = (*list_display, "subject")
    list_select_related = ("account",)
    search_fields = ("name", "account__email", "account__subject")
    actions = ("delete_chosen",)

    @display(description="state", label=COLOURS)
    def state(self, row: PersonalToken) -> str:
        return "live" if row.expires > timezone.now() else "expired"

    @display(description="subject")
    def subject(self, row: PersonalToken) -> str:
        return str(row.account.subject)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("authorization.delete_personaltoken"))

    @admin.action(description="Delete the chosen tokens", permissions=["end"])
    def delete_chosen(self, request: HttpRequest, chosen: QuerySet[PersonalToken]) -> None:
        rows = list(chosen)
        for row in rows:
            self.log_deletions(request, PersonalToken.objects.filter(pk=row.pk))
            log.info("personal token deleted subject=%s id=%s by=%s", row.account.subject, row.pk, request.user)
            row.delete()
        self.message_user(request, counted(len(rows), "token", "deleted"), messages.SUCCESS)
