"""Defect A3: what a session does to its account stays in that session, whoever else works as the same person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.oauth.server.clients import Ask, Client, by_websocket, in_a_session, plain, stateless
from tests.oauth.server.person import DEMO, OAuthClient, Person
from tests.oauth.server.places import Pair
from tests.oauth.server.test_a_person_is_one_gauzy_account import changing, reading
from tests.processes import Server

HERE, THERE = ident("organization", demo.ORGANIZATION), ident("organization", demo.EMPTY_ORGANIZATION)
LABS = demo.EMPTY_ORGANIZATION


def where(ask: Ask) -> str:
    return str(ask("get_current_user")["organizationId"])


def test_a_switch_moves_neither_other_sessions_nor_requests_without_one(place: Server, person: Person) -> None:
    token, other = reading(person), changing(person)
    switched = in_a_session(place, token)
    others = [in_a_session(place, token), in_a_session(place, other), plain(place, token), stateless(place, token)]
    told = switched("switch_organization", organization=LABS.upper())
    assert (told["organizationId"], told["organizationName"]) == (THERE, LABS)
    assert where(switched) == THERE
    assert {where(ask) for ask in (*others, by_websocket(place, other))} == {HERE}
    assert switched("get_projects")["total"] == 0 and others[1]("get_projects")["total"] > 0
    assert where(in_a_session(place, token)) == HERE, "a new session starts where the account is"


def test_a_session_that_switched_goes_on_there_and_back(place: Server, person: Person) -> None:
    ask = in_a_session(place, changing(person))
    ask("switch_organization", organization=THERE)
    assert ask("refresh_auth_token")["expiresAt"]
    assert (ask("get_auth_status")["organizationId"], ask("get_auth_status")["source"]) == (THERE, "linked")
    ask("login", **DEMO)
    assert where(ask) == THERE, "a renewed sign-in is the same account in the same place"
    ask("switch_organization", organization=HERE)
    assert where(ask) == HERE


def test_a_logout_ends_one_session_until_it_signs_in_again(place: Server, person: Person) -> None:
    token = reading(person)
    gone, stays = in_a_session(place, token), in_a_session(place, token)
    assert gone("logout") == {"signedOut": True}
    assert gone("logout") == {"signedOut": False}
    assert "signed out" in gone("get_projects") and "login" in gone("get_projects")
    assert gone("get_auth_status")["authenticated"] is False
    for ask in (stays, plain(place, token), in_a_session(place, token), in_a_session(place, changing(person))):
        assert ask("get_current_user")["email"] == DEMO["email"]
    assert gone("login")["email"] == DEMO["email"]
    assert where(gone) == HERE


def test_a_logout_forgets_the_organization_of_the_session(place: Server, person: Person) -> None:
    ask = in_a_session(place, changing(person))
    ask("switch_organization", organization=THERE)
    ask("logout")
    ask("login")
    assert where(ask) == HERE


@pytest.mark.parametrize("way", [plain, stateless])
def test_without_a_session_the_argument_is_named_instead(place: Server, person: Person, way: object) -> None:
    assert callable(way)
    ask: Ask = way(place, changing(person))
    for refused in (ask("switch_organization", organization=LABS), ask("logout")):
        assert "no session" in refused and "organization" in refused
    assert where(ask) == HERE


def test_calls_at_the_same_time_each_work_in_one_organization(place: Server, person: Person) -> None:
    token = changing(person)
    switching, other = Client.with_session(place.http, token), Client.with_session(place.http, token)
    with ThreadPoolExecutor(8) as pool:
        for wanted in (THERE, HERE, THERE):
            running = [pool.submit(where, client.ask) for client in (switching, other) * 4]
            switch = pool.submit(switching.ask, "switch_organization", organization=wanted)
            assert switch.result()["organizationId"] == wanted
            found = [work.result() for work in running]
            assert set(found[::2]) <= {HERE, THERE} and set(found[1::2]) == {HERE}
            assert where(switching.ask) == wanted


def test_another_process_knows_what_a_session_changed(pair: Pair) -> None:
    with Person(pair.first) as person:
        person.sign_in()
        token = str(OAuthClient.registered(person.base).tokens(person)["access_token"])
        switched, other = (Client.with_session(pair.first.http, token) for _ in range(2))
        switched.ask("switch_organization", organization=LABS)
        assert where(switched.at(pair.second.http).ask) == THERE
        assert where(other.at(pair.second.http).ask) == HERE
        assert switched.at(pair.second.http).ask("logout") == {"signedOut": True}
        assert "signed out" in switched.ask("get_projects")
        assert where(other.ask) == HERE


def test_the_tools_say_what_they_do(place: Server, person: Person) -> None:
    """Under OAuth they do something else, and have another text."""
    found = plain(place, changing(person))("search_tools", query="sign out of gauzy")
    (logout,) = [tool for tool in found["items"] if tool["name"] == "logout"]
    assert "other sessions and clients continue" in logout["description"]
