"""POST /auth/login: identity comes from the claims of the access token, the organization at need from Gauzy."""

from __future__ import annotations

import pytest

from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.errors import GauzyFault, SignInFailed
from tests.gauzy.stand_in import ORGANIZATION, TENANT, Account, StandIn, says, token

EMAIL, PASSWORD = "ada@example.com", "s3cret-Passw0rd"


async def test_identity_is_read_from_the_token(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.add(EMAIL)
    identity = (await api.sign_in(EMAIL, PASSWORD)).identity
    assert (identity.email, identity.name, identity.role) == (EMAIL, "A B", "ADMIN")
    assert (identity.tenant_id, identity.organization_id, identity.employee_id) == (TENANT, ORGANIZATION, "e-1")
    assert gauzy.seen == [("POST", "/auth/login")]


async def test_an_account_without_organization_takes_its_default_one(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.add(EMAIL, claims={"organizationId": None})
    rows = [{"organizationId": "first"}, {"organizationId": "second", "isDefault": True}, {"isDefault": True}]
    gauzy.on("GET", "/user-organization", says({"items": rows, "total": 3}))
    signed_in = await api.sign_in(EMAIL, PASSWORD)
    assert signed_in.identity.organization_id == "second"
    asked = gauzy.requests[-1]
    assert asked.query["where[userId]"] == f"u-{EMAIL}"
    assert asked.query["where[tenantId]"] == asked.headers["Tenant-Id"] == TENANT
    assert asked.headers["Authorization"] == f"Bearer {signed_in.access_token}"


@pytest.mark.parametrize("rows", [[], [{"organizationId": None}], [{"id": "x"}]], ids=["none", "null", "absent"])
async def test_somebody_in_no_organization_can_still_sign_in(
    api: GauzyApi, gauzy: StandIn, rows: list[dict[str, object]]
) -> None:
    gauzy.add(EMAIL, claims={"organizationId": None})
    gauzy.on("GET", "/user-organization", says({"items": rows, "total": len(rows)}))
    assert (await api.sign_in(EMAIL, PASSWORD)).identity.organization_id == ""


async def test_a_wrong_password_is_refused_without_telling_it(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.add(EMAIL)
    with pytest.raises(SignInFailed, match=f"refused the e-mail address or the password of {EMAIL}") as failed:
        await api.sign_in(EMAIL, "wr0ng-Passw0rd")
    assert "wr0ng" not in str(failed.value)
    assert gauzy.count("POST", "/auth/login") == 1


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "token",
        {"user": {}},
        {"token": None, "refresh_token": None},
        {"token": 7, "refresh_token": "r"},
        {"token": "t", "refresh_token": ""},
        {"token": "two words", "refresh_token": "r"},
        {"token": "t\r\nX-Admin: 1", "refresh_token": "r"},
        {"token": "ä.ö.ü", "refresh_token": "r"},
    ],
)
async def test_an_answer_without_tokens_is_no_sign_in(api: GauzyApi, gauzy: StandIn, answer: object) -> None:
    gauzy.on("POST", "/auth/login", says(answer))
    with pytest.raises(SignInFailed, match="without a token"):
        await api.sign_in(EMAIL, PASSWORD)


@pytest.mark.parametrize(
    "access",
    ["x", "a.b", "a.!!.c", "a.e30.c", "a.W10.c", token(1, exp="soon", id=None), token(1, exp=10**30, id=None)],
)
async def test_a_token_that_tells_nothing_is_taken_all_the_same(api: GauzyApi, gauzy: StandIn, access: str) -> None:
    gauzy.on("POST", "/auth/login", says({"token": access, "refresh_token": "r", "user": {"id": "u", "email": EMAIL}}))
    gauzy.on("GET", "/user-organization", says({"items": []}))
    signed_in = await api.sign_in(EMAIL, PASSWORD)
    assert signed_in.expires_at == 0
    assert signed_in.identity.user_id == "u"


async def test_one_tenant_of_several_can_be_chosen(api: GauzyApi, gauzy: StandIn) -> None:
    def workspace(tenant: str, entry: str) -> dict[str, object]:
        return {"user": {"tenant": {"id": tenant, "name": f"Company {tenant}"}}, "token": entry}

    gauzy.on(
        "POST", "/auth/signin.email.password", says({"workspaces": [workspace("t1", "one"), workspace("t2", "two")]})
    )
    account = Account(EMAIL, claims={"tenantId": "t2"})
    gauzy.on("POST", "/auth/signin.workspace", says(gauzy.issue(account), 201))
    assert (await api.sign_in(EMAIL, PASSWORD, "t2")).identity.tenant_id == "t2"
    assert gauzy.bodies[-1] == {"email": EMAIL, "token": "two"}
    with pytest.raises(SignInFailed, match=r"not in tenant t3. Tenants of this account: Company t1 \(t1\)"):
        await api.sign_in(EMAIL, PASSWORD, "t3")


async def test_a_sign_in_that_gauzy_fails_to_do_is_not_called_a_wrong_password(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("POST", "/auth/login", says({"message": "Cannot read properties of undefined"}, 200))
    with pytest.raises(GauzyFault, match="could not do this: Cannot read"):
        await api.sign_in(EMAIL, PASSWORD)
