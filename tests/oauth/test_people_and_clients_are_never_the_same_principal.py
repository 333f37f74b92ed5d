"""RFC 7519 section 4.1.2, RFC 6749 section 4.4: a token names a person, or is demonstrably its client's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.oauth.checking import Checks, checking
from tests.oauth.knocking import is_refused, knock, open_session
from tests.oauth.stand_in import StandIn

OWN: dict[str, Any] = {"sub": None, "client_id": "webapp", "gty": "client-credentials"}


@pytest.fixture
async def jwts(issuer: StandIn) -> AsyncIterator[Checks]:
    async with checking(issuer) as made:
        yield made


@pytest.fixture
async def opaque(issuer: StandIn) -> AsyncIterator[Checks]:
    async with checking(issuer, jwt=False, introspects=True) as made:
        yield made


@pytest.mark.parametrize(
    "grant",
    [{"gty": "client-credentials"}, {"grant_type": "client_credentials"}, {"token_use": "client_credentials"}],
    ids=str,
)
async def test_a_token_that_a_client_got_for_itself_is_the_clients(
    jwts: Checks, opaque: Checks, issuer: StandIn, grant: dict[str, str]
) -> None:
    claims = {**OWN, "gty": None, **grant}
    for access in (await jwts.access(issuer.token(**claims)), await opaque.access(issuer.opaque(**claims))):
        assert access.principal.subject == "client_credentials:webapp"


@pytest.mark.parametrize(
    "changes",
    [
        {"gty": None}, {"gty": "password"}, {"gty": "client-credentials", "grant_type": "password"},
        {"client_id": None}, {"username": "ann"}, {"preferred_username": "ann"}, {"email": "ann@example.com"},
        {"sid": "s"}, {"auth_time": 1}, {"amr": ["pwd"]}, {"upn": "ann@example.com"}, {"gty": ["client-credentials"]},
        {"gty": True},
    ],
    ids=str,
)  # fmt: skip
async def test_a_token_without_a_subject_is_nobodys(
    jwts: Checks, opaque: Checks, issuer: StandIn, changes: dict[str, Any]
) -> None:
    claims = {**OWN, **changes}
    assert await jwts.refuses(issuer.token(**claims))
    assert await opaque.refuses(issuer.opaque(**claims))


@pytest.mark.parametrize("subject", ["webapp", "client:webapp", "client_credentials:webapp", "person:client:webapp"])
async def test_no_persons_name_is_a_clients(jwts: Checks, issuer: StandIn, subject: str) -> None:
    own = (await jwts.access(issuer.token(**OWN))).principal
    person = (await jwts.access(issuer.token(sub=subject, client_id="webapp"))).principal
    assert person.key != own.key


async def test_people_have_different_principals_whatever_they_are_called(jwts: Checks, issuer: StandIn) -> None:
    names = ["x", "client:x", "person:x", "person:client:x", "person:person:x", "client_credentials:x"]
    keys = {(await jwts.access(issuer.token(sub=name))).principal.key for name in names}
    assert len(keys) == len(names)


async def test_a_person_is_found_where_the_version_before_kept_them(jwts: Checks, issuer: StandIn) -> None:
    person = (await jwts.access(issuer.token(sub="auth0|777"))).principal
    assert person.key == f"{issuer.issuer}|auth0|777"
    for claims in (OWN, {"sub": "client:webapp"}):
        shared = f"{issuer.issuer}|client:webapp"
        principal = (await jwts.access(issuer.token(**claims))).principal
        assert principal.key != shared, "what the people of one client shared is nobody's"


def test_a_session_of_a_client_is_not_there_for_a_person_with_its_name(client: httpx.Client, issuer: StandIn) -> None:
    headers = open_session(client, issuer.token(**OWN))
    own, person = issuer.token(**OWN), issuer.token(sub="client:webapp", client_id="webapp")
    assert knock(client, own, **headers).status_code == 200
    assert knock(client, person, **headers).status_code == 404
    assert is_refused(knock(client, issuer.token(sub=None), **headers))
