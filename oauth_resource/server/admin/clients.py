"""OAuth clients: those that registered themselves to look at, and those that operators make."""

from __future__ import annotations

import datetime
import logging
import secrets
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from oauth2_provider.models import AbstractApplication, get_application_model
from unfold.admin import ModelAdmin
from unfold.decorators import display

from oauth_resource.model_admin import RestrictedLookups
from oauth_resource.server.admin.wording import counted
from oauth_resource.server.granted import redirect_hosts
from oauth_resource.server.registration import Invalid, redirect_uris
from oauth_resource.server.revoking import end_client
from oauth_resource.server.showing import plain_name
from oauth_resource.server.toolkit import REFRESH_SECONDS
from oauth_resource.server.validator import kept_secret

log = logging.getLogger("gauzy_mcp.audit")

MANUAL = AbstractApplication.RegistrationSource.MANUAL
CONFIDENTIAL = AbstractApplication.CLIENT_CONFIDENTIAL


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """The same rules as for clients that register themselves."""

    class Meta:
        model = get_application_model()
        fields: ClassVar = ["name", "client_type", "redirect_uris"]
        help_texts: ClassVar = {
            "client_type": "Confidential: a server that can keep a secret. Public: a program on people's machines.",
            "redirect_uris": "Where people are sent back to, one per line. https, or http on localhost.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"].required = True
        self.instance.authorization_grant_type = AbstractApplication.GRANT_AUTHORIZATION_CODE

    def clean_redirect_uris(self) -> str:
        try:
            return " ".join(redirect_uris({"redirect_uris": self.cleaned_data["redirect_uris"].split()}))
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None


@admin.register(get_application_model())
class Clients(RestrictedLookups, ModelAdmin):  # type: ignore[misc]
    form = ClientForm
    list_display = ("shown_name", "registration_source", "client_type", "hosts", "live_grants", "created")
    list_filter = ("registration_source", "client_type")
    search_fields = ("name", "client_id", "redirect_uris")
    list_per_page = 50
    list_fullwidth = True
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        oldest = timezone.now() - datetime.timedelta(seconds=REFRESH_SECONDS)
        lives = Q(refreshtoken__revoked__isnull=True, refreshtoken__created__gte=oldest)
        clients: QuerySet[Any] = super().get_queryset(request).annotate(lives=Count("refreshtoken", filter=lives))
        return clients

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        made = ["name", "client_type", "redirect_uris"]
        return made if obj is None else ["client_id", "registration_source", *made, "created"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["client_id", "registration_source", "client_type", "created"]

    @display(description="name", ordering="name")
    def shown_name(self, client: Any) -> str:
        return plain_name(client)

    @display(description="redirects to")
    def hosts(self, client: Any) -> str:
        return ", ".join(redirect_hosts(client))

    @display(description="live grants", ordering="lives")
    def live_grants(self, client: Any) -> int:
        return int(client.lives)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a client said of itself is not for others to change."""
        manual = obj is None or obj.registration_source == MANUAL
        return manual and bool(super().has_change_permission(request, obj))

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("oauth2_provider.delete_refreshtoken"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.plain_secret = secrets.token_urlsafe(32)
            obj.client_secret, obj.hash_client_secret = kept_secret(obj.plain_secret), False
            obj.registration_source = MANUAL
        obj.save()
        log.info("client %s client=%s by=%s", "changed" if change else "made", obj.client_id, request.user)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Shows the secret on a page of its own, once: a message would keep it in a cookie."""
        secret = obj.plain_secret if obj.client_type == CONFIDENTIAL else ""
        context = {**self.admin_site.each_context(request), "client": obj, "secret": secret, "title": "Client made"}
        return render(request, "admin/authorization/client_made.html", context)

    @admin.action(description="Revoke everything that these clients were granted", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        ended = 0
        for client in chosen:
            ended += end_client(client)
            self.log_change(request, client, "revoked what it was granted")
            log.info("grants revoked client=%s by=%s", client.client_id, request.user)
        self.message_user(request, counted(ended, "grant", "revoked"), messages.SUCCESS)
