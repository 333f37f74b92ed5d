from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mcp_tools.sandbox import demo, tokens
from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.sandbox.client import ORGANIZATION, TENANT, Answer, Caller, signed_in
from tests.sandbox.conftest import KEY

LOGIN = {"email": "demo@gauzy.local", "password": "demo"}


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded


async def login(sandbox: Sandbox, **changed: str) -> Answer:
    return await Caller(sandbox).ask("POST", "/auth/login", body={**LOGIN, **changed})


async def test_the_token_says_who_it_is(sandbox: Sandbox) -> None:
    answer = await login(sandbox)
    told = claims(answer.body["token"])
    assert told["tenantId"] == TENANT
    assert told["organizationId"] == ORGANIZATION
    assert told["employeeId"] == ident("employee", f"{demo.TENANT}/demo@gauzy.local")
    assert told["role"] == "ADMIN"
    assert "ALL_ORG_VIEW" in told["permissions"]
    assert told["exp"] - told["iat"] == 86_400


async def test_somebody_who_is_no_employee_signs_in_too(sandbox: Sandbox) -> None:
    answer = await login(sandbox, email="viewer@gauzy.local")
    told = claims(answer.body["token"])
    assert (told["employeeId"], told["organizationId"]) == (None, ORGANIZATION)
    assert "employee" not in answer.body["user"]


async def test_no_answer_holds_the_password(sandbox: Sandbox) -> None:
    admin = await signed_in(sandbox)
    assert b"password" not in (await login(sandbox)).raw
    assert b"password" not in (await admin.get("/user", ("where[tenantId]", TENANT))).raw


@pytest.mark.parametrize("changed", [{"password": "nope"}, {"password": ""}, {"email": "nobody@gauzy.local"}])
async def test_a_wrong_account_is_refused(sandbox: Sandbox, changed: dict[str, str]) -> None:
    answer = await login(sandbox, **changed)
    assert answer.status == (400 if changed.get("password") == "" else 401)


async def test_capitals_in_the_address_do_not_matter(sandbox: Sandbox) -> None:
    assert (await login(sandbox, email="Demo@Gauzy.Local")).status == 200


async def test_a_refresh_token_is_good_for_one_time(sandbox: Sandbox) -> None:
    first = (await login(sandbox)).body["refresh_token"]
    anybody = Caller(sandbox)
    renewed = await anybody.ask("POST", "/auth/refresh-token", body={"refresh_token": first})
    again = await anybody.ask("POST", "/auth/refresh-token", body={"refresh_token": first})
    second = await anybody.ask("POST", "/auth/refresh-token", body={"refresh_token": renewed.body["refresh_token"]})
    assert (renewed.status, again.status, second.status) == (200, 401, 200)
    assert again.body["message"] == "Token is rotated"


async def test_signing_out_ends_the_refresh_token_alone(sandbox: Sandbox) -> None:
    pair = (await login(sandbox)).body
    caller = Caller(sandbox, {"Authorization": f"Bearer {pair['token']}", "Tenant-Id": TENANT})
    body = {"refresh_token": pair["refresh_token"]}
    out = await caller.ask("POST", "/auth/logout", body=body)
    assert (out.status, out.raw) == (200, b"")
    assert (await caller.ask("POST", "/auth/refresh-token", body=body)).status == 401
    assert (await caller.get("/user/me")).status == 200


async def test_nobody_signs_another_out(sandbox: Sandbox) -> None:
    victim = (await login(sandbox)).body["refresh_token"]
    attacker = await signed_in(sandbox, "employee@gauzy.local")
    await attacker.ask("POST", "/auth/logout", body={"refresh_token": victim})
    assert (await Caller(sandbox).ask("POST", "/auth/refresh-token", body={"refresh_token": victim})).status == 200


def forged(token: str) -> dict[str, str]:
    head, body, signature = token.split(".")
    admin = (
        base64.urlsafe_b64encode(json.dumps({**claims(token), "role": "SUPER_ADMIN"}).encode()).rstrip(b"=").decode()
    )
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    kept = {name: value for name, value in claims(token).items() if name not in ("iat", "exp")}
    return {
        "none": "", "garbage": "a.b.c", "not text": "é.é.é", "other claims": f"{head}.{admin}.{signature}",
        "no signature": f"{none}.{body}.", "other key": tokens.sign(kept, b"x" * 32),
        "expired": tokens.sign({**kept, "exp": 1}, KEY),
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["none", "garbage", "not text", "other claims", "no signature", "other key", "expired"]
)
async def test_a_token_cannot_be_made_up(sandbox: Sandbox, kind: str) -> None:
    token = forged((await login(sandbox)).body["token"])[kind]
    headers = {"Authorization": f"Bearer {token}", "Tenant-Id": TENANT}
    answer = await Caller(sandbox).ask("GET", "/user/me", headers=headers)
    assert (answer.status, answer.body) == (401, {"message": "Unauthorized", "statusCode": 401})
    known = await Caller(sandbox).ask("GET", "/auth/authenticated", headers=headers)
    assert (known.status, known.raw) == (200, b"false")


async def test_a_refresh_token_is_no_access_token(sandbox: Sandbox) -> None:
    pair = (await login(sandbox)).body
    caller = Caller(sandbox, {"Authorization": f"Bearer {pair['refresh_token']}", "Tenant-Id": TENANT})
    assert (await caller.get("/user/me")).status == 401
    swapped = await caller.ask("POST", "/auth/refresh-token", body={"refresh_token": pair["token"]})
    assert swapped.status == 401


async def test_a_person_in_two_tenants_chooses_one(sandbox: Sandbox) -> None:
    account = {"email": "samira.haddad@gauzy.local", "password": "demo"}
    listed = await Caller(sandbox).ask("POST", "/auth/signin.email.password", body={**account, "includeTeams": True})
    tenants = {one["user"]["tenant"]["name"]: one for one in listed.body["workspaces"]}
    assert list(tenants) == [demo.TENANT, demo.OTHER_TENANT]
    assert listed.body["show_popup"] is True
    assert [team["team_name"] for team in tenants[demo.TENANT]["current_teams"]] == ["Design"]
    entry = {"email": account["email"], "token": tenants[demo.OTHER_TENANT]["token"]}
    entered = await Caller(sandbox).ask("POST", "/auth/signin.workspace", body=entry)
    assert entered.status == 201
    assert claims(entered.body["token"])["tenantId"] == ident("tenant", demo.OTHER_TENANT)
    assert claims(entered.body["token"])["role"] == "MANAGER"


async def test_a_workspace_token_opens_for_its_own_address_only(sandbox: Sandbox) -> None:
    listed = await Caller(sandbox).ask("POST", "/auth/signin.email.password", body=LOGIN)
    token = listed.body["workspaces"][0]["token"]
    entry = {"email": "other@gauzy.local", "token": token}
    assert (await Caller(sandbox).ask("POST", "/auth/signin.workspace", body=entry)).status == 401


async def test_another_installation_does_not_know_the_token(sandbox: Sandbox, tmp_path: Path) -> None:
    token = (await login(sandbox)).body["token"]
    elsewhere = Sandbox(tmp_path / "elsewhere.sqlite3", b"z" * 32)
    answer = await Caller(elsewhere, {"Authorization": f"Bearer {token}", "Tenant-Id": TENANT}).get("/user/me")
    elsewhere.close()
    assert answer.status == 401
