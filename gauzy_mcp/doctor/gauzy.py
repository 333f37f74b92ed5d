"""The Gauzy API: address, TLS and the way there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from gauzy_mcp.doctor.asking import Answer, NoAnswer, ask, way
from gauzy_mcp.doctor.certificate import Told
from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

SOON_DAYS: Final = 14
_CHECK: Final = "gauzy"


def gauzy(env: Environment) -> Iterator[Finding]:
    if env.API_BASE_URL is None:
        yield passed(_CHECK, "API_BASE_URL is not set: the demo company inside this server is used")
        return
    base = env.API_BASE_URL
    try:
        answer = ask(env, f"{base}/api/health", verify=env.GAUZY_VERIFY_TLS)
    except NoAnswer as error:
        yield _untrusted(env, base, error) if error.untrusted else _away(base, error)
        return
    yield _answered(base, answer)


def _answered(base: str, answer: Answer) -> Finding:
    told = f"Gauzy at {base} answers ({answer.milliseconds} ms), asked {way(base)}"
    if answer.status >= 500:
        return failed(_CHECK, f"{base}/api/health answers {answer.status}", "look into Gauzy's own log")
    if not isinstance(answer.json(), dict):
        fix = "let API_BASE_URL name Gauzy's API without /api; the address of the web page is another"
        return failed(_CHECK, f"{base} answers {answer.status}, but not as the Gauzy API does", fix)
    if answer.certificate is None:
        return _unencrypted(base, told)
    seen = Told.of(answer.certificate)
    if seen.days < SOON_DAYS:
        return warned(_CHECK, f"{told}; {seen}", f"renew the certificate: it ends in {seen.days} days")
    return passed(_CHECK, f"{told}; {seen}")


def _unencrypted(base: str, told: str) -> Finding:
    from gauzy_mcp.env.loopback import is_loopback

    if is_loopback(urlsplit(base).hostname):
        return passed(_CHECK, told)
    return warned(_CHECK, f"{told}; not encrypted", "use https:// in API_BASE_URL: passwords travel there")


def _away(base: str, error: NoAnswer) -> Finding:
    fix = f"see that Gauzy runs and API_BASE_URL is right: open {base}/api/health in a browser on this machine"
    return failed(_CHECK, f"Gauzy at {base} cannot be reached ({error.reason}), asked {way(base)}", fix)


def _untrusted(env: Environment, base: str, error: NoAnswer) -> Finding:
    try:
        offered = ask(env, f"{base}/api/health", verify=False).certificate
    except NoAnswer:
        offered = None
    seen = Told.of(offered) if offered else None
    told = f"the certificate of {base} is not trusted: {error.reason}" + (f"; it is a {seen}" if seen else "")
    if seen is not None and seen.days < 0:
        return failed(_CHECK, told, "renew the certificate on Gauzy's side")
    fix = "let GAUZY_CA_BUNDLE name the PEM file of " + (
        "this certificate" if seen and seen.signed_itself else "its CA"
    )
    return failed(_CHECK, f"{told}, asked {way(base)}", f"{fix}; a proxy that opens TLS has a CA of its own")
