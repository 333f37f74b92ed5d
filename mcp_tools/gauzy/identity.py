"""Who is signed in at Gauzy, and the tokens that prove it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

_PAIR: Final = ("token", "refresh_token")
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_LATEST: Final = 2.0**33
"""The year 2242: a later expiry is no time that anything could be done with."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The Gauzy user of a sign-in. Ids are UUID texts, empty where the user has none."""

    user_id: str = ""
    email: str = ""
    name: str = ""
    tenant_id: str = ""
    organization_id: str = ""
    employee_id: str = ""
    role: str = ""
    time_zone: str = ""

    @property
    def person(self) -> tuple[str, str]:
        """Tenant and user. Together they are the account, whichever organization it works in."""
        return self.tenant_id, self.user_id


@dataclass(frozen=True, slots=True)
class SignIn:
    """A pair of Gauzy tokens and whose they are.

    ``expires_at`` is the access token's end, in Unix seconds; 0 where the token does not tell.
    """

    access_token: str
    refresh_token: str
    expires_at: float
    identity: Identity

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> SignIn:
        return cls(**{**stored, "identity": Identity(**stored["identity"])})

    def __repr__(self) -> str:
        """Without the tokens: a repr ends up in tracebacks and logs."""
        return f"SignIn({self.identity.email!r}, expires_at={self.expires_at:.0f})"


def from_login(answer: Mapping[str, Any]) -> SignIn:
    """Reads the answer of ``POST /auth/login`` and ``/auth/signin.workspace``: ``{user, token, refresh_token}``.

    Organization and employee are claims of the access token only.
    """
    given, claims = answer.get("user"), claims_of(answer["token"])
    user = given if isinstance(given, dict) else {}
    name = _text(user.get("name")) or f"{_text(user.get('firstName'))} {_text(user.get('lastName'))}".strip()
    identity = Identity(
        user_id=_text(claims.get("id") or user.get("id")),
        email=_text(user.get("email")),
        name=name,
        tenant_id=_text(claims.get("tenantId") or user.get("tenantId")),
        organization_id=_text(claims.get("organizationId") or user.get("lastOrganizationId")),
        employee_id=_text(claims.get("employeeId")),
        role=_text(claims.get("role")),
        time_zone=_text(user.get("timeZone")),
    )
    return SignIn(answer["token"], answer["refresh_token"], _expiry(claims), identity)


def refreshed(before: SignIn, answer: Mapping[str, Any]) -> SignIn:
    """``before`` with the new pair of ``POST /auth/refresh-token``, which rotates the refresh token as well."""
    return SignIn(answer["token"], answer["refresh_token"], _expiry(claims_of(answer["token"])), before.identity)


def has_tokens(answer: object) -> bool:
    """Whether an answer of Gauzy holds the pair that the two functions above read, fit for a header."""
    return isinstance(answer, dict) and all(_TOKEN.fullmatch(_text(answer.get(one))) for one in _PAIR)


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a Gauzy access token, unverified: they tell our own token's expiry and ids, and nothing else."""
    try:
        part = token.split(".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _expiry(claims: Mapping[str, Any]) -> float:
    value = claims.get("exp")
    return float(value) if isinstance(value, int | float) and 0 < value < _LATEST else 0.0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
