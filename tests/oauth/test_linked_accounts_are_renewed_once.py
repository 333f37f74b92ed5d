"""A linked account belongs to the principal and not to a process: two processes renew its tokens once between them."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor

from tests.oauth.knocking import call, opened
from tests.oauth.stand_in import StandIn
from tests.oauth.upstream import PASSWORD, gauzy, whoami


def test_two_processes_renew_once_and_both_go_on(issuer: StandIn, redis_url: str) -> None:
    with gauzy() as upstream:
        upstream.add("ann@example.com")
        environment = issuer.environment(
            GAUZY_IDENTITY_MODE="per_user", API_BASE_URL=upstream.url, GAUZY_MCP_HOME=tempfile.mkdtemp(),
            REDIS_URL=redis_url, MCP_SECRET_KEY="a" * 64,
        )  # fmt: skip
        token = issuer.token(sub=f"ann-{issuer.token()[-12:]}")
        with opened(environment) as (_, one), opened(environment) as (_, other), ThreadPoolExecutor(8) as pool:
            call(one, token, "login", {"email": "ann@example.com", "password": PASSWORD})
            assert whoami(other, token) == "ann@example.com", "what one process links, the other knows"
            for _ in range(3):
                before = upstream.count("POST", "/auth/refresh-token")
                upstream.end_access_tokens()
                told = list(pool.map(lambda number: call([one, other][number % 2], token, "get_projects"), range(8)))
                assert upstream.count("POST", "/auth/refresh-token") == before + 1, told
            call(other, token, "unlink_account")
            assert whoami(one, token) == "", "what one process forgets, the other does not keep"
