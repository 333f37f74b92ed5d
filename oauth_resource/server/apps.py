"""The Django app of the embedded authorization server."""

from __future__ import annotations

from django.apps import AppConfig


class AuthorizationServerConfig(AppConfig):
    name = "oauth_resource.server"
    label = "authorization"
    verbose_name = "Authorization server"

    def ready(self) -> None:
        from oauth_resource.server import revoking

        revoking.connect()
