"""What a token says about its holder: the same rules for the claims of a JWT and for an introspection answer."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from oauth_resource.principal import Principal
from oauth_resource.resource.errors import InvalidToken
from oauth_resource.scopes import expanded

LEEWAY_SECONDS: Final = 30.0
"""How far the clocks of issuer and server may be apart."""

_LONGEST: Final = 255
_PORTS: Final = {"http": 80, "https": 443}
_SCOPE: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,255}")
"""A scope-token (RFC 6749 section 3.3): no quote, backslash, space or control character."""
_SCOPE_CLAIMS: Final = ("scope", "scp")
_BEARER: Final = frozenset({"bearer", "access_token"})
_TYPES: Final = frozenset({"exp", "token_type", "typ"})
"""What makes an introspection answer one for an access token; :func:`_check_kind` refuses other types."""

LONGEST_LIFE_SECONDS: Final = 366 * 86_400.0
"""A token that claims to live longer was written by mistake, most likely in milliseconds."""

_OWN: Final = "client_credentials:"
_PERSON: Final = "person:"
_RESERVED: Final = (_OWN, _PERSON, "client:")
"""What no person's name begins with among principals; ``client:`` were tokens without ``sub`` of earlier versions."""

_GRANT_CLAIMS: Final = ("gty", "grant_type", "token_use")
_OF_PEOPLE: Final = frozenset(
    {
        "username", "preferred_username", "user_id", "uid", "upn", "email", "phone_number", "given_name",
        "family_name", "nickname", "sid", "auth_time", "amr",
    }
)  # fmt: skip
"""Claims of a person or of a sign-in (RFC 7662 section 2.2, OpenID Connect Core sections 2 and 5.1)."""

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """Who a token stands for, and until when (Unix seconds; infinity where the issuer did not say)."""

    principal: Principal
    expires_at: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What must hold of every token. ``audiences`` are the resource URIs of this server.

    ``clients`` of None admits every client of the issuer. ``client_audience`` is accepted as the client id of a token
    that names no audience at all, which is how Cognito binds its access tokens.
    """

    issuer: str | None
    audiences: frozenset[str]
    clients: frozenset[str] | None = None
    client_audience: str | None = None

    @classmethod
    def of(cls, issuer: str | None, audiences: Iterable[str], clients: Iterable[str] = (), own: str = "") -> Rules:
        """``own`` is the audience of MCP_AUTH_JWT_AUDIENCE, a URI or a name."""
        accepted = frozenset(canonical(audience) for audience in (*audiences, *([own] if own else [])))
        return cls(issuer, accepted, frozenset(clients) or None, own or None)


def access(claims: Claims, rules: Rules, now: float, *, of_jwt: bool) -> Access:
    """Checks ``claims`` and reads the holder. Raises InvalidToken.

    A JWT must name issuer, audience and expiry. An introspection answer comes from the issuer itself, which may leave
    out issuer and expiry, but not both the expiry and the type: issuers answer for refresh tokens too, and an answer
    with neither fits one (RFC 7662 section 2.2).
    """
    _check_kind(claims)
    if not of_jwt and _TYPES.isdisjoint(name for name, value in claims.items() if value is not None):
        raise InvalidToken("neither exp nor token_type: it can be a refresh token")
    if "iss" in claims or of_jwt:
        _check_issuer(claims.get("iss"), rules.issuer)
    expires_at = _check_times(claims, now, required=of_jwt)
    _check_audience(claims, rules)
    client = _client(claims)
    if rules.clients is not None and client not in rules.clients:
        raise InvalidToken("a client that is not admitted")
    scopes = _scopes(claims, rules.audiences)
    return Access(Principal(rules.issuer or "", _subject(claims, client), client, scopes), expires_at)


def confirmed(answer: Claims, validated: Access, rules: Rules, now: float) -> Access:
    """``validated``, the reading of a JWT, as far as its introspection ``answer`` says the same. Raises InvalidToken.

    RFC 7662 section 2.2 makes every member but ``active`` optional: what is missing is as the JWT says, what is there
    must not contradict it, and can only narrow it.
    """
    _check_kind(answer)
    if "iss" in answer:
        _check_issuer(answer["iss"], rules.issuer)
    if "aud" in answer:
        _check_audience(answer, rules)
    ends = _check_times(answer, now, required=False)
    principal = validated.principal
    client = _client(answer)
    if client and principal.client_id and client != principal.client_id:
        raise InvalidToken("the issuer names another client")
    _check_same_subject(answer, principal)
    scopes = principal.scopes
    if any(answer.get(name) is not None for name in _SCOPE_CLAIMS):
        scopes = expanded(scopes) & expanded(_scopes(answer, rules.audiences))
    narrowed = replace(principal, client_id=principal.client_id or client, scopes=scopes)
    return Access(narrowed, min(validated.expires_at, ends))


def parse(raw: bytes) -> dict[str, Any]:
    """A JSON object, strictly: no name twice, no NaN, no depth that exhausts the parser. Raises InvalidToken."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_without_repetition, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidToken("not a JSON object") from None
    if not isinstance(value, dict):
        raise InvalidToken("not a JSON object")
    return value


def canonical(uri: str) -> str:
    """A resource URI as it is compared (RFC 8707 section 2, RFC 3986 section 6.2.2): case of scheme and host, default
    port and one trailing slash make no difference."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return uri
    if not parts.scheme or not parts.hostname or parts.username is not None or "#" in uri:
        return uri
    shown = "" if port is None or port == _PORTS.get(parts.scheme.lower()) else f":{port}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    rest = parts.path.removesuffix("/") + (f"?{parts.query}" if parts.query else "")
    return f"{parts.scheme.lower()}://{host}{shown}{rest}"


def _check_kind(claims: Claims) -> None:
    """Refuses ID, refresh and logout tokens, whatever signed them, and tokens that need a proof of possession."""
    bearer = str(claims.get("typ", "")).lower() == "bearer"
    if "at_hash" in claims or "c_hash" in claims or ("nonce" in claims and not bearer):
        raise InvalidToken("an ID token")
    if claims.get("token_use", "access") != "access" and claims.get("token_use") != "client_credentials":
        raise InvalidToken("not an access token (token_use)")
    for name in ("typ", "token_type"):
        if name in claims and str(claims[name]).lower() not in _BEARER:
            raise InvalidToken(f"not a bearer access token ({name})")
    if "events" in claims:
        raise InvalidToken("a security event token")
    if "cnf" in claims:
        raise InvalidToken("bound to a key whose possession cannot be proved here")


def _check_issuer(issuer: Any, expected: str | None) -> None:
    if expected is None or not isinstance(issuer, str) or issuer != expected:
        raise InvalidToken("another issuer")


def _check_times(claims: Claims, now: float, *, required: bool) -> float:
    """The moment from which the token is refused."""
    for name in ("nbf", "iat"):
        if name in claims and _seconds(claims[name], name) > now + LEEWAY_SECONDS:
            raise InvalidToken(f"not valid yet ({name})")
    if "exp" not in claims:
        if required:
            raise InvalidToken("no expiry")
        return math.inf
    ends = _seconds(claims["exp"], "exp")
    if ends > now + LONGEST_LIFE_SECONDS:
        raise InvalidToken("exp is more than a year ahead: RFC 7519 section 4.1.4 wants seconds, not milliseconds")
    if ends + LEEWAY_SECONDS <= now:
        raise InvalidToken("expired")
    return ends + LEEWAY_SECONDS


def _seconds(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidToken(f"{name} is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or number < 0:
        raise InvalidToken(f"{name} is not a time")
    return number


def _check_audience(claims: Claims, rules: Rules) -> None:
    """RFC 9068 section 4: at least one audience of the token is a resource URI of this server."""
    if "aud" not in claims:
        if rules.client_audience and claims.get("client_id") == rules.client_audience:
            return
        raise InvalidToken("no audience")
    audience = claims["aud"]
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise InvalidToken("an audience that is no text")
    if rules.audiences.isdisjoint(canonical(one) for one in named):
        raise InvalidToken("another audience")


def _client(claims: Claims) -> str:
    """The client that the token was issued to; two claims that name different ones make it nobody's."""
    named = {name: claims[name] for name in ("client_id", "azp", "cid") if name in claims}
    for name, value in named.items():
        _check_text(value, name)
    if len(set(named.values())) > 1:
        raise InvalidToken("client_id and azp differ")
    return next(iter(named.values()), "")


def _subject(claims: Claims, client: str) -> str:
    """The subject of the principal: a person's ``sub``, or a client by its id for a token of its own.

    People and clients have key spaces of their own, so that no ``sub`` can be taken for a client.
    """
    if "sub" in claims:
        subject = claims["sub"]
        _check_text(subject, "sub")
        return f"{_PERSON}{subject}" if subject.startswith(_RESERVED) else str(subject)
    if not client or not _is_own(claims):
        # Anyone who uses the client would be the same principal.
        raise InvalidToken("no sub, and not a token that the client got for itself (client_credentials)")
    return f"{_OWN}{client}"


def _is_own(claims: Claims) -> bool:
    """Whether a token without ``sub`` is demonstrably the client's own (RFC 6749 section 4.4)."""
    grants = {str(claims[name]).replace("-", "_") for name in _GRANT_CLAIMS if claims.get(name) not in (None, "access")}
    return grants == {"client_credentials"} and _OF_PEOPLE.isdisjoint(claims)


def _check_same_subject(answer: Claims, principal: Principal) -> None:
    """An answer without ``sub`` is about the same token; for a client's own one it may name the client as ``sub``."""
    own = principal.subject.startswith(_OWN)
    if own and not _OF_PEOPLE.isdisjoint(answer):
        raise InvalidToken("the issuer names a person for a token of the client's own")
    if "sub" not in answer:
        return
    named = _subject(answer, "")
    if named != principal.subject and not (own and named == principal.client_id):
        raise InvalidToken("the issuer names another subject")


def _check_text(value: Any, name: str) -> None:
    """Names end up in logs and keys: printable and bounded."""
    if not isinstance(value, str) or not value or len(value) > _LONGEST or not value.isprintable():
        raise InvalidToken(f"{name} is no usable text")


def _scopes(claims: Claims, audiences: frozenset[str]) -> frozenset[str]:
    """``scope`` and ``scp``, each a text or a list; what is no scope token counts for nothing.

    Cognito writes the resource in front of a scope of its own.
    """
    found: set[str] = set()
    for name in _SCOPE_CLAIMS:
        value = claims.get(name) or ()
        listed = value.split(" ") if isinstance(value, str) else value
        if not isinstance(listed, list | tuple) or not all(isinstance(scope, str) for scope in listed):
            raise InvalidToken(f"{name} is neither a text nor a list of texts")
        found.update(scope for scope in listed if _SCOPE.fullmatch(scope))
    return frozenset(_local(scope, audiences) for scope in found)


def _local(scope: str, audiences: frozenset[str]) -> str:
    resource, separator, name = scope.rpartition("/")
    return name if separator and canonical(resource) in audiences else scope


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name twice")
    return made


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
