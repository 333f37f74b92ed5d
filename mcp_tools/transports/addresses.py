"""Who a request comes from, behind proxies: the right-most address of X-Forwarded-For that is not a trusted proxy.

Anything further left was written by somebody whom nobody vouches for. Without trusted proxies the header counts
for nothing. A peer whose address is missing or unreadable is not trusted, except that a connection over a Unix socket,
which has no address, is trusted where the word ``unix`` is among the proxies.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

UNKNOWN: Final = "unknown"
"""All clients without an address count as one."""

UNIX: Final = "unix"


class TrustedProxies:
    """``proxies`` are addresses, networks in CIDR, or ``unix`` for a proxy on a Unix socket (MCP_TRUSTED_PROXIES)."""

    def __init__(self, proxies: Iterable[str]) -> None:
        named = frozenset(proxies)
        self._networks: tuple[Network, ...] = tuple(
            ipaddress.ip_network(proxy, strict=False) for proxy in named - {UNIX}
        )
        self._unix = UNIX in named

    def client(self, peer: str | None, forwarded: str | None) -> str:
        """The address of the client: ``peer`` is who opened the connection, ``forwarded`` the header's value."""
        address = _read(peer)
        if address is None and not self._is_unix_proxy(peer):
            return UNKNOWN
        hops = (forwarded or "").split(",") if self._networks or self._unix else []
        for hop in reversed(hops):
            if address is not None and not self._trusts(address):
                break
            further = _read(hop)
            if further is None:
                break
            address = further
        return UNKNOWN if address is None else _shown(address)

    def vouched(self, peer: str | None) -> bool:
        """Whether what ``peer`` says about a request counts: a trusted proxy, or this machine."""
        address = _read(peer)
        if address is None:
            return self._is_unix_proxy(peer)
        return address.is_loopback or self._trusts(address)

    def _is_unix_proxy(self, peer: str | None) -> bool:
        """uvicorn and daphne give no peer for a Unix socket, granian an empty one; no TCP peer looks like that."""
        return self._unix and not peer

    def _trusts(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self._networks)


@functools.lru_cache(maxsize=4096)
def _read(text: str | None) -> Address | None:
    """An address, with or without port and brackets; an IPv4 address inside an IPv6 one is the IPv4 one."""
    stripped = (text or "").strip().strip("[]")
    if stripped.count(":") == 1:
        stripped = stripped.partition(":")[0]
    try:
        address = ipaddress.ip_address(stripped.partition("]")[0].partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


@functools.lru_cache(maxsize=4096)
def _shown(address: Address) -> str:
    """Whoever has an IPv6 address has a whole network of them, so that counts as one (RFC 6177)."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False).network_address) + "/64"
    return str(address)
