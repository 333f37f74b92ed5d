"""OAuth: what clients find at the addresses that they are sent to (RFC 9728, RFC 8414, RFC 7517)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from gauzy_mcp.doctor.asking import NoAnswer, ask
from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment
    from oauth_resource.resource.metadata import Resource

_CHECK: Final = "oauth"


def authorization(env: Environment) -> Iterator[Finding]:
    if not env.MCP_AUTH_ENABLED:
        yield passed(_CHECK, "MCP_AUTH_ENABLED is not set: nobody needs a token, and this machine alone may ask")
        return
    from gauzy_mcp.oauth import resource

    served = resource(env)
    yield _resource(env, served)
    issuer = served.base if env.embeds_server else env.MCP_AUTH_JWT_ISSUER
    # The environment was checked: without a server inside there is an issuer (RFC 7519 section 4.1.2).
    assert issuer is not None
    yield from _issuer(env, issuer)


def _resource(env: Environment, served: Resource) -> Finding:
    url = served.metadata_url()
    try:
        answer = ask(env, url)
    except NoAnswer as error:
        fix = "start the server, and see that MCP_AUTH_RESOURCE_URI is the address that clients use"
        return warned(_CHECK, f"{url} cannot be reached ({error.reason})", fix)
    document = answer.json()
    if answer.status != 200 or not isinstance(document, dict):
        fix = "let MCP_AUTH_RESOURCE_URI be this server's own address, and the proxy pass /.well-known/ on"
        return failed(_CHECK, f"{url} answers {answer.status} and no metadata", fix)
    for member, wanted in (("resource", served.base), ("authorization_servers", list(served.servers))):
        if document.get(member) != wanted:
            fix = "another server answers there, or one with other variables: restart it, or correct the proxy"
            return failed(_CHECK, f"{url} tells {member} {document.get(member)!r} instead of {wanted!r}", fix)
    return passed(_CHECK, f"clients find this server's metadata at {url}")


def _issuer(env: Environment, issuer: str) -> Iterator[Finding]:
    url, document = _metadata(env, issuer)
    if document is None:
        away = warned if env.embeds_server else failed
        fix = "start the server" if env.embeds_server else "see that the issuer is up, and MCP_AUTH_JWT_ISSUER is right"
        yield away(_CHECK, f"the issuer {issuer} gives no metadata: {url}", fix)
    elif document.get("issuer") != issuer:
        fix = f"set MCP_AUTH_JWT_ISSUER={document.get('issuer')} exactly so, to the last slash (RFC 8414 section 3.3)"
        yield failed(_CHECK, f"{url} is of the issuer {document.get('issuer')!r} and not of {issuer!r}", fix)
        return
    else:
        yield passed(_CHECK, f"the issuer {issuer} tells of itself at {url}")
    if document is None and env.embeds_server:
        return
    yield from _keys(env, document or {})


def _metadata(env: Environment, issuer: str) -> tuple[str, dict[str, Any] | None]:
    """The metadata of ``issuer`` and where it was found, or None and what was answered."""
    parts = urlsplit(issuer)
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    told = []
    for url in (
        f"{origin}/.well-known/oauth-authorization-server{path}",
        f"{issuer.rstrip('/')}/.well-known/openid-configuration",
    ):
        try:
            answer = ask(env, url)
        except NoAnswer as error:
            told.append(f"{url}: {error.reason}")
            continue
        document = answer.json()
        if answer.status == 200 and isinstance(document, dict):
            return url, document
        told.append(f"{url} answers {answer.status}")
    return "; ".join(told), None


def _keys(env: Environment, document: dict[str, Any]) -> Iterator[Finding]:
    from oauth_resource.resource.errors import InvalidToken
    from oauth_resource.resource.keys import read_set

    published = document.get("jwks_uri")
    uri = env.jwks_uri or (published if env.embeds_server else None)
    if uri is None:
        return
    if env.jwks_uri and published and published != env.jwks_uri:
        fix = "set MCP_AUTH_JWT_JWKS_URI to that, unless the issuer has two sets on purpose"
        yield warned(_CHECK, f"the issuer publishes its keys at {published}, not at {env.jwks_uri}", fix)
    try:
        answer = ask(env, str(uri))
        found = read_set(answer.body) if answer.status == 200 else None
    except (NoAnswer, InvalidToken) as error:
        yield failed(_CHECK, f"no keys at {uri}: {error}", "see that MCP_AUTH_JWT_JWKS_URI is right and reachable")
        return
    count = len(found.usable) if found is not None else 0
    if found is not None and found.skipped:
        fix = "tokens that such a key signed are refused; publish RSA keys, or keys of P-256, P-384 or P-521"
        yield warned(_CHECK, f"{uri} lists keys that cannot be read: {', '.join(found.skipped[:5])}", fix)
    if count:
        yield passed(_CHECK, f"{count} {'key' if count == 1 else 'keys'} to check tokens with at {uri}")
    else:
        fix = "publish RSA keys of 2,048 bits or more, or keys of P-256, P-384 or P-521"
        yield failed(_CHECK, f"{uri} answers {answer.status} and no usable key", fix)
