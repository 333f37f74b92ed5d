"""Attack groups 27 and 28: what is compared in constant time, and where a token never shows."""

from __future__ import annotations

import redis

from tests.oauth.knocking import bearer, call, knock, opened
from tests.oauth.stand_in import SECRET, StandIn
from tests.transports.calls import message


def test_group_27_a_token_is_found_by_its_digest() -> None:
    """No comparison of a secret decides how long an answer takes: known tokens are looked up by SHA-256."""
    from oauth_resource.resource.validation import digest_of

    assert digest_of("token") != "token" and len(digest_of("token")) == 64


def test_group_28_logs_errors_and_keys_hold_no_token(own_issuer: StandIn, redis_url: str) -> None:
    environment = own_issuer.environment(
        **own_issuer.introspecting(), GAUZY_MCP_DEBUG="true", REDIS_URL=redis_url, MCP_SECRET_KEY="a" * 64
    )
    with opened(environment) as (running, client):
        good, bad, opaque = own_issuer.token(), own_issuer.token(exp=1), own_issuer.opaque()
        own_issuer.active[good] = {"active": True, "sub": "alice"}
        told = [knock(client, token) for token in (good, bad, opaque, "not-a-token-of-anybody")]
        assert [answer.status_code for answer in told] == [200, 401, 200, 401]
        call(client, good, "get_projects")
        call(client, good, "get_session_info")
        client.post("/sse?access_token=" + good, json=message("ping"))
        client.post("/sse", content=b"{", headers=bearer(good))
        everything = running.logged() + "".join(answer.text + str(answer.headers) for answer in told)
        with redis.Redis.from_url(redis_url) as store:
            for name in store.scan_iter("*"):
                everything += repr(name) + repr(store.dump(name))
    for secret in (good, bad, opaque, "not-a-token-of-anybody", SECRET):
        for part in (secret, secret.split(".")[-1]):
            assert part not in everything
