"""Two callers side by side: whatever one does, the other's requests go out as the other."""

from __future__ import annotations

import asyncio

import pytest

from mcp_tools.gauzy.accounts import Accounts, SessionAccount
from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.client import Credentials, MemorySlot
from mcp_tools.gauzy.errors import NotSignedIn, SignInFailed
from tests.gauzy.conftest import MakeApi
from tests.gauzy.stand_in import Held, StandIn, says

ADA, BOB, ALL = "ada@example.com", "bob@example.com", "everybody@example.com"
REFRESH = ("POST", "/auth/refresh-token")


class Callers:
    """Callers of one server, each with a slot of its own."""

    def __init__(self, api: GauzyApi, gauzy: StandIn, *, shared: bool = False) -> None:
        self.gauzy = gauzy
        configured = Credentials(ALL, gauzy.add(ALL).password) if shared else None
        self.accounts = Accounts(api, configured, shared=shared)

    def caller(self, key: str) -> SessionAccount:
        return SessionAccount(self.accounts, key, MemorySlot())

    async def signed_in(self, key: str, email: str) -> SessionAccount:
        caller = self.caller(key)
        await caller.sign_in(email, self.gauzy.add(email).password, None)
        return caller


async def who(caller: SessionAccount) -> str:
    return str((await caller.request("GET", "/me"))["email"])


async def test_parallel_requests_of_two_accounts_stay_apart_through_renewals(api: GauzyApi, gauzy: StandIn) -> None:
    callers = Callers(api, gauzy)
    ada, bob = await callers.signed_in("1", ADA), await callers.signed_in("2", BOB)
    for _ in range(3):
        gauzy.end_access_tokens()
        told = await asyncio.gather(*(who(caller) for _ in range(20) for caller in (ada, bob)))
        assert told == [ADA, BOB] * 20


@pytest.mark.parametrize("key", ["", "one"])
async def test_two_callers_without_a_key_of_their_own_stay_apart(api: GauzyApi, gauzy: StandIn, key: str) -> None:
    callers = Callers(api, gauzy)
    ada, bob = await callers.signed_in("", ADA), await callers.signed_in(key, BOB)
    assert [await who(caller) for caller in (ada, bob, ada)] == [ADA, BOB, ADA]


async def test_cookies_of_one_account_do_not_go_out_with_another(gauzy: StandIn, make_api: MakeApi) -> None:
    by_name = make_api(gauzy.url.replace("127.0.0.1", "localhost"))
    for api in (make_api(gauzy.url), by_name):
        gauzy.on("GET", "/tasks", says([], Set_Cookie="gauzy-session=ada; Path=/"))
        await api.request("GET", "/tasks")
        await api.request("GET", "/tasks")
        assert "Cookie" not in gauzy.requests[-1].headers


async def test_signing_out_ends_one_account_and_tells_gauzy(api: GauzyApi, gauzy: StandIn) -> None:
    callers = Callers(api, gauzy)
    ada, bob = await callers.signed_in("1", ADA), await callers.signed_in("2", BOB)
    assert await ada.sign_out() is True
    assert await ada.sign_out() is False
    assert gauzy.count("POST", "/auth/logout") == 1
    with pytest.raises(NotSignedIn, match="Not signed in to Gauzy"):
        await who(ada)
    assert await who(bob) == BOB


@pytest.mark.parametrize("status", [401, 500, 503])
async def test_signing_out_works_although_gauzy_cannot_be_told(api: GauzyApi, gauzy: StandIn, status: int) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    gauzy.on("POST", "/auth/logout", says({"message": "no"}, status))
    assert await ada.sign_out() is True
    assert (await ada.status())["authenticated"] is False


async def test_signing_out_while_tokens_are_renewed_is_not_undone(api: GauzyApi, gauzy: StandIn) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    held = Held(gauzy.issue(gauzy.accounts[ADA]))
    gauzy.on(*REFRESH, held)
    renewal = asyncio.create_task(ada.refresh())
    await held.arrived.wait()
    await ada.sign_out()
    held.release.set()
    with pytest.raises(NotSignedIn):
        await renewal
    assert (await ada.status()) == {"authenticated": False, "source": "none"}


async def test_signing_in_as_another_while_tokens_are_renewed_is_not_undone(api: GauzyApi, gauzy: StandIn) -> None:
    caller = await Callers(api, gauzy).signed_in("1", ADA)
    held = Held(gauzy.issue(gauzy.accounts[ADA]))
    gauzy.on(*REFRESH, held)
    renewal = asyncio.create_task(caller.refresh())
    await held.arrived.wait()
    await caller.sign_in(BOB, gauzy.add(BOB).password, None)
    held.release.set()
    with pytest.raises(NotSignedIn, match="Another account"):
        await renewal
    assert await who(caller) == BOB


async def test_a_failed_sign_in_keeps_the_account_there_was(api: GauzyApi, gauzy: StandIn) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    with pytest.raises(SignInFailed):
        await ada.sign_in(ADA, "wrong", None)
    assert await who(ada) == ADA


async def test_callers_without_an_account_share_the_configured_one(api: GauzyApi, gauzy: StandIn) -> None:
    callers = Callers(api, gauzy, shared=True)
    ada, nobody = await callers.signed_in("1", ADA), callers.caller("2")
    assert [await who(ada), await who(nobody)] == [ADA, ALL]
    assert ((await ada.status())["source"], (await nobody.status())["source"]) == ("session", "shared")
    assert await nobody.sign_out() is False, "the shared account is nobody's to sign out"
    assert await who(callers.caller("3")) == ALL


async def test_who_lost_an_own_account_does_not_go_on_as_the_shared_one(api: GauzyApi, gauzy: StandIn) -> None:
    callers = Callers(api, gauzy, shared=True)
    ada = await callers.signed_in("1", ADA)
    gauzy.end_access_tokens()
    gauzy.end_refresh_tokens()
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            await who(ada)
    assert await ada.sign_out() is True
    assert await who(ada) == ALL


async def test_without_any_account_the_message_says_what_to_do(api: GauzyApi, gauzy: StandIn) -> None:
    caller = Callers(api, gauzy).caller("1")
    with pytest.raises(NotSignedIn, match="login tool"):
        await who(caller)
    with pytest.raises(NotSignedIn, match="GAUZY_AUTH_EMAIL"):
        await caller.sign_in(None, None, None)


async def test_the_status_tells_who_and_until_when_but_no_token(api: GauzyApi, gauzy: StandIn) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    status = await ada.status()
    assert (status["email"], status["authenticated"]) == (ADA, True)
    assert str(status["expiresAt"]).endswith("Z")
    for secret in (*gauzy.access, *gauzy.refresh):
        assert secret not in str(status)
