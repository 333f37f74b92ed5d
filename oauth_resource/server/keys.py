"""The keys that sign access tokens: in the database, sealed, rotated by adding one and retiring the one before."""

from __future__ import annotations

import datetime
import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from joserfc.jwk import ECKey, KeyParameters, RSAKey

from oauth_resource.server.models import SigningKey
from oauth_resource.vault.sealing import DoesNotOpen, KeyRing

log = logging.getLogger("gauzy_mcp.oauth")

ALGORITHMS: Final = ("RS256", "ES256")
RSA_BITS: Final = 2048

KEPT: Final = datetime.timedelta(hours=1)
"""How long a retired key goes on verifying: longer than any token that it signed."""

REMEMBER_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs now."""

    kid: str
    algorithm: str
    key: RSAKey | ECKey


class SigningKeys:
    """``ring`` opens what is sealed. The first use of an algorithm makes its first key."""

    def __init__(self, ring: KeyRing, algorithm: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._ring = ring
        self._algorithm = algorithm
        self._clock = clock
        self._signer: Signer | None = None
        self._read_at = 0.0

    def signer(self) -> Signer:
        """What signs a token now; another process's rotation is noticed within half a minute."""
        if self._signer is None or self._clock() - self._read_at > REMEMBER_SECONDS:
            self._signer, self._read_at = self._read(), self._clock()
        return self._signer

    def rotate(self) -> str:
        """Makes a new key that signs from now on, and answers its id; the one before verifies for an hour more."""
        row = self._made()
        current = SigningKey.objects.filter(algorithm=self._algorithm, retired__isnull=True)
        with transaction.atomic():
            # Rotations that meet wait here for each other, and then find the key that the other made.
            list(current.select_for_update())
            current.update(retired=timezone.now())
            row.save(force_insert=True)
        self._signer = None
        return row.kid

    def reseal(self, *, write: bool = True) -> tuple[int, list[str]]:
        """Seals every key anew with the first of the ring: how many were not, and the ids of those that do not open.

        Without ``write`` it only tells.
        """
        unopened, sealed = [], 0
        for row in SigningKey.objects.all():
            if self._ring.is_current(bytes(row.sealed)):
                continue
            try:
                plain = self._ring.open(bytes(row.sealed), _purpose(row.kid))
            except DoesNotOpen:
                unopened.append(row.kid)
                continue
            sealed += 1
            if write:
                SigningKey.objects.filter(pk=row.pk).update(sealed=self._ring.seal(plain, _purpose(row.kid)))
        return sealed, unopened

    def _read(self) -> Signer:
        row = SigningKey.objects.filter(algorithm=self._algorithm, retired__isnull=True).first()
        try:
            return self._opened(row or self._first())
        except DoesNotOpen:
            # A key that cannot be opened signs nothing more; what it signed still verifies.
            log.error(
                "the signing key does not open: was MCP_SECRET_KEY or MCP_CREDENTIAL_KEYS changed? Making a new one"
            )
            self.rotate()
            return self._opened(SigningKey.objects.get(algorithm=self._algorithm, retired__isnull=True))

    def _first(self) -> SigningKey:
        """Several processes may start at once on an empty table; one of their keys is the first."""
        row = self._made()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return SigningKey.objects.get(algorithm=self._algorithm, retired__isnull=True)
        return row

    def _made(self) -> SigningKey:
        kid = uuid.uuid4().hex
        named: KeyParameters = {"kid": kid, "alg": self._algorithm, "use": "sig"}
        key: RSAKey | ECKey
        elliptic = self._algorithm == "ES256"
        key = ECKey.generate_key("P-256", named) if elliptic else RSAKey.generate_key(RSA_BITS, named)
        sealed = self._ring.seal(json.dumps(key.as_dict(private=True)).encode(), _purpose(kid))
        return SigningKey(kid=kid, algorithm=self._algorithm, public=key.as_dict(private=False), sealed=sealed)

    def _opened(self, row: SigningKey) -> Signer:
        jwk = json.loads(self._ring.open(bytes(row.sealed), _purpose(row.kid)))
        kind = ECKey if row.algorithm == "ES256" else RSAKey
        return Signer(row.kid, row.algorithm, kind.import_key(jwk))


def published() -> Mapping[str, list[dict[str, Any]]]:
    """The JWK set (RFC 7517 section 5) of every key whose tokens may still be about. Never a private half."""
    alive = Q(retired__isnull=True) | Q(retired__gt=timezone.now() - KEPT)
    return {"keys": [row.public for row in SigningKey.objects.filter(alive).order_by("-created")]}


def _purpose(kid: str) -> str:
    return f"signing-key|v1|{kid}"
