"""Where a client may be answered: the one rule for registered and for requested redirect URIs."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from oauth_resource.server.toolkit import LOOPBACK, SCHEMES

LONGEST_URI: Final = 2000
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")
"""Names and addresses as DNS and RFC 3986 section 3.2.2 have them. The host goes into Content-Security-Policy, where
``;`` and ``,`` would end a directive or a policy."""

_NEVER: Final = '\x7f\\"<>^`{|}'


def problem(uri: str) -> str:
    """What is wrong with a redirect URI (RFC 6749 section 3.1.2, RFC 8252 section 7); empty if nothing is."""
    if len(uri) > LONGEST_URI or not uri.isascii() or any(one <= " " or one in _NEVER for one in uri):
        return f"must be a URI of at most {LONGEST_URI} visible ASCII characters"
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return "is not a URI"
    if port == 0:
        # RFC 6335 section 6: the port is reserved, so no program can be listening there.
        return "must name a port from 1 to 65535, or none"
    if "#" in uri or "@" in parts.netloc:
        return "must not have a fragment or user information"
    if parts.scheme not in SCHEMES:
        return f"must use one of the schemes {', '.join(SCHEMES)}"
    if parts.scheme in ("http", "https") and not parts.hostname:
        return "does not name a host"
    if parts.scheme in ("http", "https") and not _HOST.fullmatch(parts.netloc):
        return "must name its host with letters, digits, dots and hyphens, or as an IP address"
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return "must use https, except on this machine (localhost, 127.0.0.1, [::1])"
    return ""
