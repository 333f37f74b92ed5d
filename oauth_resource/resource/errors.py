"""Why a request is not let in.

::

    NotAuthenticated
    ├── NoToken               nothing was presented
    ├── Malformed             what was presented is no bearer token (RFC 6750 section 3.1, invalid_request)
    ├── InvalidToken          expired, forged, revoked, or for somebody else (invalid_token)
    └── IssuerUnavailable     the authorization server does not answer, so nobody can tell now
"""

from __future__ import annotations


class NotAuthenticated(Exception):
    """The reason is for the log alone: callers are told no more than its kind."""


class NoToken(NotAuthenticated):
    """The request carries no bearer token."""


class Malformed(NotAuthenticated):
    """The credentials break the syntax, or there are several."""


class InvalidToken(NotAuthenticated):
    """The token does not open this server."""


class IssuerUnavailable(NotAuthenticated):
    """Keys or introspection cannot be had now; the token may be good, so its holder must not throw it away."""
