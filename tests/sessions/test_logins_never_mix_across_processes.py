from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.sessions.client import Client
from tests.sessions.conftest import Pair

EMMA, OLIVIA, DEMO = "employee@gauzy.local", "other@gauzy.local", "demo@gauzy.local"


def signed_in(http: httpx.Client, pair: Pair, email: str) -> Client:
    client = Client.opened_at(http, pair.a)
    assert client.call(pair.a, "login", email=email, password="demo")["email"] == email
    return client


def test_a_login_at_one_acts_at_the_other(pair: Pair, http: httpx.Client) -> None:
    client = signed_in(http, pair, EMMA)
    for server in (pair.b, pair.a):
        status = client.call(server, "get_auth_status")
        assert (status["email"], status["source"]) == (EMMA, "session")


def test_two_logins_stay_apart_whoever_serves_them(pair: Pair, http: httpx.Client) -> None:
    """Also for what Gauzy answers: the two are of different tenants, and a third caller has no login at all."""
    emma, olivia, nobody = signed_in(http, pair, EMMA), signed_in(http, pair, OLIVIA), Client.opened_at(http, pair.b)
    expected = {}
    for client, email in ((emma, EMMA), (olivia, OLIVIA), (nobody, DEMO)):
        found = client.call(pair.b, "get_projects")
        expected[email] = {project["id"] for project in found["items"]}
    assert not expected[EMMA] & expected[OLIVIA]

    def look(number: int) -> None:
        client, email = ((emma, EMMA), (olivia, OLIVIA), (nobody, DEMO))[number % 3]
        server = (pair.a, pair.b)[number // 3 % 2]
        assert client.call(server, "get_auth_status")["email"] == email
        assert {project["id"] for project in client.call(server, "get_projects")["items"]} == expected[email]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look, range(48)))


def test_a_logout_at_one_is_seen_at_the_other(pair: Pair, http: httpx.Client) -> None:
    client = signed_in(http, pair, EMMA)
    assert client.call(pair.b, "get_auth_status")["email"] == EMMA
    assert client.call(pair.b, "logout") == {"signedOut": True}
    assert client.call(pair.a, "get_auth_status")["source"] == "shared"


def test_a_change_of_accounts_at_one_is_seen_at_the_other(pair: Pair, http: httpx.Client) -> None:
    client = signed_in(http, pair, EMMA)
    before = client.call(pair.b, "get_projects")
    client.call(pair.a, "login", email=OLIVIA, password="demo")
    assert client.call(pair.b, "get_auth_status")["email"] == OLIVIA
    assert client.call(pair.b, "get_projects") != before


def test_tokens_renewed_at_one_are_used_at_the_other(pair: Pair, http: httpx.Client) -> None:
    """Gauzy takes a refresh token once only, so a process that kept the old one could not go on."""
    client = signed_in(http, pair, EMMA)
    for server, other in ((pair.a, pair.b), (pair.b, pair.a)) * 3:
        client.call(server, "refresh_auth_token")
        assert client.call(other, "get_auth_status")["authenticated"] is True
        client.call(other, "get_projects")


def test_tokens_renewed_at_both_at_the_same_time_break_neither(pair: Pair, http: httpx.Client) -> None:
    client = signed_in(http, pair, EMMA)
    with ThreadPoolExecutor(8) as pool:
        renewed = list(pool.map(lambda server: client.call(server, "refresh_auth_token"), (pair.a, pair.b) * 16))
    assert len(renewed) == 32
    for server in (pair.a, pair.b):
        assert client.call(server, "get_auth_status")["email"] == EMMA
        client.call(server, "get_projects")
