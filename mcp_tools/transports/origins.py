"""Which web origins and host names may speak to this server, against DNS rebinding and cross-site requests.

Source: MCP page basic/transports/streamable-http#security-warning (every revision), RFC 6454 for origins, RFC 9112
section 3.2 and RFC 3986 section 3.2 for hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv6Address, ip_address
from typing import Final

ANY: Final = "*"

_HOST: Final = re.compile(
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9.])?))"
    r"(?::(?P<port>[0-9]{0,5}))?"
)
_LARGEST_PORT: Final = 65535


def host_name(host: str) -> str | None:
    """The name in a ``Host`` header, in lower case and without brackets; None for a header that breaks the grammar.

    Hosts are names, IPv4 addresses, or IPv6 addresses in brackets, with or without a port (RFC 9112 section 3.2,
    RFC 3986 section 3.2.2). Neither user information, path, list nor percent-encoding is part of one, so what one
    reader takes for the host cannot be another host to the next. Several headers arrive joined by a comma.
    """
    found = _HOST.fullmatch(host)
    if found is None or int(found["port"] or 0) > _LARGEST_PORT:
        return None
    if found["ipv6"] is None:
        return found["name"].lower()
    try:
        return str(IPv6Address(found["ipv6"]))
    except AddressValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class AllowList:
    """``origins`` are full origins or ``*``; ``hosts`` names, ``.example.com`` for subdomains, or ``*``."""

    def __init__(self, origins: Iterable[str], hosts: Iterable[str]) -> None:
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)
        listed = frozenset(host.lower() for host in hosts)
        self._names = frozenset(host_name(host) or host_name(f"[{host}]") for host in listed)
        self._domains = tuple(host for host in listed if host.startswith("."))
        self.any_origin = ANY in self._origins
        self._any_host = ANY in listed

    def allow(self, origins: Iterable[str]) -> None:
        """Adds origins that were not known before, such as that of a port which the system chose."""
        self._origins |= {origin.lower() for origin in origins}

    def allows_probe(self, host: str) -> bool:
        """Whether a probe may name this server so: as everybody may, or as only its own network can.

        Probes use addresses, and names without a dot or in zones that public DNS does not have (RFC 6762, ``.local``;
        ``.internal``, reserved by ICANN). A web page can make only public names lead here.
        """
        name = host_name(host)
        if name is None:
            return False
        private = "." not in name or name.endswith((".local", ".internal")) or _is_address(name)
        return private or self.allows_host(host)

    def allows_origin(self, origin: str) -> bool:
        """Whether an ``Origin`` header is on the list; ``null`` only when listed by name."""
        if origin == "null":
            return "null" in self._origins
        return self.any_origin or origin.lower() in self._origins

    def allows_page(self, origin: str, host: str) -> bool:
        """Whether a page at ``origin`` may speak to ``host``: one on the list, or one that this very host serves.

        A host that everybody may name proves nothing, for DNS can be made to lead any name here.
        """
        return self.allows_origin(origin) or self._serves(origin, host)

    def allows_cookie(self, origin: str, host: str) -> bool:
        """Whether a cookie of a page at ``origin`` counts: ``*`` lets any page in, and none with credentials.

        Pages at other ports of this machine are same-site, so browsers send them along (RFC 6265bis section 5.2).
        """
        return origin.lower() in self._origins - {ANY} or self._serves(origin, host)

    def _serves(self, origin: str, host: str) -> bool:
        own = not self._any_host and self.allows_host(host)
        return own and origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")

    def allows_host(self, host: str) -> bool:
        """Whether a ``Host`` header (with or without port) names this server."""
        name = host_name(host)
        if name is None:
            return False
        return self._any_host or name in self._names or name.endswith(self._domains)
