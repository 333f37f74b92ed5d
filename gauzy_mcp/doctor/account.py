"""The configured account: whether it can sign in, and where it works."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment
    from gauzy_mcp.wiring import Assembly
    from mcp_tools.gauzy.client import Credentials

_LOGIN: Final = "login"
_ORGANIZATION: Final = "organization"


def account(env: Environment) -> Iterable[Finding]:
    if not env.shares_account:
        return [passed(_LOGIN, "everybody signs in to Gauzy as themselves (MCP_AUTH_ENABLED)")]
    from gauzy_mcp.env import EnvironmentInvalid

    try:
        return _configured(env)
    except EnvironmentInvalid:
        # The demo company keeps its records in the home, which has a check of its own.
        return [warned(_LOGIN, f"not checked, because {env.home} cannot be used", "fix database first")]


def _configured(env: Environment) -> list[Finding]:
    from gauzy_mcp.wiring import Assembly

    # Signing in needs neither of these, and they have checks of their own.
    assembly = Assembly(dataclasses.replace(env, MCP_AUTH_ENABLED=False, REDIS_URL=None, MCP_TOOLSETS=None))
    configured = assembly.accounts.configured
    if configured is None:
        fix = "set GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD, or use the login tool in each session"
        return [warned(_LOGIN, "no account is configured", fix)]
    return asyncio.run(_sign_in(assembly, configured))


async def _sign_in(assembly: Assembly, configured: Credentials) -> list[Finding]:
    from mcp_tools.gauzy.errors import GauzyError, SignInFailed

    try:
        current = await assembly.api.sign_in(configured.email, configured.password)
        names = await assembly.api.organizations(current)
    except SignInFailed as error:
        fix = "check GAUZY_AUTH_EMAIL and GAUZY_AUTH_PASSWORD by signing in to Gauzy's web page"
        return [failed(_LOGIN, error.message, fix)]
    except GauzyError as error:
        if error.status is None:
            return [warned(_LOGIN, "not checked, because Gauzy cannot be reached", "mend gauzy first")]
        return [failed(_LOGIN, error.message, "look into Gauzy's own log")]
    finally:
        await assembly.stop()
    identity = current.identity
    signed_in = passed(_LOGIN, f"signed in as {identity.email or configured.email} ({identity.role or 'no role'})")
    return [signed_in, _place(identity.tenant_id, identity.organization_id, names)]


def _place(tenant: str, organization: str, names: dict[str, str]) -> Finding:
    if not tenant:
        return failed(_ORGANIZATION, "the account belongs to no tenant", "let an administrator of Gauzy invite it")
    if not organization:
        fix = "let an administrator add it to an organization, or name one with switch_organization"
        return warned(_ORGANIZATION, f"tenant {tenant}, but no organization, which most tools need", fix)
    others = f", one of {len(names)}" if len(names) > 1 else ""
    return passed(_ORGANIZATION, f"{names.get(organization, organization)}{others}, in tenant {tenant}")
