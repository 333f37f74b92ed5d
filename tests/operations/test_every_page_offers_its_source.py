"""People who use this server over a network are offered its source, as it runs (AGPL-3.0 section 13)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.env.loads import environment
from tests.oauth.server.person import Person
from tests.oauth.server.places import base_of, embedded
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.processes import ROOT, Server

SOURCE = "https://git.example.com/our/fork"
LINK = re.compile(rf'<a [^>]*href="{SOURCE}"[^>]*>Source code</a>')
BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def place() -> Iterator[Server]:
    with embedded(MCP_SOURCE_URL=SOURCE, MCP_TRANSPORT="http", **FIRST_OPERATOR) as running:
        yield running


@pytest.mark.parametrize(
    "path", ["/", "/link", "/oauth/sign-in", "/oauth/sign-out", "/oauth/authorize", "/admin/login/", "/api/docs"]
)
def test_who_is_not_signed_in(place: Server, path: str) -> None:
    page = httpx.get(base_of(place) + path, headers=BROWSER, follow_redirects=True)
    assert page.headers["Content-Type"].startswith("text/html")
    assert len(LINK.findall(page.text)) == 1


def test_people(place: Server) -> None:
    with Person(place) as person:
        person.sign_in()
        assert LINK.search(person.browser.get("/account").text)


@pytest.mark.parametrize(
    "path", ["", "operations/sessionrecord/", "oauth2_provider/application/add/", "password_change/"]
)
def test_operators(place: Server, path: str) -> None:
    with Operator(place.http) as operator:
        assert len(LINK.findall(operator.http.get(f"/admin/{path}").text)) == 1


def test_programs(place: Server) -> None:
    assert httpx.get(place.http, headers={"Accept": "application/json"}).json()["source"] == SOURCE


def test_unless_it_is_set_the_link_leads_to_the_project() -> None:
    assert environment().MCP_SOURCE_URL.startswith("https://")


def test_the_image_holds_the_licence() -> None:
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.search(r"^COPY LICENSE ", last, re.MULTILINE)
    assert "!LICENSE" in (ROOT / ".dockerignore").read_text().splitlines()
