"""GAUZY_IDENTITY_MODE=shared under OAuth: everybody works as the configured account, whatever anybody does."""

from __future__ import annotations

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.oauth.knocking import DEMO
from tests.oauth.server.clients import WAYS, Ask, in_a_session, plain
from tests.oauth.stand_in import StandIn
from tests.processes import Server

HERE, THERE = ident("organization", demo.ORGANIZATION), ident("organization", demo.EMPTY_ORGANIZATION)
EMMA = {"email": "employee@gauzy.local", "password": "demo"}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_signs_in_with_an_account_of_their_own(live: Server, issuer: StandIn, way: object) -> None:
    assert callable(way)
    ask: Ask = way(live, issuer.token(sub="emma"))
    for account in (EMMA, DEMO):
        assert "Everybody works as the configured account" in ask("login", **account)
    assert (ask("login")["email"], ask("login")["source"]) == (DEMO["email"], "shared")
    assert plain(live, issuer.token(sub="emma"))("get_auth_status")["source"] == "shared"


def test_a_session_moves_and_leaves_by_itself(live: Server, issuer: StandIn) -> None:
    token = issuer.token(sub="ann", scope="mcp.read")
    moving, same_person, other = (in_a_session(live, one) for one in (token, token, issuer.token(sub="ben")))

    def organizations() -> list[str]:
        return [ask("get_auth_status").get("organizationId", "") for ask in (moving, same_person, other)]

    assert moving("switch_organization", organization=THERE)["organizationId"] == THERE
    assert organizations() == [THERE, HERE, HERE]
    assert moving("logout") == {"signedOut": True}
    assert organizations() == ["", HERE, HERE]
    assert "signed out" in moving("get_projects")
    moving("login")
    assert organizations() == [HERE, HERE, HERE]


def test_a_call_names_one_of_the_organizations_of_that_account(live: Server, issuer: StandIn) -> None:
    ask = plain(live, issuer.token(sub="ann"))
    assert ask("get_current_user", organization=demo.EMPTY_ORGANIZATION)["organizationId"] == THERE
    assert "is not one of your organizations" in ask("get_tasks", organization=demo.OTHER_ORGANIZATION)
    assert ask("get_current_user")["organizationId"] == HERE
