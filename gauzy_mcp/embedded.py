"""Puts the embedded authorization server together. Imported only where it serves (MCP_AUTH_ALLOW_EMBEDDED_SERVER)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest

from gauzy_mcp.env import environment
from gauzy_mcp.oauth import Quietly, resource, ring
from gauzy_mcp.wiring import DEMO_ACCOUNT
from mcp_tools.dispatch.rate_limiter import RateLimited
from mcp_tools.gauzy.errors import GauzyError, GauzyFault, GauzyRejected, SignInFailed
from mcp_tools.gauzy.identity import SignIn
from mcp_tools.sessions.errors import StateUnavailable
from oauth_resource.principal import Principal
from oauth_resource.resource.requests import authorization_of
from oauth_resource.server.first_party import addresses
from oauth_resource.server.issuer import Issuer
from oauth_resource.server.keys import ALGORITHMS, SigningKeys
from oauth_resource.server.running import AuthorizationServer, Away, Busy, Organization, Person, Refused, Workspace

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment
    from gauzy_mcp.wiring import Assembly
    from mcp_tools.gauzy.api import GauzyApi

log = logging.getLogger("gauzy_mcp.oauth")

PURPOSE: Final = "authorization server"
"""What its keys are derived for, and for nothing else."""


def authorization_server(assembly: Assembly) -> AuthorizationServer:
    """The server of this process. Needs Django."""
    env, authenticator, links = assembly.env, assembly.authenticator, assembly.links
    assert authenticator is not None and links is not None

    async def holder(request: HttpRequest) -> Principal:
        _, access = await authenticator.enter(authorization_of(request), request.path_info)
        return access.principal

    sealing = ring(env, PURPOSE)
    return AuthorizationServer(
        issuer=issuer(env),
        keys=SigningKeys(sealing, signing_algorithm(env)),
        ring=sealing,
        news=Quietly(assembly.plane.bus),
        vault=links.vault,
        gauzy=GauzySignIn(assembly.api),
        brakes=Brakes(assembly),
        holder=holder,
        api=assembly.api.settings.base_url,
        gauzy_name=links.gauzy,
        demo=DEMO_ACCOUNT if env.uses_sandbox else None,
        console=addresses(issuer(env).url) if env.MCP_CONSOLE else (),
    )


def issuer(env: Environment) -> Issuer:
    """The authorization server as its clients address it: at the base of MCP_AUTH_RESOURCE_URI."""
    served = resource(env)
    return Issuer(served.base, served.audiences)


def signing_algorithm(env: Environment) -> str:
    """The first of MCP_AUTH_JWT_ALGORITHMS that the server signs with."""
    return next((name for name in env.MCP_AUTH_JWT_ALGORITHMS if name in ALGORITHMS), ALGORITHMS[0])


def signing_keys() -> SigningKeys:
    """Those of this process's environment, for commands."""
    env = environment()
    return SigningKeys(ring(env, PURPOSE), signing_algorithm(env))


class Brakes:
    """The limits of the whole server, for the pages and endpoints of this one."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly

    async def login(self, request: HttpRequest, account: str) -> None:
        await self._counted(self._assembly.rate_limiter.check_sign_in(self._assembly.address(request), account))

    async def request(self, request: HttpRequest) -> None:
        await self._check("request", self._assembly.address(request))

    async def client(self, request: HttpRequest, client_id: str) -> None:
        await self._check("request", f"{self._assembly.address(request)} {client_id}")

    async def register(self, request: HttpRequest) -> None:
        await self._check("registration", self._assembly.address(request))

    async def _check(self, kind: str, who: str) -> None:
        await self._counted(self._assembly.rate_limiter.check(kind, who))

    async def _counted(self, counting: Awaitable[None]) -> None:
        try:
            await counting
        except RateLimited as error:
            raise Busy(error.message, error.exceeded.reset) from error
        except StateUnavailable as error:
            log.error("%s", error)
            raise Busy("Sign-ins cannot be counted now; try again in a moment", 5) from error


class GauzySignIn:
    """Signs people in at the Gauzy of this server."""

    def __init__(self, api: GauzyApi) -> None:
        self._api = api

    async def workspaces(self, email: str, password: str) -> list[Workspace]:
        try:
            found = await self._api.workspaces(email, password)
        except GauzyError as error:
            raise _told(error) from error
        return [Workspace(one.tenant_id, one.name, email, one.token) for one in found]

    async def enter(self, workspace: Workspace) -> Person:
        try:
            return _person(await self._api.enter(workspace.email, workspace.entry), workspace.email)
        except GauzyError as error:
            raise _told(error) from error

    async def organizations(self, person: Person) -> list[Organization]:
        signed_in = SignIn.from_dict(person.account)
        try:
            found = await self._api.organizations(signed_in)
        except GauzyError as error:
            raise _told(error) from error
        here = signed_in.identity.organization_id
        return [Organization(id, name, id == here) for id, name in found.items()]

    async def choose(self, person: Person, organization: str) -> Person:
        try:
            return _person(await self._api.switch(SignIn.from_dict(person.account), organization), person.email)
        except GauzyFault as error:
            # Gauzy answers 200 with nothing for an organization that is not the person's.
            raise (Refused(error.message) if error.status == 200 else Away(error.message)) from error
        except GauzyError as error:
            raise _told(error) from error

    async def sign_out(self, person_account: dict[str, Any]) -> None:
        try:
            await self._api.sign_out(SignIn.from_dict(person_account))
        except GauzyError as error:
            log.warning("Gauzy was not told of a sign-out: %s", error)


def _told(error: GauzyError) -> Exception:
    refused = isinstance(error, SignInFailed | GauzyRejected)
    return Refused(error.message) if refused else Away(error.message)


def _person(signed_in: SignIn, email: str) -> Person:
    identity = signed_in.identity
    return Person(identity.tenant_id, identity.user_id, identity.email or email, identity.name, signed_in.to_dict())
