"""Puts the OAuth rooms together from the environment. Imported only where MCP_AUTH_ENABLED is true.

What is kept of linked accounts needs Django, and is imported inside the functions that need it.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from gauzy_mcp.env import EnvironmentInvalid, environment
from gauzy_mcp.env.servers import issuer_of
from gauzy_mcp.home import derive, root_secret
from gauzy_mcp.principal_accounts import AccountsOfForeignIssuer, AccountsOfOwnIssuer, OneAtATime, whose
from mcp_tools.catalog.linking import for_principals
from mcp_tools.dispatch.authorise import Policy
from mcp_tools.gauzy.accounts import end
from mcp_tools.gauzy.errors import GauzyError, SignInFailed
from mcp_tools.sessions.bus import Bus
from mcp_tools.sessions.errors import StateUnavailable
from oauth_resource.resource.authenticator import Authenticator
from oauth_resource.resource.claims import Rules
from oauth_resource.resource.fetching import Fetch, HttpFetch
from oauth_resource.resource.introspection import Endpoint, Introspection
from oauth_resource.resource.jwt import JwtValidator
from oauth_resource.resource.keys import ConfiguredKey, Keys, RemoteKeys
from oauth_resource.resource.metadata import Resource
from oauth_resource.resource.validation import TokenValidator
from oauth_resource.scopes import READ, WRITE
from oauth_resource.server.issuer import HOME, SIGN_IN

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment
    from mcp_tools.catalog.offer import Offer
    from mcp_tools.dispatch.gauzy_accounts import Keeping
    from mcp_tools.gauzy.api import GauzyApi
    from mcp_tools.sessions.backplane import Backplane
    from oauth_resource.identity.linking import AskGauzy, Links, ProvePerson
    from oauth_resource.vault.sealing import KeyRing

log = logging.getLogger("gauzy_mcp.oauth")

ANOTHER: Final = "This is not the old account. Enter the e-mail address and password of the old account."


class Quietly:
    """The bus of all processes. News may get lost, so that they cannot be told is no failure of what they are about."""

    def __init__(self, bus: Bus) -> None:
        self.listen = bus.listen
        self._bus = bus

    async def publish(self, topic: str, payload: Any = None) -> None:
        try:
            await self._bus.publish(topic, payload)
        except StateUnavailable as error:
            log.warning("news of %s did not get out: %s", topic, error)


def authenticator(env: Environment, bus: Bus) -> Authenticator:
    """The authenticator that MCP_AUTH_* describe. The environment has been checked: what is needed is there."""
    from mcp_tools.gauzy.network import certificates

    news, told = Quietly(bus), resource(env)
    if env.embeds_server:
        return Authenticator(told, _own_validator(env, told, news), news)
    rules = Rules.of(
        env.MCP_AUTH_JWT_ISSUER, told.audiences, env.MCP_AUTH_ALLOWED_CLIENTS, env.MCP_AUTH_JWT_AUDIENCE or ""
    )
    fetch = HttpFetch(certificates(verify=True, besides=env.GAUZY_CA_BUNDLE))
    validator = TokenValidator(
        _jwt(env, rules, fetch),
        _introspection(env, rules, fetch),
        news,
        ttl=env.MCP_AUTH_TOKEN_CACHE_TTL,
        opaque=not env.MCP_AUTH_REQUIRE_AT_JWT,
    )
    return Authenticator(told, validator, news)


def _own_validator(env: Environment, served: Resource, news: Quietly) -> TokenValidator:
    """Checks the tokens of the embedded authorization server. Needs Django."""
    from oauth_resource.server.keys import ALGORITHMS
    from oauth_resource.server.standing import REMEMBER_SECONDS, OwnKeys, Standing

    rules = Rules.of(served.base, served.audiences, env.MCP_AUTH_ALLOWED_CLIENTS)
    jwt = JwtValidator(OwnKeys(), rules, ALGORITHMS, require_at_jwt=True)
    ttl = min(env.MCP_AUTH_TOKEN_CACHE_TTL, REMEMBER_SECONDS)
    return TokenValidator(jwt, Standing(rules), news, ttl=ttl)


def resource(env: Environment) -> Resource:
    """This server as its clients address it."""
    scopes = env.MCP_AUTH_REQUIRED_SCOPES, env.MCP_AUTH_CHALLENGE_SCOPES or _offered(env)
    served = Resource.at(env.resource_uri, env.endpoint_paths, _servers(env), *scopes)
    return dataclasses.replace(served, servers=(served.base,)) if env.embeds_server else served


def _offered(env: Environment) -> tuple[str, ...]:
    """At the server inside a person sees what is asked for and strikes what is too much.

    A client that was granted reading alone lists no changing tool, so no model would ever cause the step up.
    """
    return (READ, WRITE) if env.embeds_server and not env.MCP_READ_ONLY else ()


def _servers(env: Environment) -> Iterator[str]:
    """The issuers of MCP_AUTH_SERVERS, else that of the tokens, else this server itself."""
    named = [issuer_of(server) for server in env.MCP_AUTH_SERVERS]
    yield from named or ([env.MCP_AUTH_JWT_ISSUER] if env.MCP_AUTH_JWT_ISSUER else [])


def _jwt(env: Environment, rules: Rules, fetch: Fetch) -> JwtValidator | None:
    keys: Keys
    if env.MCP_AUTH_JWT_PUBLIC_KEY:
        try:
            keys = ConfiguredKey(env.MCP_AUTH_JWT_PUBLIC_KEY)
        except ValueError as error:
            raise EnvironmentInvalid([f"MCP_AUTH_JWT_PUBLIC_KEY: the value given is not {error}"]) from None
    elif env.jwks_uri:
        keys = RemoteKeys(env.jwks_uri, fetch, ttl=env.MCP_AUTH_METADATA_CACHE_TTL)
    else:
        return None
    return JwtValidator(keys, rules, env.MCP_AUTH_JWT_ALGORITHMS, require_at_jwt=env.MCP_AUTH_REQUIRE_AT_JWT)


def _introspection(env: Environment, rules: Rules, fetch: Fetch) -> Introspection | None:
    url, name, secret = (
        env.introspection_endpoint,
        env.MCP_AUTH_INTROSPECTION_CLIENT_ID,
        env.MCP_AUTH_INTROSPECTION_CLIENT_SECRET,
    )
    if url is None or name is None or secret is None:
        return None
    return Introspection(Endpoint(url, name, secret), rules, fetch)


def credential_ring() -> KeyRing:
    """The keys that seal linked accounts, of this process's environment."""
    return ring(environment(), "vault")


def linking(
    env: Environment, api: GauzyApi, plane: Backplane, offer: Offer, policy: Policy
) -> tuple[Links, Keeping, Offer]:
    """Where principals' accounts are kept, as the link page and as the tools see it; and the tools for that."""
    made = links(env, api, plane)
    if env.embeds_server:
        base = resource(env).base
        accounts = AccountsOfOwnIssuer(made, sign_in=f"{base}{SIGN_IN}", connected=f"{base}{HOME}")
        return made, accounts, dataclasses.replace(offer, tools=for_principals(offer.tools, None))
    linked = AccountsOfForeignIssuer(made, api, policy)
    changing = None if env.shares_account else linked
    return made, linked, dataclasses.replace(offer, tools=for_principals(offer.tools, changing))


def links(env: Environment, api: GauzyApi, plane: Backplane) -> Links:
    """The vault, and the way accounts come into it. Needs Django."""
    from oauth_resource.identity.linking import Links
    from oauth_resource.identity.tickets import Tickets
    from oauth_resource.vault.store import Vault

    vault = Vault(ring(env, "vault"), api.settings.base_url, Quietly(plane.bus), OneAtATime(plane.sessions))
    secret = root_secret(env)
    return Links(
        vault,
        Tickets(derive(secret, "link tickets")),
        _sign_in(api),
        _prove(api),
        whose,
        page=f"{resource(env).base}/link",
        key=derive(secret, "link codes"),
        gauzy="the demo company inside this server" if env.uses_sandbox else api.settings.base_url,
    )


def ring(env: Environment, purpose: str) -> KeyRing:
    """The keys of MCP_CREDENTIAL_KEYS, else one of the root secret, as they are for ``purpose`` alone."""
    from oauth_resource.vault.sealing import KeyRing

    secrets = [key.encode() for key in env.MCP_CREDENTIAL_KEYS] or [root_secret(env)]
    return KeyRing([derive(secret, purpose) for secret in secrets])


def _sign_in(api: GauzyApi) -> AskGauzy:
    from oauth_resource.identity.linking import SignedIn, SignInRefused

    async def sign_in(email: str, password: str) -> SignedIn:
        try:
            signed_in = await api.sign_in(email, password)
        except GauzyError as error:
            raise SignInRefused(error.message) from error
        return SignedIn(signed_in.to_dict(), signed_in.identity.email or email)

    return sign_in


def _prove(api: GauzyApi) -> ProvePerson:
    from oauth_resource.identity.linking import SignInRefused

    async def prove(email: str, password: str, person: str) -> None:
        tenant_id = person.partition("/")[0]
        try:
            signed_in = await api.sign_in(email, password, tenant_id or None)
        except GauzyError as error:
            # Without a status Gauzy took the password, and the account has no user in that tenant.
            is_other = isinstance(error, SignInFailed) and error.status is None
            raise SignInRefused(ANOTHER if is_other else error.message) from error
        await end(api, signed_in)
        if whose(signed_in.to_dict()).person != person:
            raise SignInRefused(ANOTHER)

    return prove
