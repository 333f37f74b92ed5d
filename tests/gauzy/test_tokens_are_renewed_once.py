"""Renewal: single flight, one retry, a new sign-in where credentials allow it, and never an endless loop."""

from __future__ import annotations

import asyncio

import pytest

from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.client import GauzyClient, MemorySlot
from mcp_tools.gauzy.errors import GauzyBusy, GauzyFault, GauzyRejected, NotSignedIn, SignInFailed
from mcp_tools.gauzy.identity import SignIn
from tests.gauzy.conftest import configured, signed_in
from tests.gauzy.stand_in import Held, StandIn, says, unauthorized

REFRESH = ("POST", "/auth/refresh-token")
LOGIN = ("POST", "/auth/login")


async def test_fifty_parallel_calls_share_one_renewal_of_an_expired_token(api: GauzyApi, gauzy: StandIn) -> None:
    client = await signed_in(api, gauzy, lives=-60)
    gauzy.accounts["ada@example.com"].lives = 3600
    answers = await asyncio.gather(*(client.request("GET", "/me") for _ in range(50)))
    assert answers == [{"email": "ada@example.com"}] * 50
    assert gauzy.count(*REFRESH) == 1
    assert gauzy.count("GET", "/me") == 50


async def test_fifty_refused_calls_share_one_renewal(api: GauzyApi, gauzy: StandIn) -> None:
    client = await signed_in(api, gauzy)
    gauzy.end_access_tokens()
    answers = await asyncio.gather(*(client.request("GET", "/me") for _ in range(50)))
    assert answers == [{"email": "ada@example.com"}] * 50
    assert gauzy.count(*REFRESH) == 1
    assert gauzy.count("GET", "/me") <= 100


async def test_fifty_first_calls_share_one_sign_in(api: GauzyApi, gauzy: StandIn) -> None:
    client = configured(api, gauzy)
    await asyncio.gather(*(client.request("GET", "/me") for _ in range(50)))
    assert gauzy.count(*LOGIN) == 1


async def test_a_token_about_to_expire_is_renewed_before_it_is_used(api: GauzyApi, gauzy: StandIn) -> None:
    client = await signed_in(api, gauzy, lives=10)
    gauzy.accounts["ada@example.com"].lives = 3600
    await client.request("GET", "/me")
    assert gauzy.seen == [LOGIN, REFRESH, ("GET", "/me")]


async def test_a_route_that_always_refuses_is_asked_twice_and_no_more(api: GauzyApi, gauzy: StandIn) -> None:
    client = configured(api, gauzy)

    async def refuse(_: object) -> object:
        return unauthorized()

    gauzy.on("POST", "/tasks", refuse)  # type: ignore[arg-type]
    with pytest.raises(GauzyRejected, match="401"):
        await client.request("POST", "/tasks", body={})
    assert gauzy.seen == [LOGIN, ("POST", "/tasks"), REFRESH, ("POST", "/tasks")]


async def test_with_credentials_a_dead_refresh_token_leads_to_a_new_sign_in(api: GauzyApi, gauzy: StandIn) -> None:
    client = configured(api, gauzy)
    await client.request("GET", "/me")
    gauzy.end_access_tokens()
    gauzy.end_refresh_tokens()
    answers = await asyncio.gather(*(client.request("GET", "/me") for _ in range(10)))
    assert answers == [{"email": "ada@example.com"}] * 10
    assert (gauzy.count(*LOGIN), gauzy.count(*REFRESH)) == (2, 1)


async def test_with_credentials_that_no_longer_hold_it_ends_with_an_error(api: GauzyApi, gauzy: StandIn) -> None:
    client = configured(api, gauzy)
    await client.request("GET", "/me")
    gauzy.accounts.clear()
    gauzy.end_access_tokens()
    gauzy.end_refresh_tokens()
    with pytest.raises(SignInFailed):
        await client.request("GET", "/me")
    assert (gauzy.count(*LOGIN), gauzy.count(*REFRESH)) == (2, 1)


async def test_without_credentials_a_dead_refresh_token_asks_for_the_login_tool(api: GauzyApi, gauzy: StandIn) -> None:
    client = await signed_in(api, gauzy)
    gauzy.end_access_tokens()
    gauzy.end_refresh_tokens()
    for _ in range(2):
        with pytest.raises(NotSignedIn, match="Call the login tool again"):
            await client.request("GET", "/me")
    assert gauzy.count(*REFRESH) == 2, "one attempt a call"


async def test_a_token_renewed_by_another_process_is_taken_over(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.add("ada@example.com")
    slot = MemorySlot()
    await slot.save(await api.sign_in("ada@example.com", gauzy.accounts["ada@example.com"].password))
    here, there = GauzyClient(api, slot), GauzyClient(api, slot)
    rejected = Held()

    async def rejected_late(request: object) -> object:
        rejected.arrived.set()
        await rejected.release.wait()
        return unauthorized()

    gauzy.on(*REFRESH, rejected_late)  # type: ignore[arg-type]
    late = asyncio.create_task(here.renew())
    await rejected.arrived.wait()
    won = SignIn(**{**_parts(await there.signed_in()), **_issued(gauzy)})
    await slot.save(won)
    rejected.release.set()
    assert await late == won
    assert await slot.load() == won, "the other's tokens are still there"
    assert await here.request("GET", "/me") == {"email": "ada@example.com"}


def _parts(current: SignIn) -> dict[str, object]:
    return {"expires_at": current.expires_at, "identity": current.identity}


def _issued(gauzy: StandIn) -> dict[str, object]:
    pair = gauzy.issue(gauzy.accounts["ada@example.com"])
    return {"access_token": pair["token"], "refresh_token": pair["refresh_token"]}


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
async def test_a_renewal_that_merely_fails_does_not_end_the_sign_in(api: GauzyApi, gauzy: StandIn, status: int) -> None:
    client = await signed_in(api, gauzy)
    before = await client.signed_in()
    gauzy.on(*REFRESH, says({"message": "not now"}, status, Retry_After="60"))
    with pytest.raises((GauzyRejected, GauzyBusy, GauzyFault)):
        await client.renew()
    assert await client.signed_in() == before
    assert gauzy.count(*REFRESH) == 1


@pytest.mark.parametrize("answer", [None, {}, [], {"token": "t"}, {"token": 1, "refresh_token": 2}, "t"])
async def test_a_renewal_without_tokens_is_a_fault_and_changes_nothing(
    api: GauzyApi, gauzy: StandIn, answer: object
) -> None:
    client = await signed_in(api, gauzy)
    before = await client.signed_in()
    gauzy.on(*REFRESH, says(answer))
    with pytest.raises(GauzyFault):
        await client.renew()
    assert await client.signed_in() == before


async def test_a_caller_who_gives_up_does_not_stop_the_others(api: GauzyApi, gauzy: StandIn) -> None:
    client = configured(api, gauzy)
    held = Held(gauzy.issue(gauzy.accounts["ada@example.com"]))
    gauzy.on(*LOGIN, held)
    impatient, *others = (asyncio.create_task(client.request("GET", "/me")) for _ in range(5))
    await held.arrived.wait()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    held.release.set()
    assert await asyncio.gather(*others) == [{"email": "ada@example.com"}] * 4
    assert gauzy.count(*LOGIN) == 1
    assert not held.gone.is_set()
