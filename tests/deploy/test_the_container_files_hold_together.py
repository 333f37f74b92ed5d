"""Dockerfile and compose.yaml, read as far as that goes without Docker."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

import pytest
import yaml

from gauzy_mcp.env import EnvironmentInvalid
from gauzy_mcp.env.table import BY_NAME
from mcp_tools.transports.addresses import TrustedProxies
from tests.deploy.reading import documents, environment, filled_in, image_environment, references
from tests.processes import ROOT

GIVEN = {
    "API_BASE_URL": "https://gauzy.example.com",
    "MCP_SECRET_KEY": "8f41c0b7d92e6a53f7104bc86de2953a0c7be415f83d926a4e51b0c7d8f29a36",
    "REDIS_PASSWORD": "a-redis-password",
    "POSTGRES_PASSWORD": "a-database-password",
    "DJANGO_SUPERUSER_USERNAME": "operator",
    "DJANGO_SUPERUSER_PASSWORD": "an-operators-password",
}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()


def test_the_image_runs_as_nobody_in_particular_and_for_production() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001$", last, re.M)
    assert image_environment()["MCP_ENV"] == "production"
    assert "pip install" not in last, "what builds stays behind"
    assert "requirements-dev" not in DOCKERFILE


def test_everything_it_copies_is_there_and_let_through() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.M)
    assert copied
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored


def test_its_health_is_asked_where_the_server_answers(tmp_path: Path) -> None:
    assert "/healthz" in DOCKERFILE
    exposed = re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.M)
    assert exposed is not None
    assert image_environment()["MCP_HTTP_PORT"] == exposed[1]


def test_alone_it_refuses_to_start_and_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentInvalid) as refused:
        environment({**image_environment(), "GAUZY_MCP_HOME": str(tmp_path)}, tmp_path)
    for name in ("API_BASE_URL", "MCP_SECRET_KEY", "MCP_ALLOWED_HOSTS"):
        assert any(name in problem for problem in refused.value.problems)


@pytest.mark.parametrize("service", ["web-1", "web-2", "migrate"])
def test_compose_configures_a_server_that_starts(service: str, tmp_path: Path) -> None:
    (compose,) = documents("compose.yaml")
    values = filled_in(compose["services"][service]["environment"], GIVEN)
    env = environment({**image_environment(), **values, "GAUZY_MCP_HOME": str(tmp_path)}, tmp_path)
    assert env.production
    assert env.throttles
    assert env.REDIS_URL == "redis://:a-redis-password@redis:6379/0"
    assert env.DATABASE_URL is not None
    assert GIVEN["POSTGRES_PASSWORD"] in env.DATABASE_URL
    assert (env.MCP_HTTP_HOST, env.MCP_HTTP_PORT) == ("0.0.0.0", 3001)


def test_compose_starts_redis_with_the_password_that_the_server_sends() -> None:
    (compose,) = documents("compose.yaml")
    redis = compose["services"]["redis"]
    command = [str(word) for word in redis["command"]]
    assert filled_in({"password": command[command.index("--requirepass") + 1]}, GIVEN)["password"] == "a-redis-password"
    assert filled_in(redis["environment"], GIVEN)["REDISCLI_AUTH"] == "a-redis-password"


OAUTH = {"MCP_AUTH_ENABLED": "true", "MCP_AUTH_RESOURCE_URI": "http://localhost:8080"}


def test_compose_hands_every_variable_of_oauth_on(tmp_path: Path) -> None:
    (compose,) = documents("compose.yaml")
    values = filled_in(compose["services"]["web-1"]["environment"], {**GIVEN, **OAUTH})
    named = {name for name in BY_NAME if name.startswith("MCP_AUTH_")} - {"MCP_AUTH_SESSION_SECRET"}
    assert named | {"GAUZY_IDENTITY_MODE", "MCP_CREDENTIAL_KEYS"} <= set(values)
    env = environment({**image_environment(), **values, "GAUZY_MCP_HOME": str(tmp_path)}, tmp_path)
    assert env.embeds_server
    assert env.resource_uri == "http://localhost:8080"


def test_compose_asks_for_exactly_what_has_no_default() -> None:
    required = {name for name, is_required in references(COMPOSE).items() if is_required}
    assert required == set(GIVEN)
    documented = (ROOT / "docs" / "deployment.md").read_text()
    assert all(f"{name}=" in documented for name in required)


def test_compose_reaches_nothing_but_nginx_and_that_from_this_machine_alone() -> None:
    (compose,) = documents("compose.yaml")
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(published) == ["nginx"]
    assert all(port.startswith("127.0.0.1:") for port in published["nginx"])


def test_nginx_is_trusted_and_nobody_else() -> None:
    """The network's first address is the machine: its programs must not choose the address they come from."""
    (compose,) = documents("compose.yaml")
    subnet = ipaddress.ip_network(compose["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    address = compose["services"]["nginx"]["networks"]["inside"]["ipv4_address"]
    assert ipaddress.ip_address(address) in subnet
    variables = compose["services"]["web-1"]["environment"]
    assert variables["MCP_TRUSTED_PROXIES"] == variables["MCP_WS_TRUSTED_PROXIES"] == address
    proxies = TrustedProxies([address])
    assert proxies.client(address, f"203.0.113.9, {subnet[1]}") == str(subnet[1])


def test_every_service_that_is_waited_for_can_say_that_it_is_there() -> None:
    compose = yaml.safe_load(COMPOSE)
    for service in compose["services"].values():
        for name, condition in (
            dict(service["depends_on"]).items() if isinstance(service.get("depends_on"), dict) else ()
        ):
            assert name in compose["services"]
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][name]
