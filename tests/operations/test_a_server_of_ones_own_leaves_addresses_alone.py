"""MCP_TRUSTED_PROXIES alone decides whose X-Forwarded-For counts, whichever ASGI server serves."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from uvicorn.config import Config

from gauzy_mcp import proxy_headers
from tests.operations.servers import documented, serving
from tests.processes import ROOT
from tests.transports.calls import message

LIMIT = 5
THROTTLED = {"THROTTLE_ENABLED": "true", "THROTTLE_LIMIT": str(LIMIT), "THROTTLE_TTL": "3600000"}

Application = Callable[[Any, Any, Any], Awaitable[None]]


@pytest.mark.parametrize("kind", ["uvicorn", "granian"])
def test_made_up_addresses_do_not_evade_the_limit(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with serving(kind, tmp_path, THROTTLED) as url:
        statuses = [
            httpx.post(f"{url}/mcp", json=message("ping"), headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
            for n in range(LIMIT + 2)
        ]
    assert statuses == [200] * LIMIT + [429] * 2
    assert "X-Forwarded-For" not in capfd.readouterr().err


async def started(application: Application) -> None:
    """As a server starts ``application``."""

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(_: Any) -> None:
        pass

    await application({"type": "lifespan"}, receive, send)


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    await receive()


@pytest.mark.parametrize("believes", [True, False])
async def test_uvicorn_that_reads_the_header_itself_is_warned_of_at_the_start(
    believes: bool, caplog: pytest.LogCaptureFixture
) -> None:
    config = Config(proxy_headers.reported(nothing), proxy_headers=believes, log_config=None)
    config.load()
    await started(config.loaded_app)  # type: ignore[arg-type]
    told = [record.getMessage() for record in caplog.records if record.name == "gauzy_mcp.start"]
    assert ["--no-proxy-headers" in line and "MCP_TRUSTED_PROXIES" in line for line in told] == [True] * believes


def test_daphne_is_warned_of_when_it_is_told_to(caplog: pytest.LogCaptureFixture) -> None:
    proxy_headers.report_daphne(documented("daphne"))
    assert not caplog.records
    proxy_headers.report_daphne([*documented("daphne"), "--proxy-headers"])
    assert "MCP_TRUSTED_PROXIES" in caplog.text


def test_no_document_starts_uvicorn_without_the_flag() -> None:
    pages = [ROOT / "README.md", ROOT / "Dockerfile", ROOT / "compose.yaml", ROOT / "Makefile"]
    pages += [path for name in ("docs", "deploy") for path in (ROOT / name).rglob("*.*")]
    commands = [line for page in pages for line in re.findall(r"uvicorn .*gauzy_mcp\.asgi.*", page.read_text())]
    assert commands
    assert [line for line in commands if "--no-proxy-headers" not in line] == []
