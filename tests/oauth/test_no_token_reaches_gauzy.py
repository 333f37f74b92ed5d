"""Attack groups 54, 57 and 58: what goes out to Gauzy is Gauzy's own token, and each caller's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.oauth.knocking import ask, bearer, call, opened
from tests.oauth.stand_in import StandIn
from tests.oauth.upstream import PASSWORD, gauzy, whoami


@pytest.mark.parametrize("mode", ["per_user", "shared"])
def test_group_54_the_clients_token_is_never_sent_on(issuer: StandIn, mode: str) -> None:
    with gauzy() as upstream:
        upstream.add("ann@example.com")
        environment = issuer.environment(
            GAUZY_IDENTITY_MODE=mode, API_BASE_URL=upstream.url, GAUZY_AUTH_EMAIL="ann@example.com",
            GAUZY_AUTH_PASSWORD=PASSWORD,
        )  # fmt: skip
        token = issuer.token()
        with opened(environment) as (_, client):
            if mode == "per_user":
                call(client, token, "login", {"email": "ann@example.com", "password": PASSWORD})
            for name in ("get_projects", "test_api_connection", "get_current_user", "get_employees", "logout"):
                ask(client, "tools/call", {"name": name, "arguments": {}}, token=token)
        assert len(upstream.requests) > 2
        for request in upstream.requests:
            said = f"{request.path_qs} {list(request.headers.items())}"
            assert token not in said and token.split(".")[2] not in said and issuer.issuer not in said
        assert token not in str(upstream.bodies)


def test_group_57_interleaved_logins_stay_apart(issuer: StandIn) -> None:
    with gauzy() as upstream:
        names = [f"user-{number}" for number in range(8)]
        for name in names:
            upstream.add(f"{name}@example.com")
        environment = issuer.environment(GAUZY_IDENTITY_MODE="per_user", API_BASE_URL=upstream.url)
        with opened(environment) as (_, client), ThreadPoolExecutor(8) as pool:

            def work(name: str) -> list[str]:
                token = issuer.token(sub=name)
                told = []
                for _ in range(3):
                    call(client, token, "login", {"email": f"{name}@example.com", "password": PASSWORD})
                    told.append(whoami(client, token))
                return told

            assert list(pool.map(work, names)) == [[f"{name}@example.com"] * 3 for name in names]


def test_group_58_the_configured_account_is_not_lent(issuer: StandIn) -> None:
    with gauzy() as upstream:
        upstream.add("boss@example.com")
        configured = {"GAUZY_AUTH_EMAIL": "boss@example.com", "GAUZY_AUTH_PASSWORD": PASSWORD}
        environment = issuer.environment(GAUZY_IDENTITY_MODE="per_user", API_BASE_URL=upstream.url, **configured)
        with opened(environment) as (_, client):
            for name in ("get_projects", "login", "refresh_auth_token", "list_my_organizations"):
                assert call(client, issuer.token(), name)["isError"] is True
            headers = {**bearer(issuer.token()), "X-Gauzy-Email": "boss@example.com"}
            assert client.post("/sse", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=headers).is_success
        assert ("POST", "/auth/login") not in upstream.seen
