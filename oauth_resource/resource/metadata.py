"""Protected resource metadata (RFC 9728): which resource this is, and which authorization servers guard it.

Every address here comes from the configuration. What a request says of itself (Host, X-Forwarded-*) has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from oauth_resource.scopes import READ, WRITE, written

WELL_KNOWN: Final = "/.well-known/oauth-protected-resource"


@dataclass(frozen=True, slots=True)
class Resource:
    """This server as its clients address it: ``base`` without the path of an endpoint, ``paths`` the endpoints.

    ``servers`` are issuer URLs; ``required`` are the scopes that every request needs (MCP_AUTH_REQUIRED_SCOPES),
    ``offered`` what a client without a token is told to ask for besides (MCP_AUTH_CHALLENGE_SCOPES).
    """

    base: str
    paths: tuple[str, ...]
    servers: tuple[str, ...]
    required: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()

    @classmethod
    def at(
        cls,
        uri: str,
        paths: Sequence[str],
        servers: Iterable[str],
        required: Sequence[str] = (),
        offered: Sequence[str] = (),
    ) -> Resource:
        """``uri`` is MCP_AUTH_RESOURCE_URI: the server as a whole, or the address of one of its endpoints."""
        base = uri.rstrip("/")
        endpoint = next((path for path in paths if base.endswith(path)), "")
        return cls(base.removesuffix(endpoint), tuple(paths), tuple(servers), tuple(required), tuple(offered))

    @property
    def audiences(self) -> tuple[str, ...]:
        """Every resource URI of this server (RFC 8707 section 2)."""
        return (self.base, *(self.base + path for path in self.paths))

    @property
    def authenticator(self) -> str:
        """The scope that an unauthenticated client is told to ask for: what a first request needs, and no more.

        A client registers with it (MCP page basic/authorization, scope selection strategy). An authorization server
        that holds a client to the scopes of its registration would then refuse the step up; ``offered`` is for those.
        """
        return written((*self.required, *self.offered) or (READ,))

    def metadata_url(self, path: str = "") -> str:
        """Where the metadata of the endpoint at ``path`` is; of the server as a whole for any other path."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{parts.path}{path if path in self.paths else ''}"

    def document(self, place: str) -> dict[str, Any] | None:
        """The metadata at ``WELL_KNOWN + place``; None where there is none."""
        path = place.rstrip("/")
        own = urlsplit(self.base).path
        if own and (path == own or path.startswith(f"{own}/")):
            path = path[len(own) :]
        if path and path not in self.paths:
            return None
        return {
            "resource": self.base + path,
            "authorization_servers": list(self.servers),
            "scopes_supported": written({READ, WRITE, *self.required, *self.offered}).split(" "),
            "bearer_methods_supported": ["header"],
            "resource_name": "Ever Gauzy",
        }
