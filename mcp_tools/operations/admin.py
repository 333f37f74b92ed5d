"""The admin: sessions and calls to look at, sessions to terminate. Nothing here can be edited: history is what was.

Three permissions stand apart: to view, to terminate, and to see the arguments of calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from asgiref.sync import async_to_sync
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from mcp_tools.operations.access import terminate
from mcp_tools.operations.models import CallRecord, SessionRecord

COLOURS = {"live": "success", "closed": "info", "terminated": "danger", "expired": "warning"}
OUTCOMES = {"ok": "success", "error": "warning", "crashed": "danger", "cancelled": "info"}


class History(ModelAdmin):  # type: ignore[misc]
    """Read only, whoever looks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Timeline(TabularInline):  # type: ignore[misc]
    """The last calls of a session."""

    model = CallRecord
    fields = ("began", "tool", "outcome", "milliseconds", "upstream", "digest")
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False
    ordering = ("-began",)
    per_page = 50
    verbose_name_plural = "timeline of calls"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("operations.view_callrecord"))


@admin.register(SessionRecord)
class SessionAdmin(History):
    list_display = (
        "uid", "shown_state", "transport", "era", "client_name", "account", "principal", "organization", "last_seen",
        "calls", "errors", "in_flight",
    )  # fmt: skip
    list_filter = ("state", "transport", "revision", "client_name")
    search_fields = ("uid", "client_name", "principal", "account", "organization")
    date_hierarchy = "last_seen"
    list_per_page = 50
    inlines: ClassVar[Sequence[type]] = (Timeline,)
    actions = ("terminate_chosen", "terminate_all_of_user")
    actions_detail: ClassVar[Sequence[str]] = ("terminate_one",)

    @display(description="state", label=COLOURS, ordering="state")
    def shown_state(self, record: SessionRecord) -> str:
        return record.state

    def has_terminate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("operations.terminate_sessionrecord"))

    @admin.action(description="Terminate the chosen sessions", permissions=["terminate"])
    def terminate_chosen(self, request: HttpRequest, chosen: QuerySet[SessionRecord]) -> None:
        self._terminate(request, chosen.filter(state=SessionRecord.State.LIVE))

    @admin.action(description="Terminate all sessions of these users", permissions=["terminate"])
    def terminate_all_of_user(self, request: HttpRequest, chosen: QuerySet[SessionRecord]) -> None:
        """A user is an OAuth principal or, without OAuth, a Gauzy account; a nameless session stands for itself."""
        live = SessionRecord.objects.filter(state=SessionRecord.State.LIVE)
        principals = {one.principal for one in chosen if one.principal}
        accounts = {one.account for one in chosen if one.account and not one.principal}
        nameless = [one.pk for one in chosen if not one.principal and not one.account]
        theirs = Q(principal__in=principals) | Q(account__in=accounts) | Q(pk__in=nameless)
        self._terminate(request, live.filter(theirs))

    @action(description="Terminate", permissions=["terminate"], url_path="terminate")
    def terminate_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self._terminate(request, SessionRecord.objects.filter(pk=object_id, state=SessionRecord.State.LIVE))
        return HttpResponseRedirect(reverse("admin:operations_sessionrecord_change", args=(object_id,)))

    def _terminate(self, request: HttpRequest, chosen: QuerySet[SessionRecord]) -> None:
        """Ends each in every process; what had ended by itself is marked so."""
        ended = 0
        for record in chosen:
            if async_to_sync(terminate)(record.uid):
                ended += 1
                self.log_change(request, record, "terminated")
            else:
                SessionRecord.objects.filter(pk=record.pk).update(state=SessionRecord.State.EXPIRED, in_flight=0)
        self.message_user(request, f"{ended} session(s) terminated.", messages.SUCCESS)


@admin.register(CallRecord)
class CallAdmin(History):
    list_display = ("began", "tool", "shown_outcome", "milliseconds", "upstream", "principal", "session", "digest")
    list_filter = ("outcome", "transport", "tool")
    search_fields = ("tool", "principal", "session__uid", "session__account", "digest")
    date_hierarchy = "began"
    list_per_page = 50
    list_select_related = ("session",)

    @display(description="outcome", label=OUTCOMES, ordering="outcome")
    def shown_outcome(self, record: CallRecord) -> str:
        return record.outcome

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Arguments are there by opt-in, and for those who may see them."""
        shown = ["began", "tool", "outcome", "milliseconds", "upstream", "principal", "session", "transport", "digest"]
        return [*shown, "arguments"] if request.user.has_perm("operations.view_arguments") else shown
