"""Tokens and passwords show in no error, no traceback, no repr and no log line, at the most talkative level either."""

from __future__ import annotations

import asyncio
import logging
import pickle
import traceback

import pytest

from mcp_tools.gauzy.accounts import Accounts, SessionAccount
from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.client import Credentials, MemorySlot
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.gauzy.identity import SignIn
from tests.gauzy.conftest import MakeApi, signed_in
from tests.gauzy.stand_in import StandIn, breaks_off, says

PASSWORD = "s3cret-Passw0rd"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """GAUZY_MCP_DEBUG and more: every logger of the process, the libraries' included."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "gauzy_mcp")
    return caplog


async def test_whatever_goes_wrong_no_secret_is_told(
    api: GauzyApi, gauzy: StandIn, make_api: MakeApi, everything_logged: pytest.LogCaptureFixture
) -> None:
    client = await signed_in(api, gauzy)
    secrets = {PASSWORD, *gauzy.access, *gauzy.refresh}
    failures = [says(None, 400), says(None, 401), says(None, 500), says({"message": "x"}), says(body=b"<"), breaks_off]
    told: list[str] = []
    for number, answer in enumerate(failures):
        gauzy.on("POST", f"/tasks/{number}", answer)
        told.append(await _told(client.request("POST", f"/tasks/{number}", body={"password": PASSWORD})))
    gauzy.on("POST", "/auth/login", says(None, 400), says(None, 500), says({"message": "x"}), says({}), breaks_off)
    told += [await _told(api.sign_in("ada@example.com", PASSWORD)) for _ in range(5)]
    unreachable = make_api("http://gauzy.invalid")
    told.append(await _told(unreachable.sign_in("ada@example.com", PASSWORD)))
    told.append(await _told(unreachable.refresh(await client.signed_in())))
    gauzy.end_access_tokens()
    gauzy.end_refresh_tokens()
    told.append(await _told(client.request("GET", "/me")))

    secrets |= {*gauzy.access, *gauzy.refresh}
    logged = everything_logged.text
    assert all(told)
    assert "gauzy POST /api/tasks/0 status=400" in logged
    for secret in secrets:
        assert secret not in logged
        assert not [text for text in told if secret in text]


async def _told(work: object) -> str:
    """All that an error of ``work`` can say, its traceback and causes included."""
    try:
        await work  # type: ignore[misc]
    except GauzyError as error:
        return f"{error!r} {error} {vars(error)} " + "".join(traceback.format_exception(error))
    return ""


async def test_no_repr_holds_a_secret(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.add("ada@example.com")
    found: SignIn = await api.sign_in("ada@example.com", PASSWORD)
    slot = MemorySlot()
    await slot.save(found)
    accounts = Accounts(api, Credentials("ada@example.com", PASSWORD), shared=True)
    shown = repr([found, {"account": found}, Credentials("a", PASSWORD), slot, accounts, accounts.shared, api])
    shown += repr(SessionAccount(accounts, "key", slot)) + str(found) + f"{found}"
    for secret in (PASSWORD, found.access_token, found.refresh_token):
        assert secret not in shown


async def test_a_sign_in_survives_being_stored(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.add("ada@example.com")
    found = await api.sign_in("ada@example.com", PASSWORD)
    assert SignIn.from_dict(found.to_dict()) == found
    assert pickle.loads(pickle.dumps(found)) == found


async def test_a_failed_shared_sign_in_leaves_nothing_unseen(
    api: GauzyApi, gauzy: StandIn, everything_logged: pytest.LogCaptureFixture
) -> None:
    """Everybody who waited gives up, then the sign-in fails: asyncio must find no exception nobody took."""
    accounts = Accounts(api, Credentials("ada@example.com", PASSWORD), shared=True)
    assert accounts.shared is not None
    arrived, release = asyncio.Event(), asyncio.Event()

    async def fail_late(request: object) -> object:
        arrived.set()
        await release.wait()
        return await says(None, 401)(request)  # type: ignore[arg-type]

    gauzy.on("POST", "/auth/login", fail_late)  # type: ignore[arg-type]
    waiting = asyncio.create_task(accounts.shared.request("GET", "/me"))
    await arrived.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
    with pytest.raises(GauzyError):
        await accounts.shared.request("GET", "/me")
    assert "never retrieved" not in everything_logged.text
