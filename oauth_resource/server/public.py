"""Which network addresses belong to the public internet, and not to the operator's own network or machine."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_RELAYS: Final = IPv4Network("192.88.99.0/24")
"""Of 6to4 (RFC 7526)."""

_UNICAST: Final = IPv6Network("2000::/3")
"""All that is handed out of IPv6 (RFC 4291 section 2.4); what is elsewhere is local in one way or another."""

_NOT_PLAIN: Final = tuple(map(IPv6Network, ("2001::/32", "2002::/16", "3fff::/20")))
"""Teredo and 6to4, which carry an IPv4 address to wherever, and documentation (RFC 4380, 3056, 9637)."""

_NAT64: Final = IPv6Network("64:ff9b::/96")
"""What a network without IPv4 of its own calls the IPv4 internet (RFC 6052)."""


def is_public(address: str) -> bool:
    """Whether ``address``, as text, is of the public internet. What is no address is not."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return _is_public_4(ip)
    if ip.ipv4_mapped is not None:
        return _is_public_4(ip.ipv4_mapped)
    if ip in _NAT64:
        return _is_public_4(IPv4Address(int(ip) & 0xFFFFFFFF))
    return _is_public_6(ip)


def _is_public_4(ip: IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast and ip not in _RELAYS


def _is_public_6(ip: IPv6Address) -> bool:
    return ip in _UNICAST and ip.is_global and not any(ip in network for network in _NOT_PLAIN)
