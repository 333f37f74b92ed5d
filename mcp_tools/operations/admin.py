"""The admin: sessions and calls to look at, sessions to terminate. Nothing here can be edited: history is what was.

Three permissions stand apart: to view, to terminate, and to see the arguments of calls.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from asgiref.sync import async_to_sync
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from unfold.admin import TabularInline
from unfold.decorators import action, display

from mcp_tools.operations.access import terminate
from mcp_tools.operations.models import CallRecord, SessionRecord
from oauth_resource.model_admin import ReadOnlyModelAdmin, RestrictedLookups

COLOURS = {"live": "success", "closed": "info", "terminated": "danger", "expired": "warning"}
SHORT = 12
"""Characters of a digest that tell two calls apart well enough."""

OUTCOMES = {"ok": "success", "error": "warning", "crashed": "danger", "cancelled": "info"}


def shown_moment(moment: datetime.datetime | None) -> str:
    """To the second, in UTC."""
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def shown_person(record: SessionRecord | CallRecord) -> str:
    """The Gauzy account, whole: names that differ only at their end must not look alike."""
    if record.account_name and record.account:
        return f"{record.account_name} <{record.account}>"
    return record.account_name or record.account


def brief(moment: datetime.datetime) -> str:
    """The same for lists, where it has to stay on one line."""
    return moment.strftime("%b %d %H:%M:%S").replace(" ", "\u00a0")


admin.site.unregister([User, Group])


@admin.register(User)
class OperatorAdmin(RestrictedLookups, UserAdmin):  # type: ignore[type-arg]
    """Django's page of users."""


@admin.register(Group)
class OperatorGroupAdmin(RestrictedLookups, GroupAdmin):
    """Django's page of groups."""


class Timeline(TabularInline):  # type: ignore[misc]
    """The last calls of a session."""

    model = CallRecord
    fields = ("when", "tool", "outcome", "milliseconds", "upstream", "fingerprint")
    readonly_fields = fields
    hide_title = True
    extra = 0
    max_num = 0
    can_delete = False
    ordering = ("-began",)
    per_page = 50
    verbose_name_plural = "timeline of calls"

    @display(description="began")
    def when(self, call: CallRecord) -> str:
        return shown_moment(call.began)

    @display(description="arguments, as digest")
    def fingerprint(self, call: CallRecord) -> str:
        return call.digest[:SHORT]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("operations.view_callrecord"))


@admin.register(SessionRecord)
class SessionAdmin(ReadOnlyModelAdmin):
    list_display = (
        "uid", "shown_state", "transport", "protocol", "client", "person", "principal", "organization", "address",
        "last_used", "calls", "errors", "running",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("uid", "shown_state", ("transport", "revision"), ("client_name", "client_version"))}),
        ("Who", {"fields": ("person", "uses_configured_account", "principal", "organization", "address")}),
        ("When", {"fields": (("began", "used"), ("shown_expiry", "over"))}),
        ("What", {"fields": (("calls", "errors", "in_flight"),)}),
    )
    readonly_fields = ("shown_state", "person", "began", "used", "shown_expiry", "over")
    list_filter = ("state", "transport", "revision", "client_name")
    search_fields = ("uid", "client_name", "principal", "account", "account_name", "organization", "address")
    date_hierarchy = "last_seen"
    inlines: ClassVar[Sequence[type]] = (Timeline,)
    actions = ("terminate_chosen", "terminate_all_of_user")
    actions_detail: ClassVar[Sequence[str]] = ("terminate_one",)

    @display(description="state", label=COLOURS, ordering="state")
    def shown_state(self, record: SessionRecord) -> str:
        return record.state

    @display(description="client", ordering="client_name")
    def client(self, record: SessionRecord) -> str:
        return f"{record.client_name} {record.client_version}".strip()

    @display(description="Gauzy account", ordering="account")
    def person(self, record: SessionRecord) -> str:
        return shown_person(record)

    @display(description="protocol", ordering="revision")
    def protocol(self, record: SessionRecord) -> str:
        return record.era

    @display(description="last activity", ordering="last_seen")
    def last_used(self, record: SessionRecord) -> str:
        return brief(record.last_seen)

    @display(description="now", ordering="in_flight")
    def running(self, record: SessionRecord) -> int:
        return record.in_flight

    @display(description="last activity")
    def used(self, record: SessionRecord) -> str:
        return shown_moment(record.last_seen)

    @display(description="began")
    def began(self, record: SessionRecord) -> str:
        return shown_moment(record.created)

    @display(description="expires")
    def shown_expiry(self, record: SessionRecord) -> str:
        return shown_moment(record.expires)

    @display(description="ended")
    def over(self, record: SessionRecord) -> str:
        return shown_moment(record.ended)

    def has_terminate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("operations.terminate_sessionrecord"))

    def shown_fields(self, request: HttpRequest) -> set[str]:
        return super().shown_fields(request) | {"account", "account_name"}

    @admin.action(description="Terminate the chosen sessions", permissions=["terminate"])
    def terminate_chosen(self, request: HttpRequest, chosen: QuerySet[SessionRecord]) -> None:
        self._terminate(request, chosen.filter(state=SessionRecord.State.LIVE))

    @admin.action(description="Terminate all sessions of these users", permissions=["terminate"])
    def terminate_all_of_user(self, request: HttpRequest, chosen: QuerySet[SessionRecord]) -> None:
        """A user is an OAuth principal or, without OAuth, a Gauzy account of their own: the configured one is
        everybody's. A session of nobody in particular stands for itself."""
        live = SessionRecord.objects.filter(state=SessionRecord.State.LIVE)
        principals = {one.principal for one in chosen if one.principal}
        own = {one.pk: one.account for one in chosen if one.account and not one.uses_configured_account}
        accounts = {own[one.pk] for one in chosen if one.pk in own and not one.principal}
        nameless = [one.pk for one in chosen if not one.principal and one.pk not in own]
        of_account = Q(account__in=accounts, uses_configured_account=False)
        self._terminate(request, live.filter(Q(principal__in=principals) | of_account | Q(pk__in=nameless)))

    @action(description="Terminate", permissions=["terminate"], url_path="terminate")
    def terminate_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A link leads here, so it only asks; the form of the page it shows does it."""
        record = get_object_or_404(SessionRecord, pk=object_id)
        page = reverse("admin:operations_sessionrecord_change", args=(object_id,))
        if request.method != "POST":
            context = {**self.admin_site.each_context(request), "title": "Terminate", "record": record, "page": page}
            return render(request, "admin/operations/terminate.html", context)
        self._terminate(request, SessionRecord.objects.filter(pk=object_id, state=SessionRecord.State.LIVE))
        return HttpResponseRedirect(page)

    def _terminate(self, request: HttpRequest, chosen: QuerySet[SessionRecord]) -> None:
        """Ends each in every process; what had ended by itself is marked so."""
        ended = visits = 0
        for record in chosen.exclude(transport="stdio"):
            was_live = async_to_sync(terminate)(record.uid, record.visitor)
            visits += bool(record.visitor)
            state = SessionRecord.State.TERMINATED if was_live else SessionRecord.State.EXPIRED
            SessionRecord.objects.filter(pk=record.pk).update(state=state, ended=timezone.now(), in_flight=0)
            if was_live:
                ended += 1
                self.log_change(request, record, "terminated")
        if chosen.filter(transport="stdio", state=SessionRecord.State.LIVE).exists():
            self.message_user(request, "Only its client can end a stdio session: close the client.", messages.WARNING)
        told = f"{ended} session{'' if ended == 1 else 's'} terminated." if ended else "No session was live any more."
        if visits:
            told += f" {visits} of them keep{'s' if visits == 1 else ''} no session and may call again."
        self.message_user(request, told, messages.SUCCESS if ended else messages.WARNING)


@admin.register(CallRecord)
class CallAdmin(ReadOnlyModelAdmin):
    list_display = (
        "began_at", "tool", "shown_outcome", "milliseconds", "upstream", "session", "person", "principal",
        "organization", "client", "transport", "address", "fingerprint",
    )  # fmt: skip
    list_filter = ("outcome", "transport", "tool")
    search_fields = (
        "tool", "principal", "account", "account_name", "client_name", "address", "session__uid", "digest",
    )  # fmt: skip
    date_hierarchy = "began"
    list_select_related = ("session",)
    readonly_fields = ("when", "shown_outcome", "person", "client")

    @display(description="began", ordering="began")
    def began_at(self, record: CallRecord) -> str:
        return brief(record.began)

    @display(description="began")
    def when(self, record: CallRecord) -> str:
        return shown_moment(record.began)

    @display(description="Gauzy account", ordering="account")
    def person(self, record: CallRecord) -> str:
        """Of calls that a version before recorded, what is known of their session."""
        return shown_person(record) or (shown_person(record.session) if record.session else "")

    @display(description="client", ordering="client_name")
    def client(self, record: CallRecord) -> str:
        return f"{record.client_name} {record.client_version}".strip()

    def shown_fields(self, request: HttpRequest) -> set[str]:
        return super().shown_fields(request) | {"account", "account_name", "client_name", "client_version"}

    @display(description="arguments, as digest", ordering="digest")
    def fingerprint(self, record: CallRecord) -> str:
        return record.digest[:SHORT]

    @display(description="outcome", label=OUTCOMES, ordering="outcome")
    def shown_outcome(self, record: CallRecord) -> str:
        return record.outcome

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Arguments are there by opt-in, and for those who may see them."""
        shown = [
            "when",
            "tool",
            "shown_outcome",
            "milliseconds",
            "upstream",
            "person",
            "principal",
            "organization",
            "client",
            "address",
            "session",
            "transport",
            "digest",
        ]
        return [*shown, "arguments"] if request.user.has_perm("operations.view_arguments") else shown
