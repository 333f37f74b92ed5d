"""Where nothing is wrong the doctor says so."""

from __future__ import annotations

from gauzy_mcp.doctor.running import NAMES
from tests.doctor.examined import doctor, examined
from tests.doctor.faults import SECRET, trusting
from tests.doctor.stand_in import serving
from tests.redis_server import shared_url


def test_a_fresh_checkout_passes_every_check() -> None:
    report = examined()
    assert report.code == 0
    assert report.checks("WARN") == report.checks("FAIL") == set()
    assert report.checks("PASS") == {*NAMES, "organization"}


def test_a_server_with_redis_and_an_authorization_server_passes_every_check() -> None:
    with serving() as server:
        report = examined({**trusting(server, tells=server.url), **SECRET, "REDIS_URL": shared_url()})
    assert report.checks("WARN") == report.checks("FAIL") == set(), report.findings
    told = report.told("oauth", "PASS")
    assert "metadata at" in told and "1 key to check tokens with" in told


def test_help_names_every_check() -> None:
    named = doctor("--help").stdout.replace("\n", " ")
    assert all(name in named for name in NAMES)


def test_an_address_of_this_machine_needs_no_token() -> None:
    report = examined({"MCP_TRANSPORT": "http", "MCP_HTTP_HOST": "127.0.0.2"})
    assert "ports" not in report.checks("FAIL"), report.told("ports", "FAIL")
