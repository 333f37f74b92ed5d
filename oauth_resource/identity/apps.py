"""The Django app of the link page, for its templates."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "oauth_resource.identity"
    label = "identity"
