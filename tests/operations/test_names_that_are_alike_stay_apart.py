"""Whole names of principals: what stands before a bar, and what stands at a long end, tells two people apart."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.operations.history import _whole
from mcp_tools.operations.models import LONGEST_PRINCIPAL
from tests.oauth.knocking import bearer, open_session
from tests.oauth.stand_in import StandIn, stand_in
from tests.operations.conftest import Place
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History
from tests.processes import server
from tests.transports.calls import message

LIST = "/admin/operations/sessionrecord/"
ALIKE = ("auth0|777", "google-oauth2|777", "777", f"{'x' * 250}|777", f"{'x' * 250}|778")


@pytest.fixture(scope="module")
def issuer() -> Iterator[StandIn]:
    with stand_in() as opened:
        yield opened


@pytest.fixture(scope="module")
def guarded(issuer: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home: Path = tmp_path_factory.mktemp("alike")
    with server({**issuer.environment(), **FIRST_OPERATOR, "MCP_TRANSPORT": "http"}, str(home)) as running:
        yield Place(running, History(home), home)


def test_only_the_sessions_of_exactly_that_person_end(guarded: Place, issuer: StandIn) -> None:
    with httpx.Client(base_url=guarded.server.http, timeout=30) as http, Operator(guarded.server.http) as operator:
        sessions = {
            subject: {**open_session(http, issuer.token(sub=subject)), **bearer(issuer.token(sub=subject))}
            for subject in ALIKE
        }
        rows = guarded.history.until(guarded.history.sessions, lambda found: len(found) == len(ALIKE))
        by_subject = {row["principal"].removeprefix(f"{issuer.issuer}|"): row["uid"] for row in rows}
        assert set(by_subject) == set(ALIKE)
        listed = html.unescape(operator.http.get(LIST).text)
        assert all(f"{issuer.issuer}|{subject}" in listed for subject in ALIKE)
        operator.act("terminate_all_of_user", by_subject[ALIKE[0]])
        statuses = {
            subject: http.post("/sse", json=message("ping"), headers=headers).status_code
            for subject, headers in sessions.items()
        }
    assert statuses == {subject: 404 if subject == ALIKE[0] else 200 for subject in ALIKE}


@given(st.text(min_size=LONGEST_PRINCIPAL, max_size=LONGEST_PRINCIPAL), st.text(max_size=5), st.text(max_size=5))
def test_names_longer_than_the_column_stay_different(start: str, one: str, other: str) -> None:
    stored = {_whole(start + one, LONGEST_PRINCIPAL), _whole(start + other, LONGEST_PRINCIPAL)}
    assert len(stored) == len({start + one, start + other})
    assert all(len(text) <= LONGEST_PRINCIPAL for text in stored)
