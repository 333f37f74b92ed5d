"""The Gauzy people who signed in here. Who is disabled is out at once, and does not come in again."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from oauth_resource.model_admin import ReadOnlyModelAdmin
from oauth_resource.server.admin.wording import counted
from oauth_resource.server.models import Account

log = logging.getLogger("gauzy_mcp.audit")


@admin.register(Account)
class Accounts(ReadOnlyModelAdmin):
    list_display = ("email", "name", "enabled", "tenant", "subject", "last_sign_in", "created")
    fields = ("email", "name", "enabled", "user", "subject", "api", "tenant", "gauzy_user", "last_sign_in", "created")
    list_select_related = ("user",)
    list_filter = ("user__is_active", "api")
    search_fields = ("email", "name", "subject", "gauzy_user")
    actions = ("disable", "enable")

    @display(description="enabled", boolean=True, ordering="user__is_active")
    def enabled(self, account: Account) -> bool:
        return account.user.is_active

    def has_disable_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("authorization.change_account"))

    @admin.action(description="Disable the chosen accounts", permissions=["disable"])
    def disable(self, request: HttpRequest, chosen: QuerySet[Account]) -> None:
        """Every token of theirs ends, in every process."""
        self._set(request, chosen, active=False)

    @admin.action(description="Enable the chosen accounts", permissions=["disable"])
    def enable(self, request: HttpRequest, chosen: QuerySet[Account]) -> None:
        self._set(request, chosen, active=True)

    def _set(self, request: HttpRequest, chosen: QuerySet[Account], *, active: bool) -> None:
        done = "enabled" if active else "disabled"
        changed = [account for account in chosen.select_related("user") if account.user.is_active != active]
        for account in changed:
            account.user.is_active = active
            # Not a queryset update: what ends the tokens listens to the row.
            account.user.save(update_fields=["is_active"])
            self.log_change(request, account, done)
            log.info("account %s subject=%s by=%s", done, account.subject, request.user)
        self.message_user(request, counted(len(changed), "account", done), messages.SUCCESS)
