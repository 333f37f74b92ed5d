"""Django's checks gauzy_mcp.W001 and W002, by ``manage.py check`` and in the log at the start."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests import forked
from tests.processes import MANAGE, environment, server

HTTP = {"MCP_TRANSPORT": "http"}
REDIS = {"REDIS_URL": "redis://127.0.0.1:1/0"}
POSTGRES = {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}
PRODUCTION = {
    "MCP_ENV": "production", "API_BASE_URL": "https://gauzy.example.com",
    "MCP_SECRET_KEY": "8f41c0b7d92e6a53f7104bc86de2953a",
    "MCP_ALLOWED_HOSTS": "mcp.example.com", "MCP_ALLOW_INSECURE": "true",
}  # fmt: skip


def warnings(extra: dict[str, str], home: Path | None = None) -> set[str]:
    checked = forked.run([MANAGE, "check"], environment(extra, str(home) if home else None))
    assert checked.returncode == 0, checked.stderr
    return {name for name in ("W001", "W002") if f"gauzy_mcp.{name}" in checked.stderr}


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, set()),
        (REDIS, set()),
        ({"WEB_CONCURRENCY": "1"}, set()),
        ({"WEB_CONCURRENCY": "4"}, {"W001", "W002"}),
        ({"WEB_CONCURRENCY": "4", **REDIS}, {"W002"}),
        ({"WEB_CONCURRENCY": "4", **REDIS, **POSTGRES}, set()),
        ({"PROMETHEUS_MULTIPROC_DIR": tempfile.mkdtemp(prefix="gauzy-mcp-test-")}, {"W001", "W002"}),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, {"W001"}),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1", **REDIS, **POSTGRES}, set()),
        ({**PRODUCTION, **REDIS}, {"W002"}),
        ({**PRODUCTION, **REDIS, **POSTGRES}, set()),
    ],
)
def test_what_can_be_known_from_the_environment(extra: dict[str, str], expected: set[str]) -> None:
    assert warnings(extra) == expected


def test_a_second_process_is_seen_and_a_killed_one_is_not(tmp_path: Path) -> None:
    with server(HTTP, str(tmp_path)) as first:
        assert warnings({}, tmp_path) == {"W001", "W002"}
        with server(HTTP, str(tmp_path)) as second:
            assert f"is also served by process {first.process.pid}" in second.logged()
            assert "gauzy_mcp.W001" in second.logged()
            assert "gauzy_mcp.W001" not in first.logged()
        assert warnings({}, tmp_path) == {"W001", "W002"}
        first.process.kill()
        first.process.wait()
        assert warnings({}, tmp_path) == set()


def test_with_redis_and_postgresql_nothing_is_said(tmp_path: Path) -> None:
    with server(HTTP, str(tmp_path)):
        assert warnings({**REDIS, **POSTGRES}, tmp_path) == set()
