"""Numbers and readiness are for machines: a web page that makes a name of its own lead here does not read them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.processes import Server, server


@pytest.fixture(scope="module")
def place() -> Iterator[Server]:
    with server({"MCP_TRANSPORT": "http"}) as running:
        yield running


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_by_dns_rebinding(place: Server, path: str) -> None:
    rebound = {"Host": "evil.example"}
    assert httpx.get(place.http + path, headers=rebound).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert httpx.get(place.http + path, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    "host", ["10.1.2.3:3001", "[fd00::7]:3001", "mcp:3001", "mcp.default.svc.cluster.local", "localhost"]
)
def test_a_scraper_names_the_machine_as_its_network_does(place: Server, host: str) -> None:
    assert httpx.get(f"{place.http}/metrics", headers={"Host": host}).status_code == 200


def test_being_alive_is_said_to_everybody(place: Server) -> None:
    assert httpx.get(f"{place.http}/healthz", headers={"Host": "evil.example"}).status_code == 200


def test_the_pages_of_the_api_take_only_get(place: Server) -> None:
    for path in ("/api/docs", "/api/schema"):
        assert httpx.options(place.http + path).status_code == 405
