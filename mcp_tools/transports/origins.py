"""Which web origins and host names may speak to this server, against DNS rebinding and cross-site requests.

Source: MCP page basic/transports/streamable-http#security-warning (every revision), RFC 6454 for origins.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

ANY = "*"


class AllowList:
    """``origins`` are full origins or ``*``; ``hosts`` names, ``.example.com`` for subdomains, or ``*``."""

    def __init__(self, origins: Iterable[str], hosts: Iterable[str]) -> None:
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)
        self._hosts = tuple(host.strip("[]").lower() for host in hosts)
        self.any_origin = ANY in self._origins
        self._any_host = ANY in self._hosts

    def allow(self, origins: Iterable[str]) -> None:
        """Adds origins that were not known before, such as that of a port which the system chose."""
        self._origins |= {origin.lower() for origin in origins}

    def allows_origin(self, origin: str) -> bool:
        """Whether an ``Origin`` header is on the list; ``null`` only when listed by name."""
        if origin == "null":
            return "null" in self._origins
        return self.any_origin or origin.lower() in self._origins

    def allows_page(self, origin: str, host: str) -> bool:
        """Whether a page at ``origin`` may speak to ``host``: one on the list, or one that this very host serves.

        A host that everybody may name proves nothing, for DNS can be made to lead any name here.
        """
        if self.allows_origin(origin):
            return True
        own = not self._any_host and self.allows_host(host)
        return own and origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")

    def allows_host(self, host: str) -> bool:
        """Whether a ``Host`` header (with or without port) names this server."""
        if self._any_host:
            return True
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        return any(name == allowed or (allowed.startswith(".") and name.endswith(allowed)) for allowed in self._hosts)
