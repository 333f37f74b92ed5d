"""From the credentials of a request to its principal, or to the challenge that refuses it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from oauth_resource.resource import bearer
from oauth_resource.resource.challenges import Challenge, challenge, insufficient_scope
from oauth_resource.resource.claims import Access
from oauth_resource.resource.errors import NotAuthenticated
from oauth_resource.resource.metadata import Resource
from oauth_resource.resource.validation import REVOKED, News, TokenValidator, digest_of
from oauth_resource.scopes import expanded, step_up

log = logging.getLogger("gauzy_mcp.audit")

Brake = Callable[[], Awaitable[None]]
"""Called before a token is checked that nobody has seen; may raise to slow a caller down."""


class Refused(Exception):
    """The request is not let in; ``challenge`` is the answer."""

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(str(challenge.body.get("error_description")))
        self.challenge = challenge


class Authenticator:
    """Every request passes here, whatever is remembered of its token: the scopes are compared each time."""

    def __init__(self, resource: Resource, validator: TokenValidator, news: News) -> None:
        self.resource = resource
        self._validator = validator
        self._news = news

    async def enter(self, headers: Sequence[str], path: str, brake: Brake | None = None) -> tuple[str, Access]:
        """The token in the Authorization ``headers``, and its holder. Raises Refused."""
        try:
            token = bearer.of_header(headers)
            return token, await self._let_in(token, path, brake)
        except NotAuthenticated as error:
            raise self._refusal(path, error) from None

    async def enter_socket(self, headers: Sequence[str], offered: Iterable[str], path: str) -> tuple[str, Access]:
        """The token of a WebSocket upgrade, to be checked again later, and its holder. Raises Refused."""
        try:
            token = bearer.of_upgrade(headers, offered)
            return token, await self._let_in(token, path, None)
        except NotAuthenticated as error:
            raise self._refusal(path, error) from None

    async def again(self, token: str, path: str) -> Access:
        """Checks the token of an open socket anew. Raises NotAuthenticated or Refused."""
        access = await self._validator.access(token, fresh=True)
        self._check_scopes(access, path)
        return access

    def on_revoked(self, token: str, heard: Callable[[], object]) -> Callable[[], None]:
        """Calls ``heard`` when the token may have been revoked, until the answered function is called."""
        digest = digest_of(token)
        return self._news.listen(REVOKED, lambda revoked: heard() if revoked in (digest, None) else None)

    def parts(self) -> Iterable[tuple[str, Awaitable[dict[str, object]]]]:
        """What authentication depends on, for readiness probes: see :meth:`TokenValidator.parts`."""
        return self._validator.parts()

    def step_up(self, path: str, scope: str) -> Challenge:
        """The answer to a caller whose token lacks ``scope``, a scope value."""
        return insufficient_scope(self.resource, path, scope)

    async def _let_in(self, token: str, path: str, brake: Brake | None) -> Access:
        access = self._validator.remembered(token)
        if access is None:
            if brake is not None:
                await brake()
            access = await self._validator.access(token)
        self._check_scopes(access, path)
        return access

    def _check_scopes(self, access: Access, path: str) -> None:
        granted = access.principal.scopes
        if not expanded(granted).issuperset(self.resource.required):
            scope = step_up(granted, self.resource.required)
            log.warning("refused subject=%s path=%s needs=%s", access.principal.subject, path, scope)
            raise Refused(self.step_up(path, scope))

    def _refusal(self, path: str, error: NotAuthenticated) -> Refused:
        log.info("refused kind=%s path=%s reason=%s", type(error).__name__, path, error)
        return Refused(challenge(self.resource, path, error))
