"""The Django app of the embedded authorization server."""

from __future__ import annotations

from django.apps import AppConfig


class AuthorizationServerConfig(AppConfig):
    name = "oauth_resource.server"
    label = "authorization"
    verbose_name = "Authorization server"

    def ready(self) -> None:
        from django.conf import settings

        from oauth_resource.server import revoking

        if settings.MCP_EMBEDS_SERVER:
            # Where the server does not serve, its tokens open nothing, and nobody has to hear of their end.
            revoking.connect()
