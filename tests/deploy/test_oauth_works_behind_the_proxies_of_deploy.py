"""deploy/nginx.conf and deploy/k8s/ingress.yaml before a server that signs people in, with and without a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.deploy.nginx import adapted, as_ingress, running
from tests.oauth.peer import free_port
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import embedded
from tests.oauth.server.using import call
from tests.operations.operators import FIRST_OPERATOR
from tests.processes import Server
from tests.requirements import need

BROWSER = {"Accept": "text/html"}


@dataclass(frozen=True)
class Served:
    """``base`` is where clients find the server, through a proxy that listens at ``port``."""

    process: Server
    port: int
    path: str

    @property
    def host(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def base(self) -> str:
        return self.host + self.path

    @property
    def upstream(self) -> str:
        return self.process.http.removeprefix("http://")


@pytest.fixture(scope="module", params=["", "/gauzy"], ids=["a host of its own", "below a path"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    need("nginx")
    port = free_port()
    variables = {"MCP_AUTH_RESOURCE_URI": f"http://localhost:{port}{request.param}", "MCP_HTTP_PORT": "0"}
    with embedded(**variables, MCP_TRUSTED_PROXIES="127.0.0.1", **FIRST_OPERATOR) as process:
        yield Served(process, port, request.param)


def signed_in(served: Served) -> str:
    """The access token of a person who came the whole way, with every address as the server gives it."""
    challenge = httpx.post(f"{served.base}/mcp", json={}).headers["WWW-Authenticate"]
    assert f'resource_metadata="{served.host}/.well-known/oauth-protected-resource{served.path}/mcp"' in challenge
    issuer = httpx.get(f"{served.host}/.well-known/oauth-authorization-server{served.path}").json()
    assert issuer["issuer"] == served.base
    with Person(served.process) as person:
        person.base = served.base
        person.browser.base_url = served.base
        assert person.sign_in().headers["Location"] == f"{served.path}/account"
        assert person.browser.get("/account").status_code == 200
        token: str = OAuthClient.registered(served.base).tokens(person)["access_token"]
    assert not call(served.base, token, "get_projects").json()["result"].get("isError")
    return token


def pages_answer(served: Served) -> None:
    for path in (
        "/",
        "/admin/login/",
        "/link",
        "/console/facts",
        "/oauth/jwks",
        "/static/console/main.js",
        "/api/docs",
    ):
        answer = httpx.get(served.base + path, headers=BROWSER, follow_redirects=True)
        assert answer.status_code < 400 or path == "/link", (path, answer.status_code)
        assert "nginx" not in answer.text, path


def test_nginx_leads_people_and_clients_all_the_way_and_logs_no_session(served: Served, tmp_path: Path) -> None:
    with running(adapted(tmp_path, served.port, [served.upstream]), served.port):
        token = signed_in(served)
        pages_answer(served)
        bearer = {"Authorization": f"Bearer {token}"}
        session_id = httpx.post(f"{served.base}/sse/session", headers=bearer).json()["id"]
        assert httpx.get(f"{served.base}/sse/session/{session_id}?id={session_id}", headers=bearer).status_code == 200
        for hidden in ("/metrics", "/readyz", "/%6Detrics", "//metrics", "/sse/../metrics"):
            assert httpx.get(served.base + hidden).status_code in (403, 404), hidden
            assert httpx.get(served.host + hidden).status_code in (403, 404), hidden
    # nginx has ended, so both are complete.
    logged = (tmp_path / "access.log").read_text()
    assert f'"GET {served.path}/sse/session/[hidden]" 200' in logged
    assert session_id not in logged + (tmp_path / "error.log").read_text()


def test_nginx_logs_no_session_when_no_process_answers(tmp_path: Path) -> None:
    need("nginx")
    port, nobody = free_port(), f"127.0.0.1:{free_port()}"
    with running(adapted(tmp_path, port, [nobody]), port):
        for path in ("/sse/session/a-secret-session-id", "/link?ticket=a-secret-ticket"):
            assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 502
    assert "upstream=" + nobody in (tmp_path / "access.log").read_text()
    assert "a-secret" not in (tmp_path / "access.log").read_text() + (tmp_path / "error.log").read_text()


def test_the_ingress_leads_people_and_clients_all_the_way(served: Served, tmp_path: Path) -> None:
    with running(as_ingress(tmp_path, served.port, served.upstream, served.path), served.port):
        signed_in(served)
        pages_answer(served)
        for path in ("/authorize", "/token", "/register"):
            answer = httpx.post(served.base + path)
            assert answer.status_code in (400, 401, 403) and "nginx" not in answer.text, path
        for hidden in ("/metrics", "/readyz", "/healthz", "/no-such-page"):
            for place in (served.base, served.host):
                answer = httpx.get(place + hidden)
                assert answer.status_code == 404 and "nginx" in answer.text, hidden
