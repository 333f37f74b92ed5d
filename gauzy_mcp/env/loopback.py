"""Which hosts are this machine: only its own programs reach them, whatever the network."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str | None) -> bool:
    """``localhost``, all of 127.0.0.0/8 (RFC 1122 section 3.2.1.3) and ``::1``, with or without brackets."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
