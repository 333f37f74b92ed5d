"""Links lead somewhere, commands exist, and errors are those that the server says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gauzy_mcp.env.table import BY_NAME
from mcp_tools.onboarding.clients import CLIENTS
from tests.processes import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
EACH = pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])

LINK = re.compile(r"\]\(([^)\s]+)\)")
OURS = re.compile(r"https?://localhost:3001/\S*")
ERROR = re.compile(r"^### `(.+)`$", re.MULTILINE)
VARIABLE = re.compile(r"`((?:MCP|GAUZY|API|THROTTLE|REDIS|DATABASE)_[A-Z_]+)")
FEWEST_LETTERS = 4
MOST_LINES, MOST_CHARACTERS = 125, 130


@EACH
def test_its_links_lead_to_files_and_their_headings(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if "://" in link:
            assert link.startswith("https://") or OURS.fullmatch(link), link
            continue
        path, _, heading = link.partition("#")
        place = page.parent / path if path else page
        assert place.exists(), link
        assert not heading or heading in headings(place), link


def headings(page: Path) -> set[str]:
    """As addresses name them: small letters, and a hyphen for each space."""
    lines = (line.lstrip("# ") for line in page.read_text().splitlines() if line.startswith("#"))
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def test_the_readme_stays_a_screen_and_a_half() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= MOST_CHARACTERS


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
