"""The keys that sign access tokens: which there are, and a new one. The private halves are never shown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from unfold.decorators import action

from oauth_resource.model_admin import ReadOnlyModelAdmin
from oauth_resource.server.models import SigningKey
from oauth_resource.server.running import running

log = logging.getLogger("gauzy_mcp.audit")

QUESTION = "Sign with a new key from now on? Tokens of the key before stay good until they expire."


@admin.register(SigningKey)
class SigningKeys(ReadOnlyModelAdmin):
    list_display = ("kid", "algorithm", "created", "retired")
    fields = (*list_display, "public")
    list_filter = ("algorithm",)
    actions_list: ClassVar[Sequence[str]] = ("rotate",)

    def has_rotate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("authorization.add_signingkey"))

    @action(description="Rotate", permissions=["rotate"], url_path="rotate")
    def rotate(self, request: HttpRequest) -> HttpResponse:
        page = reverse("admin:authorization_signingkey_changelist")
        if request.method != "POST":
            # A link led here, so the page only asks; its form does it.
            asked = {"question": QUESTION, "title": "Rotate", "back": page}
            return render(
                request, "admin/authorization/confirm.html", {**self.admin_site.each_context(request), **asked}
            )
        kid = running().keys.rotate()
        log.info("signing key rotated kid=%s by=%s", kid, request.user)
        self.log_addition(request, SigningKey.objects.get(kid=kid), "rotated")
        self.message_user(request, f"The key {kid} signs from now on.", messages.SUCCESS)
        return HttpResponseRedirect(page)
