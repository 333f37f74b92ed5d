"""The 48 names of the mission's README, the earlier ones beside them, and near misses."""

from __future__ import annotations

import pytest

from gauzy_mcp.env.table import BUILT_STAGE, BY_NAME, VARIABLES
from tests.env.loads import environment, loaded, problems

MISSION = [
    "MCP_TRANSPORT",
    "MCP_SERVER_MODE",
    "API_BASE_URL",
    "GAUZY_AUTH_EMAIL",
    "GAUZY_AUTH_PASSWORD",
    "GAUZY_AUTO_LOGIN",
    "GAUZY_MCP_DEBUG",
    "MCP_HTTP_PORT",
    "MCP_HTTP_HOST",
    "MCP_CORS_ORIGIN",
    "MCP_CORS_CREDENTIALS",
    "MCP_AUTH_ENABLED",
    "MCP_AUTH_RESOURCE_URI",
    "MCP_AUTH_REQUIRED_SCOPES",
    "MCP_AUTH_SERVERS",
    "MCP_AUTH_JWT_AUDIENCE",
    "MCP_AUTH_JWT_ISSUER",
    "MCP_AUTH_JWT_ALGORITHMS",
    "MCP_AUTH_JWT_JWKS_URI",
    "MCP_AUTH_JWT_PUBLIC_KEY",
    "MCP_AUTH_INTROSPECTION_ENDPOINT",
    "MCP_AUTH_INTROSPECTION_CLIENT_ID",
    "MCP_AUTH_INTROSPECTION_CLIENT_SECRET",
    "MCP_AUTH_TOKEN_CACHE_TTL",
    "MCP_AUTH_METADATA_CACHE_TTL",
    "MCP_AUTH_ALLOW_EMBEDDED_SERVER",
    "MCP_AUTH_SESSION_SECRET",
    "MCP_SESSION_ENABLED",
    "MCP_SESSION_COOKIE_NAME",
    "MCP_SESSION_TTL",
    "REDIS_URL",
    "THROTTLE_ENABLED",
    "THROTTLE_TTL",
    "THROTTLE_LIMIT",
    "MCP_TRUSTED_PROXIES",
    "MCP_WS_PORT",
    "MCP_WS_HOST",
    "MCP_WS_PATH",
    "MCP_WS_TLS",
    "MCP_WS_KEY_PATH",
    "MCP_WS_CERT_PATH",
    "MCP_WS_COMPRESSION",
    "MCP_WS_PER_MESSAGE_DEFLATE",
    "MCP_WS_MAX_PAYLOAD",
    "MCP_WS_ALLOWED_ORIGINS",
    "MCP_WS_SESSION_ENABLED",
    "MCP_WS_SESSION_COOKIE_NAME",
    "MCP_WS_TRUSTED_PROXIES",
]

EARLIER = {
    "GAUZY_API_BASE_URL": ("API_BASE_URL", "http://gauzy.example", "http://gauzy.example"),
    "MCP_REQUIRED_SCOPES": ("MCP_AUTH_REQUIRED_SCOPES", "mcp:read mcp:write", ("mcp:read", "mcp:write")),
    "MCP_RESOURCE_URI": ("MCP_AUTH_RESOURCE_URI", "https://mcp.example.com", "https://mcp.example.com"),
    "MCP_AUTH_ISSUER": ("MCP_AUTH_JWT_ISSUER", "https://auth.example.com", "https://auth.example.com"),
    "MCP_AUTH_JWKS_URI": ("MCP_AUTH_JWT_JWKS_URI", "https://auth.example.com/k?p=1", "https://auth.example.com/k?p=1"),
    "MCP_CORS_ORIGINS": ("MCP_CORS_ORIGIN", "https://a.example", ("https://a.example",)),
    "MCP_DEBUG": ("GAUZY_MCP_DEBUG", "true", True),
}
"""Earlier name → name here, a value, and what it is read as."""

WITHOUT_EFFECT = [
    "MCP_APP_NAME",
    "MCP_APP_ID",
    "MCP_SESSION_RATE_LIMIT",
    "MCP_POLICY_URI",
    "MCP_BLOCK_SUSPICIOUS_STRINGS",
    "MCP_AUTH_TOKEN_ENDPOINT",
    "MCP_AUTH_AUTHORIZATION_ENDPOINT",
    "MCP_AUTH_PORT",
    "MCP_AUTH_BASE_URL",
    "MCP_AUTH_JWT_SECRET",
    "MCP_WS_URL",
    "MCP_RATE_LIMIT_ENABLED",
    "MCP_RATE_LIMIT_TTL",
    "MCP_RATE_LIMIT_MAX",
]


def test_the_table_marks_exactly_the_names_of_the_mission() -> None:
    assert len(MISSION) == 48
    assert sorted(variable.name for variable in VARIABLES if variable.mission) == sorted(MISSION)


@pytest.mark.parametrize("name", MISSION)
def test_a_name_of_the_mission_is_never_called_unknown(name: str) -> None:
    assert not [warning for warning in loaded(**{name: ""}).warnings if "not a variable" in warning]
    assert BY_NAME[name].about
    assert BY_NAME[name].example


@pytest.mark.parametrize("earlier", EARLIER)
def test_an_earlier_name_is_taken_with_a_warning(earlier: str) -> None:
    name, value, read = EARLIER[earlier]
    made = loaded(**{earlier: value})
    assert getattr(made.environment, name) == read
    assert made.sources[name] == "process environment"
    assert f"{earlier} is called {name} here; it is taken, but rename it" in made.warnings


def test_an_earlier_name_loses_to_the_right_one() -> None:
    made = loaded(MCP_DEBUG="true", GAUZY_MCP_DEBUG="false")
    assert made.environment.GAUZY_MCP_DEBUG is False
    assert made.warnings == ("MCP_DEBUG is called GAUZY_MCP_DEBUG here, which is set too and wins; remove MCP_DEBUG",)


def test_the_earlier_switch_of_oauth_does_not_leave_the_door_open() -> None:
    assert loaded(MCP_AUTHORIZATION_ENABLED="true").environment.MCP_AUTH_ENABLED
    alone = {"MCP_AUTHORIZATION_ENABLED": "true", "MCP_AUTH_ALLOW_EMBEDDED_SERVER": "false"}
    assert "MCP_AUTH_ENABLED=true" in problems(**alone)[0]


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_an_earlier_name_without_effect_is_told_as_such(name: str) -> None:
    assert loaded(**{name: "1"}).warnings == (f"{name} belongs to the earlier implementation and has no effect here",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("MCP_HTTP_PROT", "MCP_HTTP_PORT"),
        ("MCP_TRANSPROT", "MCP_TRANSPORT"),
        ("GAUZY_AUTH_EMIAL", "GAUZY_AUTH_EMAIL"),
        ("THROTTLE_LIMITS", "THROTTLE_LIMIT"),
        ("API_BASE_ULR", "API_BASE_URL"),
        ("API_BASEURL", "API_BASE_URL"),
    ],
)
def test_a_near_miss_is_warned_of_with_the_name_that_was_meant(typed: str, meant: str) -> None:
    assert loaded(**{typed: "1"}).warnings == (f"{typed} is not a variable of this server; did you mean {meant}?",)


def test_a_name_like_none_of_ours_is_warned_of_without_a_guess() -> None:
    assert loaded(MCP_XQZW="1").warnings == ("MCP_XQZW is not a variable of this server",)


@pytest.mark.parametrize("name", ["API_KEY", "API_TOKEN", "PATH", "HOME", "NODE_ENV", "REDIS_HOST", "CI"])
def test_what_belongs_to_other_programs_is_no_matter_of_ours(name: str) -> None:
    assert loaded(**{name: "1"}).warnings == ()


def test_a_variable_of_a_later_version_says_that_it_has_no_effect_yet() -> None:
    later = [variable for variable in VARIABLES if variable.stage > BUILT_STAGE]
    for variable in later:
        assert (
            f"{variable.name} is set, but has no effect in this version yet"
            in loaded(**{variable.name: variable.example}).warnings
        )


def test_nothing_set_is_a_server_for_trying_things_out() -> None:
    env = environment()
    assert (env.MCP_TRANSPORT, env.MCP_HTTP_HOST, env.MCP_WS_HOST) == ("stdio", "127.0.0.1", "127.0.0.1")
    assert (env.MCP_HTTP_PORT, env.MCP_WS_PORT, env.MCP_WS_PATH) == (3001, 3002, "/sse")
    assert env.uses_sandbox
    assert not env.production
