"""Going on in another organization is one caller's affair, whatever account it is and whatever happens meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.errors import GauzyFault, GauzyRejected
from tests.gauzy.stand_in import ORGANIZATION, Account, Held, StandIn, says
from tests.gauzy.test_accounts_never_mix import ADA, ALL, BOB, REFRESH, Callers, who

SWITCH = ("POST", "/auth/switch-organization")
ELSEWHERE = "33333333-0000-4000-8000-0000000000f3"


@pytest.fixture(autouse=True)
def memberships(gauzy: StandIn) -> None:
    """Everybody is in both organizations."""
    names = {ORGANIZATION: "Here", ELSEWHERE: "Elsewhere"}
    rows = [{"organizationId": id, "organization": {"id": id, "name": name}} for id, name in names.items()]
    gauzy.on("GET", "/user-organization", says({"items": rows, "total": len(rows)}))


def lets_in(gauzy: StandIn, email: str) -> None:
    """The next switch of that account succeeds: its tokens are of the other organization from then on."""
    there = Account(email, claims={"organizationId": ELSEWHERE, "employeeId": None})
    gauzy.on(*SWITCH, says(gauzy.issue(there)))


async def test_the_caller_goes_on_elsewhere_through_renewals(api: GauzyApi, gauzy: StandIn) -> None:
    callers = Callers(api, gauzy)
    ada, bob = await callers.signed_in("1", ADA), await callers.signed_in("2", BOB)
    lets_in(gauzy, ADA)
    identity, name = await ada.switch_organization(ELSEWHERE)
    assert name == "Elsewhere"
    assert (identity.organization_id, identity.employee_id) == (ELSEWHERE, "")
    assert gauzy.bodies[-1] == {"organizationId": ELSEWHERE}
    gauzy.end_access_tokens()
    assert await who(ada) == ADA
    assert (await ada.identity()).organization_id == ELSEWHERE
    assert (await bob.identity()).organization_id == ORGANIZATION


async def test_the_shared_account_stays_where_it_is(api: GauzyApi, gauzy: StandIn) -> None:
    callers = Callers(api, gauzy, shared=True)
    one, other = callers.caller("1"), callers.caller("2")
    lets_in(gauzy, ALL)
    await one.switch_organization(ELSEWHERE)
    assert (await one.status())["source"] == "session"
    assert ((await other.identity()).organization_id, (await other.status())["source"]) == (ORGANIZATION, "shared")


@pytest.mark.parametrize("answer", [says(body=b""), says({}), says(status=403), says({"message": "no"})])
async def test_who_is_not_let_in_stays(api: GauzyApi, gauzy: StandIn, answer: object) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    gauzy.on(*SWITCH, answer)  # type: ignore[arg-type]
    with pytest.raises((GauzyFault, GauzyRejected)):
        await ada.switch_organization(ELSEWHERE)
    assert (await ada.identity()).organization_id == ORGANIZATION
    assert await who(ada) == ADA


async def test_a_renewal_under_way_does_not_undo_it(api: GauzyApi, gauzy: StandIn) -> None:
    ada = await Callers(api, gauzy).signed_in("1", ADA)
    held = Held(gauzy.issue(gauzy.accounts[ADA]))
    gauzy.on(*REFRESH, held)
    renewal = asyncio.create_task(ada.refresh())
    await held.arrived.wait()
    lets_in(gauzy, ADA)
    await ada.switch_organization(ELSEWHERE)
    held.release.set()
    await renewal
    assert (await ada.identity()).organization_id == ELSEWHERE
