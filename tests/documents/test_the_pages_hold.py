"""Links lead somewhere, commands exist, and errors are those that the server says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gauzy_mcp.env.table import BY_NAME
from mcp_tools.onboarding.clients import CLIENTS
from tests.processes import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
EACH = pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(DOCS)) for page in PAGES])

LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
ERROR = re.compile(r"^### `(.+)`$", re.MULTILINE)
VARIABLE = re.compile(r"`((?:MCP|GAUZY|API|THROTTLE|REDIS|DATABASE)_[A-Z_]+)")
FEWEST_LETTERS = 4


@EACH
def test_its_links_lead_to_files(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []


def test_every_client_has_a_page_with_its_command() -> None:
    assert {page.stem for page in (DOCS / "clients").iterdir()} == set(CLIENTS)
    for name in CLIENTS:
        assert f"python manage.py config --client {name}" in (DOCS / "clients" / f"{name}.md").read_text()


def test_errors_that_are_quoted_are_said_by_the_server() -> None:
    packages = (ROOT / name for name in ("gauzy_mcp", "mcp_tools", "oauth_resource"))
    said = "\n".join(path.read_text() for package in packages for path in package.rglob("*.py"))
    quoted = ERROR.findall((DOCS / "troubleshooting.md").read_text())
    parts = [part.strip() for error in quoted for part in error.split("…")]
    assert len(quoted) > 20
    assert [part for part in parts if len(part) >= FEWEST_LETTERS and part not in said] == []


@pytest.mark.parametrize("name", ["troubleshooting.md", *(f"clients/{client}.md" for client in CLIENTS)])
def test_variables_that_are_named_exist(name: str) -> None:
    known = {*BY_NAME, *(f"{variable}_FILE" for variable in BY_NAME)}
    assert set(VARIABLE.findall((DOCS / name).read_text())) <= known
