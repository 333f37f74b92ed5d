"""The console of this server as a client of it: built in, so that no browser registers it, and nobody else can be it.

It is public and holds to PKCE like any other, and is answered at this server's own addresses and nowhere else: on
loopback too only at the very port, since a program at another one could pass for it (RFC 8252 section 7.3 is for
programs that choose their port).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from oauth2_provider.models import AbstractApplication, get_application_model

from oauth_resource.resource.claims import canonical
from oauth_resource.server.toolkit import LOOPBACK

CONSOLE: Final = "gauzy-mcp-console"
"""Its client id."""

NAME: Final = "Gauzy MCP console"


def addresses(base: str) -> tuple[str, ...]:
    """The redirect URIs of the console of the server at ``base``: its page.

    ``localhost`` stands for 127.0.0.1 too, where the server listens by default. Nothing stands for ``[::1]``: where the
    server does not listen there, another program can.
    """
    parts = urlsplit(canonical(base))
    page = f"{parts.path.rstrip('/')}/"
    if parts.hostname not in LOOPBACK:
        return (f"{parts.scheme}://{parts.netloc}{page}",)
    port = f":{parts.port}" if parts.port else ""
    own = parts.netloc.removesuffix(port)
    hosts = ("127.0.0.1", own) if own == "localhost" else (own,)
    return tuple(f"{parts.scheme}://{host}{port}{page}" for host in hosts)


def console(redirect_uris: Iterable[str]) -> Any:
    """The console's row among the clients, made or brought up to date where it has to be."""
    clients = get_application_model().objects
    wanted: dict[str, Any] = {
        "name": NAME,
        "redirect_uris": " ".join(redirect_uris),
        "client_type": AbstractApplication.CLIENT_PUBLIC,
        "authorization_grant_type": AbstractApplication.GRANT_AUTHORIZATION_CODE,
        "registration_source": AbstractApplication.RegistrationSource.MANUAL,
    }
    row = clients.filter(client_id=CONSOLE, **wanted).first()
    if row is None:
        # A public client proves itself by PKCE; no secret matches an empty one.
        wanted |= {"client_secret": "", "hash_client_secret": False}
        row, _ = clients.update_or_create(client_id=CONSOLE, defaults=wanted)
    return row
