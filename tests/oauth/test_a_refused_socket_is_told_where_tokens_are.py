"""An upgrade is refused with status, challenge and body like any request, whichever server runs the application."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response
from websockets.sync.client import connect

from tests.oauth.knocking import GOOD, METADATA, bearer
from tests.oauth.sockets import PAGE, dial
from tests.oauth.stand_in import StandIn
from tests.operations.servers import serving
from tests.processes import Server


def refusal(address: str, **options: object) -> Response:
    with pytest.raises(InvalidStatus) as refused, connect(address, open_timeout=20, **options):  # type: ignore[arg-type]
        pass
    return refused.value.response


def told(response: Response) -> tuple[int, str, str]:
    """Status, challenge, and the error of the body."""
    body = json.loads(response.body or b"{}")
    return response.status_code, response.headers.get("WWW-Authenticate", ""), str(body.get("error", ""))


def test_without_a_token_it_names_the_metadata(live: Server) -> None:
    for path in ("/sse", "/mcp"):
        challenge = f'Bearer resource_metadata="{METADATA}{path}", scope="mcp.read"'
        assert told(refusal(live.ws + path)) == (401, challenge, "invalid_token")


def test_a_bad_token_a_weak_one_and_two_are_told_apart(live: Server, issuer: StandIn) -> None:
    status, challenge, _ = told(refusal(f"{live.ws}/sse", additional_headers=bearer(issuer.token(aud="https://x"))))
    assert status == 401 and 'error="invalid_token"' in challenge
    both = {"additional_headers": bearer(issuer.token()), "subprotocols": [f"bearer.{issuer.token()}"]}
    assert told(refusal(f"{live.ws}/sse", **both))[0::2] == (400, "invalid_request")


def test_a_foreign_page_is_told_nothing(live: Server) -> None:
    response = refusal(f"{live.ws}/sse", origin="https://evil.example")
    status, challenge, error = told(response)
    assert (status, challenge) == (403, "") and error.startswith("Unauthorized origin")
    assert told(refusal(f"{live.ws}/sse", origin=PAGE))[0] == 401


def test_a_refused_socket_leaves_nothing_behind(live: Server, issuer: StandIn) -> None:
    before = live.logged()
    for _ in range(20):
        assert refusal(f"{live.ws}/sse").status_code == 401
    with dial(live, additional_headers=bearer(issuer.token())):
        pass
    after = live.logged().removeprefix(before)
    assert "Traceback" not in after and "too long to shut down" not in after


@pytest.mark.parametrize("kind", ["daphne", "uvicorn", "granian"])
def test_bare_servers_tell_it_too(kind: str, tmp_path: Path) -> None:
    with serving(kind, tmp_path, GOOD) as base_url:
        response = refusal(base_url.replace("http", "ws", 1) + "/mcp")
    challenge = f'Bearer resource_metadata="{METADATA}/mcp", scope="mcp.read"'
    assert told(response) == (401, challenge, "invalid_token")
