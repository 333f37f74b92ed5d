"""What may happen once happens once at two processes of one server; a person who is out is out at both (group 36)."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.oauth.server.administration import KEYS, PEOPLE, act, first
from tests.oauth.server.person import OAuthClient, Person, redirected
from tests.oauth.server.places import Pair
from tests.oauth.server.racing import AT_ONCE, together
from tests.oauth.server.using import bearer, status_of
from tests.oauth.sockets import dial, exchange
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.operations.sockets import closing
from tests.processes import Server

MANAGER = "manager@gauzy.local"


@pytest.fixture
def someone(pair: Pair) -> Iterator[Person]:
    with Person(pair.first) as opened:
        opened.sign_in(email=MANAGER)
        yield opened


def at(place: Server, client: OAuthClient) -> OAuthClient:
    """The same client, which asks this process."""
    return dataclasses.replace(client, base=place.http)


def statuses(pair: Pair, token: str) -> list[int]:
    return [status_of(place.http, token) for place in pair.both]


def kid_of(token: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]


def test_group_38_one_code_exchanged_at_both_makes_one_token(pair: Pair, someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    code = someone.allows(client)["code"]
    asking = [at(place, client) for place in pair.both] * (AT_ONCE // 2)
    answers = together(*[lambda one=one: one.exchange(code) for one in asking])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    (given,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert statuses(pair, given["access_token"]) == [401, 401], "the others were replays"


def test_group_46_one_refresh_token_used_at_both_makes_one_pair(pair: Pair, someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    old = client.tokens(someone)["refresh_token"]
    asking = [at(place, client) for place in pair.both] * (AT_ONCE // 2)
    answers = together(*[lambda one=one: one.refresh(old) for one in asking])
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1, "each got the same answer"
    assert statuses(pair, answers[0].json()["access_token"]) == [200, 200]


def test_a_sign_in_ended_at_one_while_the_other_renews_it_is_over(pair: Pair, someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    for _ in range(3):
        old = client.tokens(someone)["refresh_token"]
        renewing, ending = (at(place, client) for place in pair.both)
        renewed, ended = together(
            lambda held=old, one=renewing: one.refresh(held), lambda held=old, one=ending: one.revoke(held)
        )
        assert ended.status_code == 200 and renewed.status_code in (200, 400)
        if renewed.status_code == 200:
            assert statuses(pair, renewed.json()["access_token"]) == [401, 401]
            assert client.refresh(renewed.json()["refresh_token"]).json()["error"] == "invalid_grant"
        assert client.refresh(old).json()["error"] == "invalid_grant"


def test_a_first_sign_in_at_both_at_once_makes_one_account(pair: Pair) -> None:
    email = "viewer@gauzy.local"
    with contextlib.ExitStack() as browsers:
        people = [browsers.enter_context(Person(place)) for place in pair.both for _ in range(3)]
        answers = together(*[lambda one=one: one.sign_in(email=email) for one in people])
        assert {answer.status_code for answer in answers} == {303}
        assert all(email in person.browser.get("/account").text for person in people)
    accounts = History(pair.database).rows(f"SELECT subject FROM authorization_account WHERE email = '{email}'")
    assert len(accounts) == 1


def test_group_36_a_person_disabled_at_one_is_out_at_both(pair: Pair, someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    tokens = client.tokens(someone)
    waiting = redirected(someone.submit(someone.asked(client), decision="allow"))["code"]
    token = tokens["access_token"]
    with (
        Operator(pair.second.http) as operator,
        dial(pair.first, additional_headers=bearer(token)) as one,
        dial(pair.second, additional_headers=bearer(token)) as other,
    ):
        assert exchange(one, "ping")["result"] == exchange(other, "ping")["result"] == {}
        key = first(operator, PEOPLE, MANAGER)
        act(operator, PEOPLE, "disable", key)
        assert [closing(one), closing(other)] == [4401, 4401]
        assert statuses(pair, token) == [401, 401]
        for answer in (client.refresh(tokens["refresh_token"]), client.exchange(waiting)):
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
        assert someone.browser.get("/account").status_code == 303
        act(operator, PEOPLE, "enable", key)
        assert statuses(pair, token) == [401, 401], "what was ended stays so"


def test_group_36_a_client_that_renews_meanwhile_keeps_nothing(pair: Pair, someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    held = [client.tokens(someone)["refresh_token"] for _ in range(4)]
    renewed, over = [threading.Event() for _ in held], threading.Event()

    def goes_on(number: int) -> dict[str, Any]:
        """Renews until that is refused, or once more after the end, and answers the last pair of tokens."""
        tokens, last = {"refresh_token": held[number]}, False
        while not last:
            last = over.is_set()
            answer = at(pair.first, client).refresh(tokens["refresh_token"])
            if answer.status_code != 200:
                assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
                break
            tokens = answer.json()
            renewed[number].set()
        return tokens

    with Operator(pair.second.http) as operator, ThreadPoolExecutor(len(held)) as pool:
        key = first(operator, PEOPLE, MANAGER)
        running = [pool.submit(goes_on, number) for number in range(len(held))]
        try:
            assert all(one.wait(60) for one in renewed), "each of them renews"
            act(operator, PEOPLE, "disable", key)
        finally:
            over.set()
        kept = [work.result() for work in running]
        act(operator, PEOPLE, "enable", key)
    for tokens in kept:
        assert statuses(pair, tokens["access_token"]) == [401, 401]
        assert client.refresh(tokens["refresh_token"]).status_code == 400


def test_no_token_is_refused_while_the_signing_key_is_rotated(pair: Pair, someone: Person) -> None:
    over = threading.Event()

    def goes_on(client: OAuthClient, refresh: str, made: Server, used: Server) -> list[tuple[Any, int]]:
        """Renews at one process and calls at the other, until the rotations are over and once more."""
        seen, last = [], False
        while not last:
            last = over.is_set()
            tokens = at(made, client).refresh(refresh).json()
            refresh = tokens["refresh_token"]
            seen.append((kid_of(tokens["access_token"]), status_of(used.http, tokens["access_token"])))
        return seen

    ways = [(made, used) for made in pair.both for used in pair.both]
    clients = [OAuthClient.registered(someone.base) for _ in ways]
    held = [client.tokens(someone)["refresh_token"] for client in clients]
    with (
        Operator(pair.first.http) as here,
        Operator(pair.second.http) as there,
        ThreadPoolExecutor(len(ways)) as pool,
    ):
        running = [pool.submit(goes_on, *start, *way) for *start, way in zip(clients, held, ways, strict=True)]
        try:
            for _ in range(2):
                answers = together(*[lambda one=one: one.submit(f"{KEYS}rotate/", {}) for one in (here, there)])
                assert [answer.status_code for answer in answers] == [302, 302]
        finally:
            over.set()
        seen = [one for work in running for one in work.result()]
    assert {status for _, status in seen} == {200}
    assert len({kid for kid, _ in seen}) >= 2, "keys of before and after were used"
