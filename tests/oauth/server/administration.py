"""The pages of the authorization server in the admin."""

from __future__ import annotations

import re

import httpx

from tests.operations.operators import Operator

CLIENTS, GRANTS = "/admin/oauth2_provider/application/", "/admin/oauth2_provider/refreshtoken/"
CODES, ACCESS = "/admin/oauth2_provider/grant/", "/admin/oauth2_provider/accesstoken/"
PEOPLE, PERSONAL = "/admin/authorization/account/", "/admin/authorization/personaltoken/"
KEYS = "/admin/authorization/signingkey/"
ALL = (CLIENTS, GRANTS, CODES, ACCESS, PEOPLE, PERSONAL, KEYS)


def act(operator: Operator, page: str, action: str, key: str) -> httpx.Response:
    answer = operator.submit(page, {"action": action, "_selected_action": key})
    assert answer.status_code == 302, answer.text
    return answer


def first(operator: Operator, page: str, query: str = "") -> str:
    """The key of the first row of a list."""
    found = re.search(r'name="_selected_action" value="([\w-]+)"', operator.http.get(page, params={"q": query}).text)
    assert found, f"nothing at {page}"
    return found[1]
