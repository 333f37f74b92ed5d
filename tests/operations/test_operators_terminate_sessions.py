from __future__ import annotations

import httpx

from tests.operations.conftest import Place
from tests.operations.operators import Operator
from tests.operations.sockets import call, closing, initialize, name_of, socket
from tests.sessions.client import Client

ENDED = 4001


def test_one_whose_socket_closes_with_4001(place: Place, operator: Operator) -> None:
    with socket(place.server.ws) as mine, socket(place.server.ws) as other:
        name, witness = name_of(mine), name_of(other)
        place.history.session(name)
        asked = operator.http.get(f"/admin/operations/sessionrecord/{name}/terminate/")
        assert "Terminate" in asked.text
        assert place.history.session(name)["state"] == "live", "a link only asks"
        assert operator.terminate(name).status_code == 302
        assert closing(mine) == ENDED
        assert initialize(other)
    row = place.history.session(name, state="terminated")
    assert row["ended"] is not None
    assert place.history.session(witness, state="closed")


def test_a_call_that_runs_is_cancelled(place: Place, operator: Operator) -> None:
    with httpx.Client(timeout=30) as http:
        doomed, witness = Client.opened_at(http, place.server), Client.opened_at(http, place.server)
        name = doomed.call(place.server, "get_session_info")["session"]
        with doomed.calling(place.server, "test_hold", label=name) as events:
            events.until("notifications/message")
            place.history.session(name, in_flight=1)
            operator.terminate(name)
            assert list(events) == []
        assert doomed.ask(place.server, "ping").status_code == 404
        assert witness.call(place.server, "test_outcome", label=name) == {"outcome": "cancelled"}
    assert place.history.session(name, state="terminated")["in_flight"] == 0


def test_chosen_ones(place: Place, operator: Operator) -> None:
    with httpx.Client(timeout=30) as http:
        clients = [Client.opened_at(http, place.server) for _ in range(3)]
        names = [client.call(place.server, "get_session_info")["session"] for client in clients]
        for name in names:
            place.history.session(name)
        operator.act("terminate_chosen", *names[:2])
        assert [client.ask(place.server, "ping").status_code for client in clients] == [404, 404, 200]


def test_all_of_a_user_wherever_they_are(place: Place, operator: Operator) -> None:
    """Without OAuth a user is a Gauzy account; the shared account's sessions are nobody's."""
    account = {"email": "demo@gauzy.local", "password": "demo"}
    with httpx.Client(timeout=30) as http, socket(place.server.ws) as theirs, socket(place.server.ws) as other:
        client, stranger = Client.opened_at(http, place.server), Client.opened_at(http, place.server)
        assert not call(theirs, "login", **account).get("isError")
        client.call(place.server, "login", **account)
        name = client.call(place.server, "get_session_info")["session"]
        for uid in (name, name_of(theirs)):
            place.history.session(uid, account=account["email"], uses_configured_account=False)
        operator.act("terminate_all_of_user", name)
        assert closing(theirs) == ENDED
        assert client.ask(place.server, "ping").status_code == 404
        assert stranger.ask(place.server, "ping").status_code == 200
        assert initialize(other)


def test_what_is_over_already_is_said_to_be(place: Place, operator: Operator) -> None:
    with httpx.Client(timeout=30) as http:
        client = Client.opened_at(http, place.server)
        name = client.call(place.server, "get_session_info")["session"]
        place.history.session(name)
        client.end(place.server)
    place.history.session(name, state="closed")
    operator.terminate(name)
    assert place.history.session(name)["state"] == "closed"
