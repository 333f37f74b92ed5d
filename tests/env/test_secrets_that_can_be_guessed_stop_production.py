"""Every key is derived from the root secret: one that people can guess or look up protects nothing."""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

import pytest

from tests.env.loads import environment, loaded, problems
from tests.processes import ROOT

FIX = "openssl rand -hex 32"
ROOTS = ("MCP_SECRET_KEY", "MCP_AUTH_SESSION_SECRET")
STRONG = "8f41c0b7d92e6a53f7104bc86de2953a0c7be415f83d926a4e51b0c7d8f29a36"
NETWORK = {
    "MCP_ENV": "production",
    "MCP_TRANSPORT": "http",
    "API_BASE_URL": "https://api.gauzy.example",
    "MCP_ALLOWED_HOSTS": "mcp.example.com",
    "MCP_ALLOW_INSECURE": "true",
}
PUBLISHED = (
    "changeme",
    "change-me-" * 4,
    "Please_Change_Me_Before_You_Deploy_1234567890",
    "your-session-secret-key",
    "production-session-secret-key",
    "secure-client-secret",
    "64 random hexadecimal digits, from openssl rand -hex 32",
    "new-64-random-digits,old-64-random-digits",
    "your-super-secret-key-for-this-server-0001",
)
GUESSED = (
    "0123456789abcdef" * 4,
    "f3a9c17e5b20d864" * 2,
    "passwordpassword1234567890qwerty",
    "qwertyuiopasdfghjklzxcvbnm123456",
    "12345678901234567890123456789012",
    "gauzy-mcp-server-production-key-1a2b3c",
    hashlib.sha256(b"").hexdigest(),
    hashlib.sha256(b"password").hexdigest(),
)


@pytest.mark.parametrize("name", ROOTS)
@pytest.mark.parametrize("weak", ["a", "a" * 64, "abcdefghi" * 8, STRONG[:31], *PUBLISHED, *GUESSED])
def test_it_stops_the_start_and_the_message_says_how_to_make_a_random_one(name: str, weak: str) -> None:
    (problem,) = problems(**NETWORK, **{name: weak})
    assert problem.startswith(name) and problem.endswith(FIX)


@pytest.mark.parametrize("name", ROOTS)
def test_a_random_one_starts(name: str) -> None:
    for strong in (STRONG, secrets.token_hex(16), secrets.token_urlsafe(32)):
        environment(**NETWORK, **{name: strong})


def test_a_weak_one_that_another_overrides_stops_the_start_as_well() -> None:
    (problem,) = problems(**NETWORK, MCP_SECRET_KEY=STRONG, MCP_AUTH_SESSION_SECRET="changeme")
    assert problem.startswith("MCP_AUTH_SESSION_SECRET")


def test_one_in_a_file_is_measured_without_the_end_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{STRONG[:31]}\n")
    assert "MCP_SECRET_KEY is shorter than 32 characters (31)" in problems(**NETWORK, MCP_SECRET_KEY_FILE=str(path))[0]


def test_it_stops_standard_input_and_output_too() -> None:
    (problem,) = problems(MCP_ENV="production", API_BASE_URL="https://api.gauzy.example", MCP_SECRET_KEY="changeme")
    assert FIX in problem


def test_the_key_that_seals_has_to_be_strong_and_older_ones_only_warn() -> None:
    given = {**NETWORK, "MCP_SECRET_KEY": STRONG}
    (problem,) = problems(**given, MCP_CREDENTIAL_KEYS=f"changeme,{STRONG}")
    assert "first key of MCP_CREDENTIAL_KEYS" in problem and FIX in problem
    (warning,) = loaded(**given, MCP_CREDENTIAL_KEYS=f"{STRONG},changeme").warnings
    assert "rotate_credential_keys" in warning
    assert not loaded(**given, MCP_CREDENTIAL_KEYS=f"{STRONG},{STRONG[::-1]}").warnings


def test_development_takes_any() -> None:
    assert not loaded(MCP_SECRET_KEY="changeme", MCP_CREDENTIAL_KEYS="new,old").warnings


def test_no_document_shows_one_that_would_start() -> None:
    """Whoever copies an example gets an answer instead of a server with a known key."""
    pages = (
        ROOT / ".env.sample",
        ROOT / "compose.yaml",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "deploy").rglob("*.*"),
    )
    given = re.compile(r"\b(MCP_SECRET_KEY|MCP_AUTH_SESSION_SECRET|MCP_CREDENTIAL_KEYS)=([^\n`]*)")
    shown = {found.groups() for page in pages for found in given.finditer(page.read_text())}
    assert len(shown) >= 3
    for name, value in shown:
        assert any(name in problem for problem in problems(**{**NETWORK, "MCP_SECRET_KEY": STRONG, name: value})), value


def test_an_asgi_server_of_ones_own_is_held_to_the_same_rules() -> None:
    """It serves a network, whatever MCP_TRANSPORT says."""
    from gauzy_mcp.env.rules import unfit_for_network

    told = "\n".join(unfit_for_network(environment(MCP_ENV="production", API_BASE_URL="https://api.gauzy.example")))
    assert all(name in told for name in ("MCP_SECRET_KEY", "MCP_ALLOWED_HOSTS", "MCP_ALLOW_INSECURE"))
    assert not list(unfit_for_network(environment()))
