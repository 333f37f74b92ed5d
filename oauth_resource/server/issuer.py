"""The authorization server as its clients address it, and its metadata (RFC 8414).

Every address comes from the configuration. What a request says of itself (Host, X-Forwarded-*) has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from oauth_resource.resource.claims import canonical
from oauth_resource.scopes import ADMIN, READ, WRITE

AUTHORIZE: Final = "/oauth/authorize"
TOKEN: Final = "/oauth/token"  # noqa: S105 - a path
REGISTER: Final = "/oauth/register"
REVOKE: Final = "/oauth/revoke"
INTROSPECT: Final = "/oauth/introspect"
USERINFO: Final = "/oauth/userinfo"
JWKS: Final = "/oauth/jwks"
SIGN_IN: Final = "/oauth/sign-in"
HOME: Final = "/account"
"""The page of connected apps."""

COUNTED: Final = frozenset(
    {AUTHORIZE, TOKEN, REGISTER, REVOKE, INTROSPECT, USERINFO, "/authorize", "/token", "/register"}
)
"""Paths whose requests this server counts itself: clients of many people call from the same few addresses."""

OFFLINE: Final = "offline_access"
"""Asked for by clients that want a refresh token, which every client gets."""

SCOPES: Final[Mapping[str, str]] = {
    READ: "See what you can see in Gauzy: projects, tasks, people, time, invoices and reports",
    WRITE: "Change things in Gauzy as you: create, update and delete what you may",
    ADMIN: "Look after this server itself: its sessions and who is connected",
    OFFLINE: "Stay connected until you disconnect it",
}
"""What each scope allows, in the words of the consent page."""

METHODS: Final = ("none", "client_secret_basic", "client_secret_post")


@dataclass(frozen=True, slots=True)
class Issuer:
    """``url`` is the issuer identifier (RFC 8414 section 2), the same text everywhere.

    ``resources`` are the resource URIs that tokens can be for (RFC 8707), the server as a whole first.
    """

    url: str
    resources: tuple[str, ...]

    def at(self, path: str) -> str:
        """The address of an endpoint."""
        return self.url + path

    def granted(self, asked: Iterable[str]) -> list[str] | None:
        """The resources of ours that ``asked`` names, in our spelling; the server as a whole when it names none.

        None where one is not ours: its tokens would be for somebody else (RFC 8707 section 2, invalid_target).
        """
        ours = {canonical(resource): resource for resource in self.resources}
        named = [ours.get(canonical(one)) for one in asked]
        if None in named:
            return None
        return list(dict.fromkeys(one for one in named if one)) or [self.resources[0]]

    def places(self) -> Iterable[str]:
        """The paths where clients look for the metadata: RFC 8414 section 3.1, and OpenID Connect Discovery 4.1."""
        own = urlsplit(self.url).path
        for name in ("oauth-authorization-server", "openid-configuration"):
            yield f"/.well-known/{name}{own}"
        if own:
            # What is left of the third place, once the path of its own is taken off a request.
            yield "/.well-known/openid-configuration"

    def metadata(self) -> dict[str, Any]:
        """RFC 8414 section 2, RFC 9207 section 3, and draft-ietf-oauth-client-id-metadata-document section 5."""
        return {
            "issuer": self.url,
            "authorization_endpoint": self.at(AUTHORIZE),
            "token_endpoint": self.at(TOKEN),
            "registration_endpoint": self.at(REGISTER),
            "revocation_endpoint": self.at(REVOKE),
            "introspection_endpoint": self.at(INTROSPECT),
            "userinfo_endpoint": self.at(USERINFO),
            "jwks_uri": self.at(JWKS),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": list(METHODS),
            "revocation_endpoint_auth_methods_supported": list(METHODS),
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "client_id_metadata_document_supported": True,
            # OpenID Connect Discovery requires these two; this server issues no ID tokens.
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "service_documentation": self.at("/"),
        }
