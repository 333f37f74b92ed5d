"""The argument ``organization`` moves one call, for whoever has no session to switch. Nothing else moves with it."""

from __future__ import annotations

import secrets

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.oauth.server.clients import WAYS, Ask, Client, in_a_session, plain
from tests.oauth.server.person import Person
from tests.oauth.server.test_a_person_is_one_gauzy_account import changing
from tests.processes import Server

HERE, THERE = ident("organization", demo.ORGANIZATION), ident("organization", demo.EMPTY_ORGANIZATION)
LABS = demo.EMPTY_ORGANIZATION


@pytest.mark.parametrize("way", WAYS)
def test_a_write_goes_where_it_was_meant_and_the_next_one_does_not(place: Server, person: Person, way: object) -> None:
    assert callable(way)
    ask: Ask = way(place, changing(person))
    there, here = f"Task {secrets.token_hex(4)}", f"Task {secrets.token_hex(4)}"
    ask("create_task", title=there, organization=LABS)
    ask("create_task", title=here)

    def titles(**place: str) -> set[str]:
        return {row["title"] for row in ask("get_tasks", limit=100, **place)["items"]} & {there, here}

    assert titles(organization=THERE) == {there}
    assert titles() == titles(organization=HERE) == {here}


@pytest.mark.parametrize("nowhere", ["Nowhere", ident("organization", demo.OTHER_ORGANIZATION), "x" * 200])
def test_an_organization_of_somebody_else_is_refused_with_ones_own(place: Server, person: Person, nowhere: str) -> None:
    ask = plain(place, changing(person))
    for refused in (ask("get_tasks", organization=nowhere), ask("create_task", title="x", organization=nowhere)):
        assert "is not one of your organizations" in refused
        assert f"{LABS} ({THERE})" in refused and demo.OTHER_ORGANIZATION not in refused


def test_the_argument_wins_over_the_session_for_one_call(place: Server, person: Person) -> None:
    ask = in_a_session(place, changing(person))
    ask("switch_organization", organization=LABS)
    assert ask("get_current_user", organization=HERE)["organizationId"] == HERE
    assert ask("get_current_user")["organizationId"] == THERE


def test_a_session_that_signed_out_has_no_organization(place: Server, person: Person) -> None:
    ask = in_a_session(place, changing(person))
    ask("logout")
    assert "signed out" in ask("get_tasks", organization=LABS)


def test_the_argument_is_taken_but_not_listed(place: Server, person: Person) -> None:
    client = Client(place.http, changing(person))
    found = client.ask("search_tools", query="list tasks")["items"]
    assert all("organization" not in tool["inputSchema"]["properties"] for tool in found)
    (switch,) = client.ask("search_tools", query="switch organization", limit=1)["items"]
    assert "`organization`" in switch["description"]
    assert "organization" in client.ask("get_auth_status", organization=LABS), "a local tool does not take it"
