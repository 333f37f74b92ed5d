"""Every value that cannot be meant: name, value, expectation and an example, all problems at once, no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gauzy_mcp.env import EnvironmentInvalid
from gauzy_mcp.env.table import VARIABLES
from tests.env.loads import environment, loaded, problems

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("MCP_TRANSPORT", "sse", "one of stdio, http, websocket, all, auto"),
        ("MCP_SERVER_MODE", "all", "one of stdio, http, websocket"),
        ("GAUZY_AUTO_LOGIN", "maybe", "true or false"),
        ("MCP_HTTP_PORT", "80a", "a whole number from 0 to 65535"),
        ("MCP_HTTP_PORT", "65536", "a whole number from 0 to 65535"),
        ("MCP_WS_PORT", "-1", "a whole number from 0 to 65535"),
        ("MCP_SESSION_TTL", "0", "a whole number from 1 to 2592000000"),
        ("MCP_WS_MAX_PAYLOAD", "1e6", "a whole number from 1024 to 1073741824"),
        ("API_BASE_URL", "gauzy.example.com", "a URL that starts with http:// or https://"),
        ("API_BASE_URL", "http://", "a URL that starts with http:// or https://"),
        ("API_BASE_URL", "http://[::1", "a URL that starts with http:// or https://"),
        ("API_BASE_URL", "http://gauzy:99999", "a URL that starts with http:// or https://"),
        ("API_BASE_URL", "http://gauzy example", "a URL that starts with http:// or https://"),
        ("API_BASE_URL", "http://gauzy/?x=1", "a URL without ?"),
        ("API_BASE_URL", "http://gauzy/#x", "a URL without user, password and #"),
        ("MCP_CORS_ORIGIN", "app.example.com", "origins such as https://app.example.com"),
        ("MCP_CORS_ORIGIN", "https://a.example/path", "origins such as https://app.example.com"),
        ("MCP_CORS_ORIGIN", "https://a.example?x", "origins such as https://app.example.com"),
        ("MCP_CORS_ORIGIN", "https://a.example,http://[", "origins such as https://app.example.com"),
        ("MCP_WS_ALLOWED_ORIGINS", "https://*.example.com", "origins such as https://app.example.com"),
        ("MCP_WS_PATH", "sse", "a path that starts with /"),
        ("MCP_WS_PATH", "/sse?x", "a path that starts with /"),
        ("MCP_WS_KEY_PATH", "key.pem", "the absolute path of an existing file"),
        ("MCP_WS_CERT_PATH", "/nonexistent/cert.pem", "the absolute path of an existing file"),
        ("GAUZY_CA_BUNDLE", "/nonexistent/ca.pem", "the absolute path of an existing file"),
        ("MCP_AUTH_SERVERS", "https://auth.example.com", "a JSON array of objects or issuer URLs"),
        ("MCP_TRUSTED_PROXIES", "nginx", "addresses, networks such as 10.0.0.0/8, or unix"),
        ("MCP_WS_TRUSTED_PROXIES", "10.0.0.0/33", "addresses, networks such as 10.0.0.0/8, or unix"),
        ("MCP_AUTH_SERVERS", "[1]", "a JSON array of objects or issuer URLs"),
        ("MCP_AUTH_SERVERS", "{}", "a JSON array of objects or issuer URLs"),
        ("GAUZY_MCP_HOME", "~nobody-of-that-name/x", "a folder; ~ followed by a name"),
        ("GAUZY_AUTH_EMAIL", "<your e-mail address>", "a real value in place of the placeholder"),
    ],
)
def test_the_message_names_variable_value_expectation_and_an_example(name: str, value: str, expected: str) -> None:
    (problem,) = problems(**{name: value})
    assert problem.startswith(f"{name}: {value!r} is not {expected}")
    assert f"Example: {name}=" in problem


def test_all_problems_are_told_at_once() -> None:
    found = problems(MCP_HTTP_PORT="x", MCP_WS_PORT="y", MCP_TRANSPORT="z", API_BASE_URL="ftp://a")
    assert [problem.split(":")[0] for problem in found] == [
        "MCP_TRANSPORT",
        "API_BASE_URL",
        "MCP_HTTP_PORT",
        "MCP_WS_PORT",
    ]


def test_a_comment_in_the_process_environment_is_recognised() -> None:
    assert "Comments belong to .env files only" in problems(MCP_HTTP_PORT="3001 # the port")[0]


@pytest.mark.parametrize("value", ["redis//s3cret@host", "http://:s3cret@host", "s3cret"])
def test_a_secret_is_not_repeated(value: str) -> None:
    (problem,) = problems(REDIS_URL=value)
    assert problem.startswith("REDIS_URL: the value given is not a URL that starts with redis://")
    assert "s3cret" not in problem


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    (problem,) = problems(API_BASE_URL="https://ada:s3cret@gauzy.example")
    assert "'https://…@gauzy.example' is not a URL without user, password" in problem
    assert "s3cret" not in problem


def test_secrets_do_not_show_in_the_environment_either() -> None:
    secrets = {variable.name: f"s3cret-{variable.name}" for variable in VARIABLES if variable.secret}
    secrets["REDIS_URL"] = "redis://:s3cret@localhost"
    secrets["DATABASE_URL"] = "postgresql://gauzy:s3cret@localhost/gauzy_mcp"
    made = loaded(**secrets, GAUZY_AUTH_EMAIL="ada@example.com")
    assert made.environment.GAUZY_AUTH_PASSWORD == "s3cret-GAUZY_AUTH_PASSWORD"
    assert "s3cret" not in repr(made)
    assert "s3cret" not in "".join(made.warnings)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("MCP_TRANSPORT", "HTTP", "http"),
        ("GAUZY_MCP_DEBUG", "YES", True),
        ("MCP_CORS_CREDENTIALS", "0", False),
        ("API_BASE_URL", "https://gauzy.example/api/", "https://gauzy.example"),
        ("API_BASE_URL", "http://[::1]:3000", "http://[::1]:3000"),
        ("API_BASE_URL", "https://proxy.example/gauzy", "https://proxy.example/gauzy"),
        (
            "MCP_CORS_ORIGIN",
            "https://a.example/, http://b.example:4200",
            ("https://a.example", "http://b.example:4200"),
        ),
        ("MCP_CORS_ORIGIN", "*", ("*",)),
        ("MCP_CORS_ORIGIN", "null", ("null",)),
        ("MCP_CORS_ORIGIN", "chrome-extension://abcdef", ("chrome-extension://abcdef",)),
        ("MCP_TOOLSETS", "core, projects", ("core", "projects")),
    ],
)
def test_the_spellings_people_use_are_understood(name: str, value: str, read: object) -> None:
    assert getattr(environment(**{name: value}), name) == read


def test_a_bundle_that_holds_no_certificate_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("no certificate")
    assert "is not a PEM file with certificates" in problems(GAUZY_CA_BUNDLE=str(path))[0]


@pytest.mark.parametrize("variable", [variable for variable in VARIABLES if variable.name != "GAUZY_MCP_ENV_FILE"])
@given(value=TEXT)
def test_whatever_the_value_it_is_read_or_refused_with_a_reason(variable: object, value: str) -> None:
    name = variable.name  # type: ignore[attr-defined]
    try:
        loaded(**{name: value})
    except EnvironmentInvalid as error:
        assert all(name in problem or "GAUZY_AUTH_" in problem for problem in error.problems)
        if variable.secret and len(value) > 20:  # type: ignore[attr-defined]
            assert value not in str(error)
