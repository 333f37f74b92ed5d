"""wss:// of this server: whether key and certificate can be served, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.certificate import Told
from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from pathlib import Path

    from gauzy_mcp.env import Environment

_CHECK: Final = "tls"


def tls(env: Environment) -> Iterator[Finding]:
    key, certificate = env.MCP_WS_KEY_PATH, env.MCP_WS_CERT_PATH
    if not env.MCP_WS_TLS or key is None or certificate is None:
        yield passed(_CHECK, "MCP_WS_TLS is not set: a proxy in front speaks TLS, or nobody does")
        return
    from gauzy_mcp.tls import fault

    problem = fault(key, certificate)
    if problem:
        told, _, fix = problem.rpartition(". ")
        yield failed(_CHECK, told, fix)
    else:
        yield _dated(certificate)


def _dated(path: Path) -> Finding:
    from gauzy_mcp.doctor.gauzy import SOON_DAYS
    from gauzy_mcp.tls import certificate_der

    seen = Told.of(certificate_der(path))
    told = f"MCP_WS_CERT_PATH is a {seen}"
    if seen.days < 0:
        return failed(_CHECK, told, "renew it, and restart the server: clients refuse to connect")
    if not seen.begun:
        return failed(_CHECK, f"{told}, but not yet", "check the clock of this machine, or take another certificate")
    if seen.days < SOON_DAYS:
        return warned(_CHECK, told, f"renew it, and restart the server: it ends in {seen.days} days")
    return passed(_CHECK, told)
