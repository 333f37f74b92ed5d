"""Django's sessions in the database, found by a digest of their key: a row that is read opens no session.

SESSION_ENGINE of Django's settings, which requires the class to be called ``SessionStore``.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from gauzy_mcp.home import derive

_BYTES = 20
"""As many as the column ``session_key`` holds in hexadecimal."""


class SessionStore(db.SessionStore):
    """Keeps the key in the browser's cookie only. Every method that names a row does so by :func:`row_key`."""

    def load(self) -> dict[str, Any]:
        row = self._live().first() if self.session_key else None
        return self._opened(row)

    async def aload(self) -> dict[str, Any]:
        row = await self._live().afirst() if self.session_key else None
        return self._opened(row)

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(row_key(session_key)))

    async def aexists(self, session_key: str) -> bool:
        return bool(await super().aexists(row_key(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = row_key(row.session_key)
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = await super().acreate_model_instance(data)
        row.session_key = row_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(row_key(key))

    async def adelete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            await super().adelete(row_key(key))

    def _live(self) -> Any:
        return Session.objects.filter(session_key=row_key(self.session_key or ""), expire_date__gt=timezone.now())

    def _opened(self, row: AbstractBaseSession | None) -> dict[str, Any]:
        """Forgets a key without a row, so that nobody can plant the key of a session to come."""
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row.session_data))


def row_key(session_key: str) -> str:
    """Return the primary key of a session's row: a keyed BLAKE2b digest (RFC 7693) in hexadecimal."""
    return hashlib.blake2b(session_key.encode(), digest_size=_BYTES, key=_digest_key()).hexdigest()


@functools.cache
def _digest_key() -> bytes:
    return derive(settings.SECRET_KEY.encode(), "browser sessions")
