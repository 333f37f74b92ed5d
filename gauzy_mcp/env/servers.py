"""MCP_AUTH_SERVERS: issuers, or authorization servers as their metadata describes them (RFC 8414 section 2).

Members are written as there, or in camelCase: ``jwks_uri`` and ``jwksUri`` are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from gauzy_mcp.env import values
from gauzy_mcp.env.loopback import is_loopback

_NAME: Final = "MCP_AUTH_SERVERS"
_EXAMPLE: Final = "Example: MCP_AUTH_SERVERS='[\"https://auth.example.com\"]'"
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_URLS: Final = frozenset(
    {
        "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint",
        "introspection_endpoint", "revocation_endpoint", "userinfo_endpoint", "end_session_endpoint",
        "device_authorization_endpoint", "pushed_authorization_request_endpoint", "service_documentation",
        "op_policy_uri", "op_tos_uri",
    }
)  # fmt: skip
_LISTS: Final = frozenset(
    f"{name}_supported"
    for name in (
        "scopes", "response_types", "response_modes", "grant_types", "code_challenge_methods", "ui_locales",
        "token_endpoint_auth_methods", "token_endpoint_auth_signing_alg_values", "introspection_endpoint_auth_methods",
        "revocation_endpoint_auth_methods", "subject_types", "id_token_signing_alg_values", "claims", "prompt_values",
    )
)  # fmt: skip
_SWITCHES: Final = frozenset(
    {"authorization_response_iss_parameter_supported", "client_id_metadata_document_supported"}
)
_KNOWN: Final = _URLS | _LISTS | _SWITCHES

Server = str | Mapping[str, Any]


def issuer_of(server: Server) -> Any:
    """The issuer identifier as it was written; None for a description without one."""
    return server if isinstance(server, str) else server.get("issuer")


def told_of(servers: Iterable[Server], issuer: str | None, member: str) -> str | None:
    """The URL that the description of ``issuer`` gives for ``member``, a name of RFC 8414."""
    for server in servers:
        if issuer is not None and not isinstance(server, str) and server.get("issuer") == issuer:
            value = _members(server).get(member)
            return value if isinstance(value, str) else None
    return None


def broken(servers: Iterable[Server]) -> Iterator[str]:
    """What must not start, each with the name of the member."""
    seen: set[str] = set()
    for server in servers:
        issuer = issuer_of(server)
        if not isinstance(issuer, str) or not is_private(issuer):
            told = "every server needs an issuer, which starts with https:// except on this machine"
            yield f"{_NAME}: {told}. {_EXAMPLE}"
            continue
        if issuer in seen:
            yield f"{_NAME}: {issuer} is listed twice; remove one"
        seen.add(issuer)
        if "?" in issuer or "#" in issuer:
            yield f"{_NAME}: {issuer} must have no ? and no # (RFC 8414 section 2)"
        if not isinstance(server, str):
            yield from (f"{_NAME}: {told} ({issuer})" for told in _misshapen(server))


def doubtful(servers: tuple[Server, ...], *, accepted: str | None, scopes: Iterable[str]) -> Iterator[str]:
    """What is probably not meant. ``accepted`` is the issuer of the tokens that are let in, which need ``scopes``."""
    issuers = [issuer_of(server) for server in servers]
    if accepted is not None and servers and accepted not in issuers:
        yield f"{_NAME} does not list {accepted} (MCP_AUTH_JWT_ISSUER), whose tokens are the only ones accepted"
    for server, issuer in zip(servers, issuers, strict=True):
        if accepted is not None and issuer != accepted:
            yield (
                f"{_NAME}: clients may go to {issuer} for tokens, which are refused: only those of "
                f"MCP_AUTH_JWT_ISSUER={accepted} are accepted"
            )
        if not isinstance(server, str):
            yield from (f"{_NAME}: {told} ({issuer})" for told in _unlikely(server, scopes))


def is_private(url: str) -> bool:
    """Whether nobody between here and ``url`` can read or change what travels: https, or this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and is_loopback(parts.hostname)
    )


def _members(server: Mapping[str, Any]) -> dict[str, Any]:
    return {_canonical(name): value for name, value in server.items()}


def _canonical(name: str) -> str:
    return _HUMP.sub("_", name).lower()


def _misshapen(server: Mapping[str, Any]) -> Iterator[str]:
    names = [_canonical(name) for name in server]
    for name, value in server.items():
        member = _canonical(name)
        if names.count(member) > 1:
            yield f"{name} and another spelling of it are the same member; remove one"
        elif member in _URLS:
            yield from _wrong_url(name, value)
        elif member in _LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            yield f"{name} must be a list of texts"
        elif member in _SWITCHES and not isinstance(value, bool):
            yield f"{name} must be true or false"


def _wrong_url(name: str, value: Any) -> Iterator[str]:
    try:
        if not isinstance(value, str):
            raise ValueError("a URL that starts with https://")
        values.web_url(value)
    except ValueError as error:
        yield f"{name} must be {error}"
        return
    if not is_private(value):
        yield f"{name}={value} must start with https://, except on this machine"


def _unlikely(server: Mapping[str, Any], scopes: Iterable[str]) -> Iterator[str]:
    members = _members(server)
    for name in server:
        if _canonical(name) not in _KNOWN:
            yield f"{name} is no member that this server knows, and has no effect"
    if "S256" not in members.get("code_challenge_methods_supported", ["S256"]):
        yield "codeChallengeMethodsSupported is without S256, which MCP clients insist on"
    offered = members.get("scopes_supported")
    missing = [] if offered is None else [scope for scope in scopes if scope not in offered]
    if missing:
        yield f"scopesSupported is without {', '.join(missing)} of MCP_AUTH_REQUIRED_SCOPES, so its tokens open nothing"
