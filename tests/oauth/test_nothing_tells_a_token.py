"""Attack groups 27 and 28: what is compared in constant time, and where a token never shows."""

from __future__ import annotations

import redis

from tests.oauth.knocking import bearer, call, is_refused, knock, opened
from tests.oauth.stand_in import SECRET, StandIn
from tests.transports.calls import message


def test_group_27_a_token_that_resembles_a_known_one_is_a_stranger(own_issuer: StandIn) -> None:
    """Known tokens are found by their SHA-256: nothing compares a token with another, so no time can tell how alike
    they are, and one that was nearly guessed is asked about like any other."""
    environment = own_issuer.environment(**own_issuer.introspecting())
    with opened(environment) as (_, client):
        known = own_issuer.opaque()
        assert knock(client, known).status_code == 200
        guessed = known[:-1] + ("A" if known[-1] != "A" else "B")
        for number, stranger in enumerate((guessed, known[:-1], known.swapcase(), "nothing-like-it"), 2):
            assert is_refused(knock(client, stranger))
            assert own_issuer.asked == number


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
