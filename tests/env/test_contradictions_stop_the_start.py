"""Values that are right one by one and wrong together. In doubt the server does not start."""

from __future__ import annotations

import pytest

from tests.env.loads import environment, loaded, problems

PRODUCTION = {
    "MCP_ENV": "production",
    "MCP_TRANSPORT": "http",
    "API_BASE_URL": "https://api.gauzy.example",
    "MCP_SECRET_KEY": "8f41c0b7d92e6a53f7104bc86de2953a0c7be415f83d926a4e51b0c7d8f29a36",
    "MCP_ALLOWED_HOSTS": "mcp.example.com",
    "MCP_ALLOW_INSECURE": "true",
}


def test_server_mode_must_not_contradict_the_transport() -> None:
    (problem,) = problems(MCP_TRANSPORT="http", MCP_SERVER_MODE="websocket")
    assert problem.startswith("MCP_SERVER_MODE=websocket contradicts MCP_TRANSPORT=http: remove one")


def test_server_mode_alone_contradicts_the_default_and_says_so() -> None:
    (problem,) = problems(MCP_SERVER_MODE="http")
    assert "contradicts MCP_TRANSPORT=stdio, its default" in problem
    assert "Example: MCP_TRANSPORT=http" in problem


@pytest.mark.parametrize("transport", ["http", "auto", "all"])
def test_server_mode_may_agree_or_decide(transport: str) -> None:
    environment(MCP_TRANSPORT=transport, MCP_SERVER_MODE="http")


@pytest.mark.parametrize(
    ("transport", "mode", "terminal", "served"),
    [
        ("stdio", "", False, {"stdio"}),
        ("http", "", False, {"http"}),
        ("all", "", False, {"http", "websocket"}),
        ("auto", "websocket", False, {"websocket"}),
        ("auto", "stdio", True, {"stdio"}),
        ("auto", "", False, {"stdio"}),
        ("auto", "", True, {"http", "websocket"}),
    ],
)
def test_what_is_served(transport: str, mode: str, terminal: bool, served: set[str]) -> None:
    env = environment(MCP_TRANSPORT=transport, MCP_SERVER_MODE=mode)
    assert env.resolve_transports(stdin_is_terminal=terminal) == served


@pytest.mark.parametrize(
    ("http", "websocket"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("127.0.0.1", "0.0.0.0"),
        ("::1", "::"),
    ],
)
def test_two_listeners_do_not_share_a_port(http: str, websocket: str) -> None:
    same = {"MCP_HTTP_PORT": "4000", "MCP_WS_PORT": "4000", "MCP_HTTP_HOST": http, "MCP_WS_HOST": websocket}
    assert "MCP_HTTP_PORT and MCP_WS_PORT are both 4000" in problems(MCP_TRANSPORT="all", **same)[0]
    environment(MCP_TRANSPORT="http", **same)
    environment(MCP_TRANSPORT="all", **{**same, "MCP_HTTP_PORT": "0", "MCP_WS_PORT": "0"})
    environment(MCP_TRANSPORT="all", **{**same, "MCP_HTTP_HOST": "10.0.0.1", "MCP_WS_HOST": "10.0.0.2"})


def test_tls_needs_both_files() -> None:
    assert [problem.split(".")[0] for problem in problems(MCP_WS_TLS="true")] == [
        "MCP_WS_TLS=true needs MCP_WS_KEY_PATH",
        "MCP_WS_TLS=true needs MCP_WS_CERT_PATH",
    ]


def test_signing_in_by_itself_needs_an_account() -> None:
    real = {"API_BASE_URL": "http://gauzy.example", "GAUZY_AUTO_LOGIN": "true"}
    both = problems(**real)
    assert [problem.split(".")[0] for problem in both] == [
        "GAUZY_AUTO_LOGIN=true needs GAUZY_AUTH_EMAIL",
        "GAUZY_AUTO_LOGIN=true needs GAUZY_AUTH_PASSWORD",
    ]
    assert len(problems(**real, GAUZY_AUTH_EMAIL="ada@example.com")) == 1
    environment(**real, GAUZY_AUTH_EMAIL="ada@example.com", GAUZY_AUTH_PASSWORD="x")
    environment(GAUZY_AUTO_LOGIN="true")


@pytest.mark.parametrize(
    ("given", "missing"), [("GAUZY_AUTH_EMAIL", "GAUZY_AUTH_PASSWORD"), ("GAUZY_AUTH_PASSWORD", "GAUZY_AUTH_EMAIL")]
)
def test_half_an_account_is_none(given: str, missing: str) -> None:
    assert problems(**{given: "ada@example.com"}) == [
        f"{missing} is missing: the configured account needs e-mail address and password"
    ]


def test_oauth_that_cannot_check_a_token_does_not_leave_the_door_open() -> None:
    nobody = {"MCP_AUTH_ENABLED": "true", "MCP_AUTH_ALLOW_EMBEDDED_SERVER": "false"}
    (problem,) = problems(**nobody)
    assert "needs something to check access tokens with" in problem
    assert "needs something to check access tokens with" in problems(**{**PRODUCTION, **nobody})[0]


def test_the_embedded_authorization_server_serves_where_no_other_issuer_is_set() -> None:
    assert environment(MCP_AUTH_ENABLED="true").embeds_server
    assert not environment().embeds_server
    foreign = {"MCP_AUTH_JWT_ISSUER": "https://auth.example.com", "MCP_AUTH_JWT_JWKS_URI": "https://auth.example.com/k"}
    assert not environment(MCP_AUTH_ENABLED="true", **foreign).embeds_server


def test_production_with_everything_starts() -> None:
    env = environment(**PRODUCTION)
    assert env.production
    assert env.http_origins == env.websocket_origins == (), "no origin is allowed unless it is named"
    assert "mcp.example.com" in env.allowed_hosts


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ("API_BASE_URL", "needs API_BASE_URL"),
        ("MCP_SECRET_KEY", "needs MCP_SECRET_KEY"),
        ("MCP_ALLOWED_HOSTS", "needs MCP_ALLOWED_HOSTS"),
        ("MCP_ALLOW_INSECURE", "needs authentication, or MCP_ALLOW_INSECURE=true"),
    ],
)
def test_production_needs(left_out: str, told: str) -> None:
    (problem,) = problems(**{name: value for name, value in PRODUCTION.items() if name != left_out})
    assert told in problem


@pytest.mark.parametrize("name", ["MCP_CORS_ORIGIN", "MCP_WS_ALLOWED_ORIGINS"])
@pytest.mark.parametrize("anybody", ["*", "null"])
def test_production_wants_origins_by_name(name: str, anybody: str) -> None:
    (problem,) = problems(**PRODUCTION, **{name: f"https://a.example,{anybody}"})
    assert f"needs the origins of {name} by name" in problem


def test_production_over_stdio_needs_no_network_settings() -> None:
    environment(MCP_ENV="production", MCP_TRANSPORT="stdio", API_BASE_URL="https://api.gauzy.example")
    assert "needs API_BASE_URL" in problems(MCP_ENV="production", MCP_TRANSPORT="stdio")[0]


@pytest.mark.parametrize(
    ("name", "value"), [("MCP_CORS_ORIGIN", "*"), ("MCP_WS_ALLOWED_ORIGINS", "*"), ("GAUZY_VERIFY_TLS", "false")]
)
def test_what_is_doubtful_starts_with_a_warning(name: str, value: str) -> None:
    assert loaded(**{name: value}).warnings[0].startswith(f"{name}={value}")


@pytest.mark.parametrize("typed", ["MCP_AUTH_ENABLE", "MCP_AUTH_ENABELD", "MCP_AUTHS_ENABLED", "MCP_OAUTH_ENABLED"])
def test_a_slip_in_the_switch_of_authentication_does_not_leave_the_door_open(typed: str) -> None:
    (problem,) = problems(**{typed: "true"})
    assert problem.startswith(f"{typed} is not a variable") and problem.endswith("it is MCP_AUTH_ENABLED")
