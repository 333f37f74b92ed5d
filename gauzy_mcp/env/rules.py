"""Rules between variables: what must not start (fail closed), and what starts with a warning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gauzy_mcp.env import secret_strength, servers
from gauzy_mcp.env.table import BY_NAME, Environment

_LOCALHOST: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""The name, and the addresses that it may stand for."""

_ANY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on


def broken(env: Environment) -> Iterator[str]:
    """Every reason why ``env`` must not start, each with its fix."""
    yield from _transports(env)
    yield from _account(env)
    yield from _tls(env)
    yield from _authentication(env)
    if env.production:
        yield from _production(env)


def doubtful(env: Environment) -> list[str]:
    """What is probably not meant, but does no harm."""
    found = []
    if env.MCP_CORS_ORIGIN and "*" in env.MCP_CORS_ORIGIN and env.MCP_CORS_CREDENTIALS:
        found.append("MCP_CORS_ORIGIN=* lets every web page call; credentials are therefore not offered to any")
    found += [
        f"{name}=null lets every web page call, from a sandboxed frame; name your origins instead"
        for name in ("MCP_CORS_ORIGIN", "MCP_WS_ALLOWED_ORIGINS")
        if "null" in (getattr(env, name) or ())
    ]
    if env.MCP_WS_ALLOWED_ORIGINS and "*" in env.MCP_WS_ALLOWED_ORIGINS:
        found.append("MCP_WS_ALLOWED_ORIGINS=* lets every web page connect; name your origins in production")
    if env.REDIS_URL and env.MCP_SECRET_KEY is None and env.MCP_AUTH_SESSION_SECRET is None:
        found.append(
            "REDIS_URL without MCP_SECRET_KEY: only processes that share GAUZY_MCP_HOME read each other's sessions"
        )
    if env.production and any(map(secret_strength.weakness, env.MCP_CREDENTIAL_KEYS[1:])):
        found.append("an old key of MCP_CREDENTIAL_KEYS can be guessed: run rotate_credential_keys, then remove it")
    if env.MCP_AUTH_ENABLED and env.GAUZY_IDENTITY_MODE == "shared":
        found.append("GAUZY_IDENTITY_MODE=shared: everybody with an access token acts as the configured Gauzy account")
    if env.MCP_AUTH_ENABLED:
        required = env.MCP_AUTH_REQUIRED_SCOPES
        found += servers.doubtful(env.MCP_AUTH_SERVERS, accepted=env.MCP_AUTH_JWT_ISSUER, scopes=required)
    if not env.GAUZY_VERIFY_TLS:
        found.append("GAUZY_VERIFY_TLS=false: the certificate of Gauzy is not checked")
    return found


def _transports(env: Environment) -> Iterator[str]:
    mode, transport = env.MCP_SERVER_MODE, env.MCP_TRANSPORT
    if mode is not None and transport not in ("auto", "all") and mode != transport:
        unset = ", its default" if transport == Environment.MCP_TRANSPORT else ""
        yield (
            f"MCP_SERVER_MODE={mode} contradicts MCP_TRANSPORT={transport}{unset}: remove one, or make them equal. "
            f"Example: MCP_TRANSPORT={mode}"
        )
    if (
        transport == "all"
        and env.MCP_HTTP_PORT == env.MCP_WS_PORT != 0
        and _overlap(env.MCP_HTTP_HOST, env.MCP_WS_HOST)
    ):
        yield (
            f"MCP_HTTP_PORT and MCP_WS_PORT are both {env.MCP_HTTP_PORT}: give one another port, "
            "or set MCP_TRANSPORT=http, which serves WebSockets too"
        )


def _overlap(one: str, other: str) -> bool:
    """Whether two addresses to listen on may be the same."""
    return one == other or not {one, other}.isdisjoint(_ANY) or {one, other} <= _LOCALHOST


def _account(env: Environment) -> Iterator[str]:
    if env.GAUZY_AUTO_LOGIN and not env.uses_sandbox:
        for name in ("GAUZY_AUTH_EMAIL", "GAUZY_AUTH_PASSWORD"):
            if getattr(env, name) is None:
                yield f"GAUZY_AUTO_LOGIN=true needs {name}. Example: {name}={BY_NAME[name].example}"
    if (env.GAUZY_AUTH_EMAIL is None) != (env.GAUZY_AUTH_PASSWORD is None):
        missing = "GAUZY_AUTH_EMAIL" if env.GAUZY_AUTH_EMAIL is None else "GAUZY_AUTH_PASSWORD"
        if not env.GAUZY_AUTO_LOGIN:
            yield f"{missing} is missing: the configured account needs e-mail address and password"


def _tls(env: Environment) -> Iterator[str]:
    if env.MCP_WS_TLS:
        for name in ("MCP_WS_KEY_PATH", "MCP_WS_CERT_PATH"):
            if getattr(env, name) is None:
                example = f"{name}={BY_NAME[name].example}"
                yield f"MCP_WS_TLS=true needs {name}. Example: {example} (make certs makes both files)"


def _authentication(env: Environment) -> Iterator[str]:
    if not env.MCP_AUTH_ENABLED:
        return
    if not env.embeds_server:
        yield from _tokens(env)
    yield from _issuer_addresses(env)
    if env.GAUZY_AUTO_LOGIN and env.GAUZY_IDENTITY_MODE is None:
        yield (
            "GAUZY_AUTO_LOGIN=true with MCP_AUTH_ENABLED=true: say whose account callers act as. "
            "GAUZY_IDENTITY_MODE=shared lets everybody with a token act as the configured account; "
            "GAUZY_IDENTITY_MODE=per_user lets each link an account of their own"
        )
    if env.GAUZY_IDENTITY_MODE == "shared" and env.GAUZY_AUTH_EMAIL is None and not env.uses_sandbox:
        yield (
            "GAUZY_IDENTITY_MODE=shared needs GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD, the account that is shared. "
            f"Example: GAUZY_AUTH_EMAIL={BY_NAME['GAUZY_AUTH_EMAIL'].example}"
        )
    if env.MCP_AUTH_RESOURCE_URI is None and (env.production or env.MCP_HTTP_PORT == 0):
        yield (
            "MCP_AUTH_ENABLED=true needs MCP_AUTH_RESOURCE_URI, which tokens must be issued for. "
            f"Example: MCP_AUTH_RESOURCE_URI={BY_NAME['MCP_AUTH_RESOURCE_URI'].example}"
        )


def _tokens(env: Environment) -> Iterator[str]:
    """What access tokens are checked with; without it nobody could be let in, or everybody."""
    if not (env.verifies_signatures or env.introspection_endpoint):
        yield (
            "MCP_AUTH_ENABLED=true needs something to check access tokens with: MCP_AUTH_JWT_JWKS_URI, "
            "MCP_AUTH_JWT_PUBLIC_KEY or MCP_AUTH_INTROSPECTION_ENDPOINT, or no foreign issuer at all and "
            "MCP_AUTH_ALLOW_EMBEDDED_SERVER=true, for the server inside this project. "
            f"Example: MCP_AUTH_JWT_JWKS_URI={BY_NAME['MCP_AUTH_JWT_JWKS_URI'].example}"
        )
    if (env.verifies_signatures or env.introspection_endpoint) and env.MCP_AUTH_JWT_ISSUER is None:
        # RFC 7519 section 4.1.2: a subject is unique only together with its issuer.
        yield (
            "MCP_AUTH_JWT_ISSUER is missing: keys and introspection show that a token is good, and not whose people "
            "its subjects are. Set it to the issuer identifier that the authorization server publishes. "
            f"Example: MCP_AUTH_JWT_ISSUER={BY_NAME['MCP_AUTH_JWT_ISSUER'].example}"
        )
    if env.MCP_AUTH_JWT_JWKS_URI and env.MCP_AUTH_JWT_PUBLIC_KEY:
        yield "MCP_AUTH_JWT_JWKS_URI and MCP_AUTH_JWT_PUBLIC_KEY are both set: remove the one that is not the issuer's"
    if env.MCP_AUTH_INTROSPECTION_ENDPOINT:
        for name in ("MCP_AUTH_INTROSPECTION_CLIENT_ID", "MCP_AUTH_INTROSPECTION_CLIENT_SECRET"):
            if getattr(env, name) is None:
                yield f"MCP_AUTH_INTROSPECTION_ENDPOINT needs {name}. Example: {name}={BY_NAME[name].example}"
    elif env.MCP_AUTH_INTROSPECTION_CLIENT_SECRET and not env.introspection_endpoint:
        yield (
            "MCP_AUTH_INTROSPECTION_CLIENT_SECRET is set, and nothing says where to introspect. Example: "
            f"MCP_AUTH_INTROSPECTION_ENDPOINT={BY_NAME['MCP_AUTH_INTROSPECTION_ENDPOINT'].example}"
        )


def _issuer_addresses(env: Environment) -> Iterator[str]:
    """Keys, tokens and secrets travel to and from these addresses: nobody in between may read or change them."""
    for name in ("MCP_AUTH_JWT_JWKS_URI", "MCP_AUTH_INTROSPECTION_ENDPOINT", "MCP_AUTH_RESOURCE_URI"):
        value = getattr(env, name)
        if value and not servers.is_private(value):
            example = f"{name}={BY_NAME[name].example}"
            yield f"{name}={value} must start with https://, except on this machine. Example: {example}"
    yield from servers.broken(env.MCP_AUTH_SERVERS)


def _production(env: Environment) -> Iterator[str]:
    if env.uses_sandbox:
        yield "MCP_ENV=production needs API_BASE_URL: the embedded demo company is for trying things out"
    for name, weakness in _weak_secrets(env):
        yield f"{name} {weakness}. Make a random one with: {secret_strength.FIX}"
    if env.MCP_TRANSPORT != "stdio":
        yield from unfit_for_network(env)


def _weak_secrets(env: Environment) -> Iterator[tuple[str, str]]:
    """Names of root secrets that can be guessed, and what is wrong with each. Of the keys that seal callers' Gauzy
    tokens only the first matters: the others have to stay until what they sealed is sealed again."""
    roots = {
        "MCP_SECRET_KEY": env.MCP_SECRET_KEY,
        "MCP_AUTH_SESSION_SECRET": env.MCP_AUTH_SESSION_SECRET,
        "The first key of MCP_CREDENTIAL_KEYS": next(iter(env.MCP_CREDENTIAL_KEYS), None),
    }
    for name, secret in roots.items():
        weakness = None if secret is None else secret_strength.weakness(secret)
        if weakness:
            yield name, weakness


def unfit_for_network(env: Environment) -> Iterator[str]:
    """What must not serve a network in production. An ASGI server that imports the application serves one, whatever
    MCP_TRANSPORT says. Nothing outside of production."""
    if not env.production:
        return
    if env.MCP_SECRET_KEY is None and env.MCP_AUTH_SESSION_SECRET is None:
        yield f"MCP_ENV=production needs MCP_SECRET_KEY. Example: MCP_SECRET_KEY=$({secret_strength.FIX})"
    if not env.MCP_ALLOWED_HOSTS and env.MCP_AUTH_RESOURCE_URI is None:
        yield "MCP_ENV=production needs MCP_ALLOWED_HOSTS. Example: MCP_ALLOWED_HOSTS=mcp.example.com"
    for name in ("MCP_CORS_ORIGIN", "MCP_WS_ALLOWED_ORIGINS"):
        # Any page can send "Origin: null", from a sandboxed frame.
        if not {"*", "null"}.isdisjoint(getattr(env, name) or ()):
            yield f"MCP_ENV=production needs the origins of {name} by name. Example: {name}={BY_NAME[name].example}"
    if not (env.MCP_AUTH_ENABLED or env.MCP_ALLOW_INSECURE):
        yield "MCP_ENV=production needs authentication, or MCP_ALLOW_INSECURE=true where the network itself is trusted"
