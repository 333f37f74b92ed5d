from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.deploy.reading import FOREIGN, documents, environment, image_environment
from tests.processes import ROOT

FOLDER = "deploy/k8s"
FILES = sorted(path.name for path in (ROOT / FOLDER).glob("*.yaml"))
ALL = [document for name in FILES for document in documents(f"{FOLDER}/{name}")]
SECRETS = {
    "MCP_SECRET_KEY": "8f41c0b7d92e6a53f7104bc86de2953a0c7be415f83d926a4e51b0c7d8f29a36",
    "DJANGO_SUPERUSER_PASSWORD": "an-operators-password",
}


def of_kind(kind: str) -> Any:
    (found,) = [document for document in ALL if document["kind"] == kind]
    return found


def test_the_kinds_that_a_deployment_needs_are_there() -> None:
    kinds = {"ConfigMap", "Secret", "Deployment", "PodDisruptionBudget", "Service", "Ingress"}
    assert {document["kind"] for document in ALL} == kinds
    assert all(document["apiVersion"] and document["metadata"]["name"] == "gauzy-mcp" for document in ALL)


def test_config_and_secret_configure_a_server_that_starts(tmp_path: Path) -> None:
    values = {**of_kind("ConfigMap")["data"], **of_kind("Secret")["stringData"], **SECRETS}
    assert all(isinstance(value, str) for value in values.values())
    env = environment({**image_environment(), **values, "GAUZY_MCP_HOME": str(tmp_path)}, tmp_path)
    assert env.production
    assert env.throttles
    assert env.REDIS_URL
    assert env.DATABASE_URL


def test_secrets_are_not_in_the_config() -> None:
    from gauzy_mcp.env.table import BY_NAME

    config, secret = of_kind("ConfigMap")["data"], of_kind("Secret")["stringData"]
    assert not [name for name in config if BY_NAME[name].secret]
    assert [name for name in secret if name in FOREIGN or BY_NAME[name].secret or name == "GAUZY_AUTH_EMAIL"] == list(
        secret
    )
    assert not secret["MCP_SECRET_KEY"], "an example must not work"


def test_everything_a_pod_refers_to_is_there() -> None:
    pod = of_kind("Deployment")["spec"]["template"]["spec"]
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in (*pod["initContainers"], *pod["containers"]):
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        names = [next(iter(source.values()))["name"] for source in container["envFrom"]]
        assert names == ["gauzy-mcp", "gauzy-mcp"]
    labels = of_kind("Deployment")["spec"]["template"]["metadata"]["labels"]
    for selecting in (of_kind("Deployment"), of_kind("PodDisruptionBudget")):
        assert selecting["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert of_kind("Service")["spec"]["selector"].items() <= labels.items()


def test_nothing_is_interrupted_by_a_rolling_update() -> None:
    from gauzy_mcp.leaving import CALLS_SECONDS

    spec = of_kind("Deployment")["spec"]
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    pod = spec["template"]["spec"]
    waits = float(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > waits + CALLS_SECONDS + 5


def test_the_ports_are_one_and_the_probes_are_where_the_server_answers() -> None:
    (container,) = of_kind("Deployment")["spec"]["template"]["spec"]["containers"]
    (port,) = container["ports"]
    assert str(port["containerPort"]) == image_environment()["MCP_HTTP_PORT"]
    asked = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {name: probe["path"] for name, probe in asked.items()} == {
        "startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz",
    }  # fmt: skip
    assert {probe["port"] for probe in asked.values()} == {port["name"]}
    assert of_kind("Service")["spec"]["ports"][0]["targetPort"] == port["name"]


def test_pods_may_do_as_little_as_possible() -> None:
    pod = of_kind("Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    for container in (*pod["initContainers"], *pod["containers"]):
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"]
        assert not security["allowPrivilegeEscalation"]
        assert security["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("hidden", ["/metrics", "/readyz", "/healthz"])
def test_the_ingress_shows_what_is_public(hidden: str) -> None:
    paths = of_kind("Ingress")["spec"]["rules"][0]["http"]["paths"]
    prefixes = [one["path"] for one in paths if one["pathType"] == "Prefix"]
    assert "/mcp" in prefixes
    assert "/" in [one["path"] for one in paths if one["pathType"] == "Exact"]
    assert not any(hidden.startswith(prefix) for prefix in prefixes)


def test_the_controller_does_not_log_session_ids() -> None:
    """In /sse/session/{id} the path is a credential, and controllers log whole paths."""
    assert of_kind("Ingress")["metadata"]["annotations"]["nginx.ingress.kubernetes.io/enable-access-log"] == "false"
