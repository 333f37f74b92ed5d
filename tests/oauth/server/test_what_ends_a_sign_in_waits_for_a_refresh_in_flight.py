"""On PostgreSQL, whatever ends a sign-in also ends what a token request mints that has not committed yet.

The test holds a token request back just before its end by a lock on a table, begins what should end the sign-in at the
other process, and lets both go on once that one waits too.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from tests.oauth.server.administration import ACCESS, CLIENTS
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import Pair
from tests.oauth.server.test_two_processes_act_as_one import at
from tests.oauth.server.test_who_is_no_operator_any_more_has_no_operators_scope import set_staff
from tests.operations.operators import Operator
from tests.operations.places import History

ADMIN = "mcp.read mcp.admin"

Request = Callable[[], httpx.Response]
Ends = Callable[[Person, Operator, OAuthClient, str], Callable[[], httpx.Response | None]]


@pytest.fixture
def someone(pair: Pair) -> Iterator[Person]:
    with Person(pair.first) as opened:
        opened.sign_in()
        yield opened


@pytest.fixture
def operator(pair: Pair) -> Iterator[Operator]:
    with Operator(pair.second.http) as opened:
        set_staff(opened, is_staff=True)
        yield opened
        set_staff(opened, is_staff=False)


def overtaken(pair: Pair, table: str, request: Request, end: Callable[[], object]) -> httpx.Response:
    """The answer of a token request that is held back before it writes to ``table``, until ``end`` waits as well."""
    with ThreadPoolExecutor(2) as pool, psycopg.connect(pair.database) as lock:
        lock.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")  # type: ignore[arg-type]
        asking = pool.submit(request)
        until(lambda: waiting(pair) == 1)
        ending = pool.submit(end)
        until(lambda: ending.done() or waiting(pair) == 2)
        lock.rollback()
        answer, _ = asking.result(), ending.result()
    assert answer.status_code == 200, "it came first"
    return answer


def hold_answer(lock: psycopg.Connection, token: str) -> None:
    """Holds back the next renewal of ``token`` before it commits: the row of its family's last answer is locked."""
    checksum = hashlib.sha256(token.encode()).hexdigest()
    lock.execute(
        "SELECT 1 FROM authorization_lastresponse WHERE family IN"
        " (SELECT token_family FROM oauth2_provider_refreshtoken WHERE token_checksum = %s) FOR UPDATE",
        [checksum],
    )


def waiting(pair: Pair) -> int:
    """How many transactions wait for a lock."""
    query = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return len(History(pair.database).rows(query))


def until(holds: Callable[[], bool]) -> None:
    History("").until(holds, bool)


def disconnecting(person: Person, _: Operator, __: OAuthClient, ___: str) -> Callable[[], httpx.Response]:
    return lambda: person.send("/account/disconnect", all="yes")


def demoting(_: Person, operator: Operator, __: OAuthClient, ___: str) -> Callable[[], None]:
    return lambda: set_staff(operator, is_staff=False)


def revoking_the_client(_: Person, operator: Operator, client: OAuthClient, __: str) -> Callable[[], httpx.Response]:
    return acting(operator, CLIENTS, "revoke", client.id)


def revoking_the_token(_: Person, operator: Operator, client: OAuthClient, __: str) -> Callable[[], httpx.Response]:
    return acting(operator, ACCESS, "revoke", client.id)


def replaying(_: Person, __: Operator, client: OAuthClient, old: str) -> Callable[[], httpx.Response]:
    return lambda: client.refresh(old)


def acting(operator: Operator, page: str, action: str, query: str) -> Callable[[], httpx.Response]:
    """The list was loaded before; what it shows is chosen."""
    text = operator.http.get(page, params={"q": query}).text
    chosen = re.findall(r'name="_selected_action" value="([\w-]+)"', text)
    assert chosen, f"nothing at {page}"
    return lambda: operator.submit(page, {"action": action, "_selected_action": chosen})


@pytest.mark.parametrize("ends", [revoking_the_token, replaying])
def test_a_refresh_in_flight_leaves_nothing(ends: Ends, pair: Pair, someone: Person, operator: Operator) -> None:
    client = OAuthClient.registered(someone.base)
    old = client.tokens(someone)["refresh_token"]
    current = client.refresh(old).json()["refresh_token"]
    end = ends(someone, operator, at(pair.second, client), old)
    renewed = overtaken(pair, "authorization_lastresponse", lambda: at(pair.first, client).refresh(current), end)
    assert client.refresh(renewed.json()["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("ends", [disconnecting, demoting])
def test_an_exchange_in_flight_leaves_nothing(ends: Ends, pair: Pair, someone: Person, operator: Operator) -> None:
    client = OAuthClient.registered(someone.base)
    code = someone.allows(client, scope=ADMIN)["code"]
    end = ends(someone, operator, at(pair.second, client), "")
    given = overtaken(pair, "authorization_consumedcode", lambda: at(pair.first, client).exchange(code), end)
    assert client.refresh(given.json()["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("ends", [disconnecting, demoting, revoking_the_client])
def test_a_client_that_renews_without_pause_keeps_nothing(
    ends: Ends, pair: Pair, someone: Person, operator: Operator
) -> None:
    """While the end waits for the first sign-in, the second is renewed as often as the server lets it."""
    client = OAuthClient.registered(someone.base)
    tokens = [client.tokens(someone, scope=ADMIN) for _ in range(2)]
    one, two = (client.refresh(given["refresh_token"]).json()["refresh_token"] for given in tokens)
    renew, end = at(pair.first, client).refresh, ends(someone, operator, at(pair.second, client), "")
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(4))
        first_lock, second_lock = (stack.enter_context(psycopg.connect(pair.database)) for _ in range(2))
        hold_answer(first_lock, one)
        answers = [pool.submit(renew, one)]
        until(lambda: waiting(pair) == 1)
        ending = pool.submit(end)
        until(lambda: waiting(pair) == 2)
        answers.append(pool.submit(renew, two))
        until(lambda: answers[-1].done() or waiting(pair) == 3)
        if answers[-1].done():
            two = answers[-1].result().json()["refresh_token"]
            hold_answer(second_lock, two)
            answers.append(pool.submit(renew, two))
            until(lambda: waiting(pair) == 3)
        first_lock.rollback()
        until(lambda: ending.done() or (answers[0].done() and waiting(pair) == 2))
        second_lock.rollback()
        ending.result()
        given = [answer.result().json() for answer in answers]
    assert "refresh_token" in given[0], "it came first"
    for tokens_of_one in given:
        held = tokens_of_one.get("refresh_token", one)
        assert client.refresh(held).json()["error"] == "invalid_grant"
