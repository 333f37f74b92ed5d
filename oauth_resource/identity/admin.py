"""Linked accounts in the admin: who linked which, never the tokens themselves; operators may unlink them.

To see them and to unlink them are two permissions.
"""

from __future__ import annotations

import logging
from typing import Final

from asgiref.sync import async_to_sync
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from oauth_resource.identity.views import running
from oauth_resource.model_admin import ReadOnlyModelAdmin
from oauth_resource.vault.models import Credential
from oauth_resource.vault.store import VaultUnavailable

log = logging.getLogger("gauzy_mcp.audit")

UNLINK: Final = "vault.unlink_credential"


@admin.register(Credential)
class LinkedAccounts(ReadOnlyModelAdmin):
    list_display = ("account", "subject", "issuer", "api", "linked", "created", "updated")
    list_display_links = ("account", "subject")
    list_filter = ("issuer", "api")
    search_fields = ("account", "subject", "issuer")
    fields = list_display
    actions = ("unlink",)

    @admin.display(description="Linked", boolean=True)
    def linked(self, row: Credential) -> bool:
        """False where a client unlinked the account, so that only the same one can be linked again."""
        return not row.person

    def has_unlink_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(UNLINK))

    @admin.action(description="Unlink the chosen accounts", permissions=["unlink"])
    def unlink(self, request: HttpRequest, chosen: QuerySet[Credential]) -> None:
        """In every process. The next call that needs an account asks the person for one, and any account will do."""
        links = running().links
        if links is None:
            self.message_user(request, "This server does not keep linked accounts now.", messages.ERROR)
            return
        unlinked = 0
        for row in chosen:
            try:
                unlinked += async_to_sync(links.vault.unlink)(row.owner, row.api)
            except VaultUnavailable as error:
                self.message_user(request, f"{row} is still linked: {error}", messages.ERROR)
                continue
            self.log_change(request, row, "unlinked")
            log.info("link removed subject=%s account=%s by=%s", row.subject, row.account, request.user)
        self.message_user(request, f"{unlinked} account{'' if unlinked == 1 else 's'} unlinked.", messages.SUCCESS)
