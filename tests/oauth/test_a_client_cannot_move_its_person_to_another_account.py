"""H2-4: a client has its person's access token and can open the link page, but lacks the old account's password."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.commands.run import manage
from tests.oauth.knocking import DEMO, call, opened, text_of
from tests.oauth.stand_in import StandIn
from tests.oauth.test_accounts_are_linked_in_the_browser import address_in, invited, sign_in
from tests.oauth.test_another_account_is_linked_by_confirmation import asked, code_in
from tests.oauth.test_links_that_nobody_owns_are_removed import rows as execute_on_sqlite
from tests.oauth.upstream import whoami
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History
from tests.processes import Server

OTHER = {"email": "other@gauzy.local", "password": "demo"}
EMMA = {"email": "employee@gauzy.local", "password": "demo"}
REPLACE = {"decision": "replace"}


@dataclass(frozen=True)
class Person:
    """A subject of the issuer, and the access tokens of two of its clients."""

    subject: str
    good: str
    bad: str


@dataclass(frozen=True)
class Place:
    server: Server
    client: httpx.Client
    issuer: StandIn
    database: Path | str

    def person(self) -> Person:
        """Somebody new, whose good client linked the demo account."""
        subject = f"s-{secrets.token_hex(4)}"
        made = Person(subject, *(self.issuer.token(sub=subject, client_id=name) for name in ("good", "bad")))
        assert not call(self.client, made.good, "login", DEMO).get("isError")
        return made

    def unlinked(self) -> Person:
        """Somebody new, whose bad client then unlinked the account."""
        made = self.person()
        assert call(self.client, made.bad, "unlink_account")["structuredContent"] == {"unlinked": True}
        return made

    def execute(self, statement: str) -> None:
        if isinstance(self.database, Path):
            execute_on_sqlite(self.database, statement)
            return
        with psycopg.connect(self.database, autocommit=True) as database:
            database.execute(statement)  # type: ignore[arg-type]

    def rows(self, person: Person) -> list[dict[str, Any]]:
        return History(self.database).rows(f"SELECT * FROM vault_credential WHERE subject = '{person.subject}'")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(issuer: StandIn, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("linked")
    environment = issuer.environment(
        GAUZY_IDENTITY_MODE="per_user", GAUZY_MCP_HOME=str(home), MCP_TRANSPORT="http", **FIRST_OPERATOR
    )
    database: Path | str = home
    if request.param == "postgresql":
        database = environment["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    with opened(environment) as (running, client):
        yield Place(running, client, issuer, database)
        assert "Traceback" not in running.logged(), running.logged()


def test_login_after_unlinking_takes_only_the_same_account(place: Place) -> None:
    someone = place.unlinked()
    refused = call(place.client, someone.bad, "login", EMMA)
    assert refused["isError"] is True and f"Your Gauzy account here is {DEMO['email']}" in text_of(refused)
    assert whoami(place.client, someone.good) == ""
    assert not call(place.client, someone.bad, "login", DEMO).get("isError")
    assert whoami(place.client, someone.good) == DEMO["email"]


def test_the_link_page_after_unlinking_takes_the_same_account_without_a_question(place: Place) -> None:
    someone = place.unlinked()
    code = sign_in(place.server, invited(place.client, someone.bad))
    assert (
        call(place.client, someone.bad, "link_account", {"code": code})["structuredContent"]["email"] == DEMO["email"]
    )
    assert whoami(place.client, someone.good) == DEMO["email"]


@pytest.mark.parametrize("unlinks", [False, True])
def test_a_program_at_the_link_page_gets_no_code_without_the_old_account(place: Place, unlinks: bool) -> None:
    someone = place.unlinked() if unlinks else place.person()
    address = address_in(text_of(call(place.client, someone.bad, "login", EMMA)))
    with asked(place.server, address) as (browser, fields):
        wrong = {"email": DEMO["email"], "password": "wrong"}
        for proof, status in (({}, 400), ({"email": "", "password": ""}, 400), (EMMA, 403), (wrong, 403)):
            page = browser.post("/link", data={**fields, **proof, **REPLACE})
            assert page.status_code == status and 'class="code"' not in page.text, proof
            assert 'role="alert"' in page.text and DEMO["email"] in page.text and EMMA["email"] in page.text
            assert "ask the operator" in page.text
        assert whoami(place.client, someone.good) == ("" if unlinks else DEMO["email"])
        code = code_in(browser.post("/link", data={**fields, **DEMO, **REPLACE}))
    assert (
        call(place.client, someone.bad, "link_account", {"code": code})["structuredContent"]["email"] == EMMA["email"]
    )
    assert whoami(place.client, someone.good) == EMMA["email"]


def test_a_code_replaces_only_the_account_that_was_proved(place: Place) -> None:
    someone = place.person()
    codes = []
    for new in (EMMA, OTHER):
        address = address_in(text_of(call(place.client, someone.bad, "login", new)))
        with asked(place.server, address, new) as (browser, fields):
            codes.append(code_in(browser.post("/link", data={**fields, **DEMO, **REPLACE})))
    first, second = (call(place.client, someone.bad, "link_account", {"code": code}) for code in codes)
    assert first["structuredContent"]["email"] == EMMA["email"]
    assert second["isError"] is True and f"with the password of {EMMA['email']}" in text_of(second)
    assert whoami(place.client, someone.good) == EMMA["email"]


def test_a_code_that_the_version_before_gave_without_a_proof_replaces_nothing(place: Place) -> None:
    someone = place.person()
    address = address_in(text_of(call(place.client, someone.bad, "login", EMMA)))
    with asked(place.server, address) as (browser, fields):
        code = code_in(browser.post("/link", data={**fields, **DEMO, **REPLACE}))
    place.execute("UPDATE vault_pendinglink SET proved = ''")
    assert call(place.client, someone.bad, "link_account", {"code": code})["isError"] is True
    assert whoami(place.client, someone.good) == DEMO["email"]


def test_two_codes_at_once_link_one_account(place: Place) -> None:
    token = place.issuer.token(sub=f"s-{secrets.token_hex(4)}")
    addresses = [invited(place.client, token) for _ in range(2)]
    codes = [sign_in(place.server, address, **who) for address, who in zip(addresses, (DEMO, EMMA), strict=True)]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda code: call(place.client, token, "link_account", {"code": code}), codes))
    linked = [answer for answer in told if not answer.get("isError")]
    assert len(linked) == 1, told
    assert whoami(place.client, token) == linked[0]["structuredContent"]["email"]


def test_an_operator_makes_room_for_any_account(place: Place) -> None:
    someone = place.unlinked()
    row = place.rows(someone)[0]
    with Operator(place.server.http) as operator:
        chosen = {"action": "unlink", "_selected_action": str(row["id"])}
        assert operator.submit("/admin/vault/credential/", chosen).status_code == 302
    assert place.rows(someone) == []
    assert not call(place.client, someone.good, "login", EMMA).get("isError")
    assert whoami(place.client, someone.good) == EMMA["email"]


def test_unlinking_leaves_no_tokens(place: Place) -> None:
    someone = place.person()
    before = place.rows(someone)[0]
    call(place.client, someone.good, "unlink_account")
    after = place.rows(someone)[0]
    assert len(bytes(after["sealed"])) < 60 < len(bytes(before["sealed"])), "an empty object and its seal"
    assert before["person"] == "" and after["person"].count("/") == 1
    assert call(place.client, someone.good, "unlink_account")["structuredContent"] == {"unlinked": False}


def test_accounts_of_the_version_before_keep_their_owner(issuer: StandIn, tmp_path: Path) -> None:
    """Their rows say nothing of a person: it is read from the tokens when a client unlinks them."""
    home = {"GAUZY_MCP_HOME": str(tmp_path)}
    environment = issuer.environment(GAUZY_IDENTITY_MODE="per_user", MCP_TRANSPORT="http", **home)
    token = issuer.token(sub="of-before")
    with opened(environment) as (_, client):
        assert not call(client, token, "login", DEMO).get("isError")
    assert manage("migrate", "vault", "0004", **home).returncode == 0
    with opened(environment) as (_, client):
        assert whoami(client, token) == DEMO["email"]
        call(client, token, "unlink_account")
        assert call(client, token, "login", EMMA)["isError"] is True
        assert not call(client, token, "login", DEMO).get("isError")


def test_guesses_at_the_old_password_count_as_sign_ins(issuer: StandIn) -> None:
    environment = issuer.environment(GAUZY_IDENTITY_MODE="per_user", MCP_TRANSPORT="http", THROTTLE_ENABLED="true")
    token = issuer.token(sub="guessed")
    with opened(environment) as (running, client):
        assert not call(client, token, "login", DEMO).get("isError")
        with asked(running, address_in(text_of(call(client, token, "login", EMMA)))) as (browser, fields):
            wrong = {**fields, **REPLACE, "email": DEMO["email"], "password": "wrong"}
            told = [browser.post("/link", data=wrong).status_code for _ in range(10)]
            assert told == [403] * (10 - told.count(429)) + [429] * told.count(429) and 429 in told
            assert browser.post("/link", data={**wrong, **DEMO}).status_code == 429, "the right one as well"
        assert whoami(client, token) == DEMO["email"]
