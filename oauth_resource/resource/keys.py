"""The keys that verify signatures: one configured key, or an issuer's JWK set, fetched and remembered.

Rules for the set: RFC 7517 and RFC 8725 section 3. Only public RSA keys of 2,048 bits or more and keys of the NIST
curves count, so nothing that an issuer publishes by mistake verifies anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from oauth_resource.resource.claims import parse
from oauth_resource.resource.errors import InvalidToken, IssuerUnavailable
from oauth_resource.resource.fetching import Fetch
from oauth_resource.resource.flight import SingleFlight

log = logging.getLogger("gauzy_mcp.oauth")

COOLDOWN_SECONDS: Final = 30.0
"""How seldom an unknown key id makes the set be fetched before its time, and how long a failure is not tried again."""

PATIENCE_SECONDS: Final = 0.5
"""How long a request waits for a new set while the old one can serve."""

STALE_SECONDS: Final = 24 * 3600.0
"""How long an old set serves while a new one cannot be had."""

RSA_BITS: Final = 2048
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_CURVES: Final = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
_KINDS: Final[Mapping[str, tuple[type[RSAKey | ECKey], tuple[str, ...]]]] = {
    "RSA": (RSAKey, ("n", "e")),
    "EC": (ECKey, ("crv", "x", "y")),
}
"""Key types and the members that make a public key (RFC 7518 section 6); others are not passed on."""

_LONGEST_NUMBER: Final = 2736
"""Characters of base64url: 16,384 bits, beyond which a signature takes long to verify."""

_LONGEST_LOGGED: Final = 60
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class Key:
    """One key; ``kid`` and ``alg`` are None where the set does not say."""

    key: RSAKey | ECKey
    kid: str | None = None
    alg: str | None = None

    def fits(self, algorithm: str) -> bool:
        if self.alg is not None and self.alg != algorithm:
            return False
        public = self.key.public_key
        if isinstance(public, EllipticCurvePublicKey):
            return _CURVES.get(algorithm) == public.curve.name
        return algorithm[:2] in ("RS", "PS")


@dataclass(frozen=True, slots=True)
class KeySet:
    """``skipped`` are keys that cannot be read, each with the reason; those for encryption and the like are not."""

    usable: list[Key]
    skipped: tuple[str, ...]


class Keys(Protocol):
    async def candidates(self, kid: str | None, algorithm: str) -> list[Key]:
        """The keys that may have made a signature. Raises InvalidToken when none fits, or IssuerUnavailable."""

    async def ready(self) -> dict[str, object]:
        """What operators should know of the keys at hand. Raises IssuerUnavailable when there are none."""


class ConfiguredKey:
    """MCP_AUTH_JWT_PUBLIC_KEY: whatever key id a token names, this is the key."""

    def __init__(self, pem: str) -> None:
        self._key = read_pem(pem)

    async def candidates(self, kid: str | None, algorithm: str) -> list[Key]:
        return fitting([self._key], algorithm)

    async def ready(self) -> dict[str, object]:
        return {}


class RemoteKeys:
    """The set at ``uri``, fresh for ``ttl`` seconds (MCP_AUTH_METADATA_CACHE_TTL). ``clock`` tells seconds."""

    def __init__(self, uri: str, fetch: Fetch, *, ttl: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._uri = uri
        self._fetch = fetch
        self._ttl = max(ttl, COOLDOWN_SECONDS)
        self._clock = clock
        self._keys: list[Key] | None = None
        self._fetched = self._tried = self._asked = -STALE_SECONDS
        self._failed = False
        self._skipped: tuple[str, ...] = ()
        self._flight: SingleFlight[None] = SingleFlight()

    async def candidates(self, kid: str | None, algorithm: str) -> list[Key]:
        before = self._fetched
        keys = await self._current()
        if kid is None:
            found = fitting(keys, algorithm)
            if len(found) > 1:
                raise InvalidToken("no key id, and several keys fit")
            return found
        named = [key for key in keys if key.kid == kid]
        if not named and self._fetched == before and self._clock() - self._asked >= COOLDOWN_SECONDS:
            # The issuer may have rotated its keys since; whoever comes meanwhile waits for the same answer.
            await self._flight.run("unknown key id", self._ask)
            named = [key for key in self._keys or () if key.kid == kid]
        if not named and self._failed:
            raise IssuerUnavailable("a key id that is not known, and the keys could not be renewed")
        return fitting(named, algorithm)

    async def ready(self) -> dict[str, object]:
        """``age`` is in seconds; ``stale`` keys serve while the issuer gives no new ones, for a day."""
        keys = await self._current()
        age = self._age()
        return {"keys": len(keys), "age": round(age), "stale": age >= self._ttl}

    async def _current(self) -> list[Key]:
        if self._keys is None:
            await self._refetch()
        elif self._age() >= self._ttl and self._may_try():
            await self._renew()
        if self._keys is None or self._is_over():
            raise IssuerUnavailable(f"no keys from {self._uri}")
        return self._keys

    async def _renew(self) -> None:
        """Waits for a prompt issuer, so that a removed key is refused; while a slow one answers, the old set serves."""
        if self._is_over():
            await self._refetch()
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._refetch()

    def _age(self) -> float:
        return self._clock() - self._fetched

    def _is_over(self) -> bool:
        return self._age() >= STALE_SECONDS + self._ttl

    def _may_try(self) -> bool:
        return self._clock() - self._tried >= COOLDOWN_SECONDS

    async def _ask(self) -> None:
        try:
            await self._refetch()
        finally:
            self._asked = self._clock()

    async def _refetch(self) -> None:
        await self._flight.run(self._uri, self._get)

    async def _get(self) -> None:
        """Replaces the keys, or keeps the old ones and logs why there are no new ones."""
        if self._keys is not None:
            self._tried = self._clock()
        try:
            answer = await self._fetch.get(self._uri)
            if answer.status != 200:
                raise IssuerUnavailable(f"{self._uri} answers {answer.status}")
            found = read_set(answer.body)
            self._log_skipped(found.skipped)
            if not found.usable:
                # Keys that verified so far go on: their issuer lost them, or publishes what cannot be read.
                raise IssuerUnavailable(f"{self._uri} lists no usable key")
        except (IssuerUnavailable, InvalidToken) as error:
            self._failed = True
            log.warning("keys not renewed: %s", error)
            return
        self._failed = False
        self._keys, self._fetched, self._tried = found.usable, self._clock(), self._clock()
        log.info("keys of %s: %s", self._uri, ", ".join(key.kid or "unnamed" for key in found.usable))

    def _log_skipped(self, skipped: tuple[str, ...]) -> None:
        """Once for as long as the issuer lists them."""
        for key in skipped:
            if key not in self._skipped:
                log.warning("key skipped at %s: %s", self._uri, key)
        self._skipped = skipped


def read_set(body: bytes) -> KeySet:
    """The keys of a JWK set (RFC 7517 section 5). Raises InvalidToken for anything else."""
    listed = parse(body).get("keys")
    if not isinstance(listed, list):
        raise InvalidToken("not a JWK set")
    return read_keys(listed)


def read_keys(listed: Iterable[Any]) -> KeySet:
    """The ``keys`` of a JWK set. One that cannot be used takes nothing from the others."""
    usable, skipped = [], []
    for jwk in listed:
        try:
            key = _read(jwk)
        except _Unusable as error:
            named = jwk.get("kid") if isinstance(jwk, dict) else None
            skipped.append(f"{str(named)[:_LONGEST_LOGGED]!r} ({error})")
            continue
        if key is not None:
            usable.append(key)
    return KeySet(usable, tuple(skipped))


def read_pem(pem: str) -> Key:
    """A PEM public key; ``\\n`` may stand for line ends. Raises ValueError that says what is wrong."""
    try:
        public = load_pem_public_key(pem.replace("\\n", "\n").encode())
    except (ValueError, TypeError) as error:
        raise ValueError("a PEM public key (RSA, or EC on P-256, P-384 or P-521)") from error
    key: RSAKey | ECKey
    if isinstance(public, RSAPublicKey) and public.key_size >= RSA_BITS:
        key = RSAKey.import_key(public)
    elif isinstance(public, EllipticCurvePublicKey) and public.curve.name in _CURVES.values():
        key = ECKey.import_key(public)
    else:
        raise ValueError(f"an RSA key of at least {RSA_BITS} bits, or an EC key on P-256, P-384 or P-521")
    return Key(key)


class _Unusable(Exception):
    """The key must not or cannot verify signatures; the message says why."""


def _read(jwk: Any) -> Key | None:
    """One key of a set, whatever JSON it is; None for one that is for something else. Raises _Unusable."""
    if not isinstance(jwk, dict) or not _PRIVATE.isdisjoint(jwk):
        raise _Unusable("not a public key")
    kind, use, operations = jwk.get("kty"), jwk.get("use", "sig"), jwk.get("key_ops", ["verify"])
    kid, algorithm = jwk.get("kid"), jwk.get("alg", "")
    if not (isinstance(operations, list) and isinstance(kid, str | None)):
        raise _Unusable("key_ops or kid of another type")
    if not all(isinstance(value, str) for value in (kind, use, algorithm)):
        raise _Unusable("kty, use or alg of another type")
    if str(kind) not in _KINDS or use != "sig" or "verify" not in operations or algorithm not in ("", *ALGORITHMS):
        return None
    return Key(_imported(jwk, *_KINDS[str(kind)]), kid, algorithm or None)


def _imported(jwk: dict[str, Any], kind: type[RSAKey | ECKey], members: tuple[str, ...]) -> RSAKey | ECKey:
    given: dict[str, str | list[str]] = {"kty": jwk["kty"]}
    for name in members:
        value = jwk.get(name)
        if not isinstance(value, str) or len(value) > _LONGEST_NUMBER:
            raise _Unusable(f"{name} is missing, of another type or too long")
        given[name] = value
    try:
        with warnings.catch_warnings(action="ignore"):
            # joserfc warns of short keys; they are refused below.
            key = kind.import_key(given)
            public = key.public_key
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm) as error:
        raise _Unusable(f"does not load: {type(error).__name__}") from None
    if isinstance(public, RSAPublicKey) and public.key_size < RSA_BITS:
        raise _Unusable(f"shorter than {RSA_BITS} bits")
    if isinstance(public, EllipticCurvePublicKey) and public.curve.name not in _CURVES.values():
        raise _Unusable("another curve than P-256, P-384 and P-521")
    return key


def fitting(keys: Iterable[Key], algorithm: str) -> list[Key]:
    """Those of ``keys`` that may have made a signature of ``algorithm``. Raises InvalidToken for none."""
    found = [key for key in keys if key.fits(algorithm)]
    if not found:
        raise InvalidToken("no key fits")
    return found
