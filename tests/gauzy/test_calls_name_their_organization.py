"""A call in another organization has tokens of its own: fetched once, kept within limits, and for one person only."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from mcp_tools.gauzy.accounts import SessionAccount
from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.errors import GauzyError, NotYourOrganization
from mcp_tools.gauzy.organizations import KNOWN_SECONDS, MAX_ORGANIZATIONS, OrganizationsOfAccount
from tests.gauzy.conftest import Time, signed_in
from tests.gauzy.stand_in import ORGANIZATION, Account, StandIn, says
from tests.gauzy.test_accounts_never_mix import ADA, BOB, Callers

LIST, SWITCH = ("GET", "/user-organization"), ("POST", "/auth/switch-organization")
NAMES = {ORGANIZATION: "Here", **{f"o-{number}": f"Place {number}" for number in range(MAX_ORGANIZATIONS + 1)}}


def belongs(gauzy: StandIn, names: dict[str, str]) -> None:
    """From now on the person is in the organizations of those names by id."""
    rows = [{"organizationId": id, "organization": {"name": name}} for id, name in names.items()]
    gauzy.on(*LIST, says({"items": rows, "total": len(rows)}))


@pytest.fixture
def switching(gauzy: StandIn) -> None:
    """Gauzy switches anybody to any organization, and answers who asks where they are."""

    async def switch(request: web.BaseRequest) -> web.StreamResponse:
        email = gauzy.access[request.headers["Authorization"].removeprefix("Bearer ")].email
        return web.json_response(
            gauzy.issue(Account(email, claims={"organizationId": gauzy.bodies[-1]["organizationId"]}))
        )

    belongs(gauzy, NAMES)
    gauzy.on(*SWITCH, switch)


async def where(caller: SessionAccount) -> str:
    return (await caller.identity()).organization_id


async def test_parallel_calls_share_one_list_and_one_switch(api: GauzyApi, gauzy: StandIn, switching: None) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    wanted = ("o-0", "place 0", "PLACE 1", ORGANIZATION) * 5
    found = await asyncio.gather(*(where(ada.within(one)) for one in wanted))
    assert found == ["o-0", "o-0", "o-1", ORGANIZATION] * 5
    assert (gauzy.count(*LIST), gauzy.count(*SWITCH)) == (1, 2)
    assert await where(ada) == ORGANIZATION


async def test_tokens_of_another_organization_are_renewed_there(api: GauzyApi, gauzy: StandIn, switching: None) -> None:
    ada = (await Callers(api, gauzy).signed_in("1", ADA)).within("o-0")
    await ada.identity()
    gauzy.end_access_tokens()
    assert (await ada.request("GET", "/me"))["email"] == ADA
    assert (await where(ada), gauzy.count(*SWITCH)) == ("o-0", 1)


async def test_tokens_of_another_organization_that_are_over_are_fetched_again(
    api: GauzyApi, gauzy: StandIn, switching: None
) -> None:
    ada = (await Callers(api, gauzy).signed_in("1", ADA)).within("o-0")
    own = set(gauzy.access)
    await ada.identity()
    for ended in set(gauzy.access) - own:
        del gauzy.access[ended]
    gauzy.end_refresh_tokens()
    assert (await ada.request("GET", "/me"))["email"] == ADA
    assert (await where(ada), gauzy.count(*SWITCH)) == ("o-0", 2)


async def test_an_account_that_changed_takes_no_organization_along(
    api: GauzyApi, gauzy: StandIn, switching: None
) -> None:
    caller = await Callers(api, gauzy).signed_in("1", ADA)
    await caller.within("o-0").identity()
    await caller.sign_in(BOB, gauzy.add(BOB).password, None)
    assert (await caller.within("o-0").identity()).user_id == f"u-{BOB}"
    assert gauzy.count(*LIST) == 2


async def test_two_callers_of_one_organization_stay_apart(api: GauzyApi, gauzy: StandIn, switching: None) -> None:
    callers = Callers(api, gauzy)
    ada, bob = await callers.signed_in("1", ADA), await callers.signed_in("2", BOB)
    told = await asyncio.gather(*(one.within("o-0").request("GET", "/me") for _ in range(5) for one in (ada, bob)))
    assert [row["email"] for row in told] == [ADA, BOB] * 5


async def test_callers_of_the_shared_account_share_its_tokens_elsewhere(
    api: GauzyApi, gauzy: StandIn, switching: None
) -> None:
    callers = Callers(api, gauzy, shared=True)
    one, other = callers.caller("1"), callers.caller("")
    assert [await where(caller.within("o-0")) for caller in (one, other)] == ["o-0", "o-0"]
    assert gauzy.count(*SWITCH) == 1
    assert [await where(caller) for caller in (one, other)] == [ORGANIZATION, ORGANIZATION]


async def test_the_least_used_organization_makes_room(api: GauzyApi, gauzy: StandIn, switching: None) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    for number in (*range(MAX_ORGANIZATIONS + 1), MAX_ORGANIZATIONS, 0):
        await ada.within(f"o-{number}").identity()
    assert gauzy.count(*SWITCH) == MAX_ORGANIZATIONS + 2


async def test_who_left_an_organization_is_out_of_it(
    api: GauzyApi, gauzy: StandIn, switching: None, time: Time
) -> None:
    home = await signed_in(api, gauzy, ADA)
    organizations = OrganizationsOfAccount(api, (await home.identity()).person, time)
    belongs(gauzy, {ORGANIZATION: "Here"})
    assert await (await organizations.client(home, "o-0")).identity()
    time.now += KNOWN_SECONDS + 1
    with pytest.raises(NotYourOrganization, match=r'"o-0" is not one of your organizations. Use one of: Here'):
        await organizations.client(home, "o-0")


async def test_a_name_that_two_have_needs_the_id(api: GauzyApi, gauzy: StandIn) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    belongs(gauzy, {ORGANIZATION: "Here", "o-1": "Twin", "o-2": "twin"})
    with pytest.raises(NotYourOrganization, match=r"Use one of: Twin \(o-1\), twin \(o-2\)\.$"):
        await ada.within("Twin").identity()


@pytest.mark.parametrize("email", [ADA, BOB, None])
async def test_no_call_is_made_where_gauzy_did_not_switch(api: GauzyApi, gauzy: StandIn, email: str | None) -> None:
    """Tokens for another organization or person than was asked for would send a write there."""
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    belongs(gauzy, NAMES)
    gauzy.on(*SWITCH, says(gauzy.issue(Account(email))) if email else says(body=b""))
    with pytest.raises(GauzyError):
        await ada.within("o-0").request("POST", "/tasks", body={})
    assert gauzy.count("POST", "/tasks") == 0
