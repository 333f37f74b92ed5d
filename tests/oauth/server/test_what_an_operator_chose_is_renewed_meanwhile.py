"""An operator revokes what a list shows, and the client renewed it since the list was loaded."""

from __future__ import annotations

import re

import httpx

from tests.oauth.server.administration import ACCESS, GRANTS
from tests.oauth.server.person import OAuthClient, Person, hidden
from tests.oauth.server.using import status_of
from tests.operations.operators import Operator
from tests.processes import Server


def revoke(operator: Operator, listed: httpx.Response) -> str:
    """Revokes everything on a list that was loaded before; the page that follows."""
    chosen = re.findall(r'name="_selected_action" value="([\w-]+)"', listed.text)
    assert chosen, listed.url
    token = hidden(listed.text)["csrfmiddlewaretoken"]
    fields = {"action": "revoke", "_selected_action": chosen, "csrfmiddlewaretoken": token}
    headers = {"Referer": str(operator.http.base_url)}
    return operator.http.post(listed.url, data=fields, headers=headers, follow_redirects=True).text


def test_revoking_a_grant_ends_what_replaced_it(place: Server, person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    with Operator(place.http) as operator:
        for filters in ({}, {"revoked__isempty": "1"}):
            listed = operator.http.get(GRANTS, params={"q": client.id, **filters})
            renewed = client.refresh(tokens["refresh_token"]).json()
            assert "1 grant revoked" in revoke(operator, listed)
            assert status_of(person.base, renewed["access_token"]) == 401
            assert client.refresh(renewed["refresh_token"]).json()["error"] == "invalid_grant"
            assert "0 grants revoked" in revoke(operator, listed), "it is over already"
            client = OAuthClient.registered(person.base)
            tokens = client.tokens(person)


def test_an_access_token_that_is_gone_is_not_said_to_be_revoked(place: Server, person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    with Operator(place.http) as operator:
        listed = operator.http.get(ACCESS, params={"q": client.id})
        renewed = client.refresh(tokens["refresh_token"]).json()
        answer = revoke(operator, listed)
        assert "1 chosen token not found" in answer and "revoked." not in answer
        answer = revoke(operator, operator.http.get(ACCESS, params={"q": client.id}))
        assert "1 token revoked" in answer and "not found" not in answer
    assert status_of(person.base, renewed["access_token"]) == 401
    assert client.refresh(renewed["refresh_token"]).json()["error"] == "invalid_grant"
