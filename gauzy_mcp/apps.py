"""The Django app of the wiring: hands every room what it needs of the running process.

It comes last in INSTALLED_APPS. Nothing is made here, so a command that needs no assembly does not pay for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from gauzy_mcp.wiring import Assembly
    from oauth_resource.server.keys import SigningKeys
    from oauth_resource.server.running import AuthorizationServer
    from oauth_resource.vault.sealing import KeyRing


class WiringConfig(AppConfig):
    name = "gauzy_mcp"

    def ready(self) -> None:
        from gauzy_mcp import checks
        from mcp_tools.operations import access
        from oauth_resource.identity import views
        from oauth_resource.server import running
        from oauth_resource.vault import sealing

        checks.register()
        access.running.provide(_assembly)
        views.running.provide(_assembly)
        running.running.provide(_authorization_server)
        running.signing_keys.provide(_signing_keys)
        sealing.credential_ring.provide(_credential_ring)


def _assembly() -> Assembly:
    from gauzy_mcp.wiring import process_assembly

    return process_assembly()


def _authorization_server() -> AuthorizationServer:
    return _assembly().authorization_server


def _signing_keys() -> SigningKeys:
    from gauzy_mcp.embedded import signing_keys

    return signing_keys()


def _credential_ring() -> KeyRing:
    from gauzy_mcp.oauth import credential_ring

    return credential_ring()
