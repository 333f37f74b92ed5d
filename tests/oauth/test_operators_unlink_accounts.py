"""Linked accounts in the admin: a list that can be read and searched, and unlinked by who may."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.oauth.knocking import DEMO, call, opened
from tests.oauth.stand_in import StandIn
from tests.oauth.upstream import whoami
from tests.operations.operators import Operator
from tests.operations.places import History
from tests.operations.users import make
from tests.processes import Server

LIST = "/admin/vault/credential/"
VIEW, UNLINK = "vault.view_credential", "vault.unlink_credential"


@dataclass(frozen=True)
class Place:
    server: Server
    client: httpx.Client
    issuer: StandIn
    home: Path

    def link(self) -> tuple[str, str]:
        """The token of somebody new with a linked account, and the name of its row."""
        subject = f"s-{secrets.token_hex(4)}"
        token = self.issuer.token(sub=subject)
        assert not call(self.client, token, "login", DEMO).get("isError")
        (row,) = History(self.home).rows(f"SELECT id FROM vault_credential WHERE subject = '{subject}'")
        return token, str(row["id"])

    def operator(self, *permissions: str) -> Operator:
        name, password = secrets.token_hex(6), secrets.token_hex(12)
        make(self.home, name, password, *permissions)
        return Operator(self.server.http, name, password)


@pytest.fixture(scope="module")
def place(issuer: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("vault")
    own = {"GAUZY_IDENTITY_MODE": "per_user", "GAUZY_MCP_HOME": str(home), "MCP_TRANSPORT": "http"}
    with opened(issuer.environment(**own)) as (running, client):
        yield Place(running, client, issuer, home)
        assert " ERROR " not in running.logged(), running.logged()


def unlink(operator: Operator, *rows: str) -> httpx.Response:
    operator.submit(LIST, {"action": "unlink", "_selected_action": list(rows)})
    return operator.http.get(LIST)


def test_who_may_view_sees_whose_they_are_and_never_what_is_sealed(place: Place) -> None:
    token, row = place.link()
    subject = History(place.home).rows("SELECT * FROM vault_credential")[-1]["subject"]
    with place.operator(VIEW) as operator:
        listed = operator.http.get(f"{LIST}?q={subject}").text
        for shown in (subject, place.issuer.issuer, DEMO["email"], "sandbox.invalid"):
            assert shown in listed
        page = operator.http.get(f"{LIST}{row}/change/").text
        assert subject in page and "sealed" not in page.lower()
        assert "Unlink the chosen" not in listed
        unlink(operator, row)
    assert whoami(place.client, token) == DEMO["email"], "to see is not to unlink"


def test_who_may_unlink_does_and_the_caller_is_asked_anew(place: Place) -> None:
    (one, row), (other, _) = place.link(), place.link()
    assert whoami(place.client, one) == DEMO["email"], "and this process remembers it"
    with place.operator(VIEW, UNLINK) as operator:
        assert "1 account unlinked." in unlink(operator, row).text
    assert whoami(place.client, one) == ""
    assert call(place.client, one, "get_projects")["isError"] is True
    assert whoami(place.client, other) == DEMO["email"]
    assert "link removed subject=s-" in place.server.logged()


def test_nobody_adds_changes_or_deletes(place: Place) -> None:
    _, row = place.link()
    with place.operator(VIEW, UNLINK) as operator:
        operator.http.get(LIST)
        headers = {"X-CSRFToken": operator.http.cookies["csrftoken"], "Referer": place.server.http}
        for path in (f"{LIST}add/", f"{LIST}{row}/change/", f"{LIST}{row}/delete/"):
            assert operator.http.post(path, data={"subject": "x"}, headers=headers).status_code == 403


def test_without_a_permission_there_is_nothing_to_see(place: Place) -> None:
    with place.operator() as operator:
        assert operator.http.get(LIST).status_code == 403
        assert "Linked accounts" not in operator.http.get("/admin/").text
