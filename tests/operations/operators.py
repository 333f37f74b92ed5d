"""An operator at the admin, by plain HTTP as a browser without scripts would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

import httpx

NAME, PASSWORD = "operator", "an-operator-of-these-tests"
FIRST_OPERATOR = {"DJANGO_SUPERUSER_USERNAME": NAME, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}


class Operator:
    """Signed in at the admin of a server; raises AssertionError when that does not work."""

    def __init__(self, base_url: str, name: str = NAME, password: str = PASSWORD) -> None:
        self.http = httpx.Client(base_url=base_url, timeout=30)
        answer = self.submit("/admin/login/", {"username": name, "password": password, "next": "/admin/"})
        assert answer.status_code == 302, answer.status_code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def submit(self, path: str, fields: Mapping[str, Any]) -> httpx.Response:
        """Opens a page and sends its form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.http.get(path).text)
        assert token is not None, f"no form at {path}"
        return self.http.post(
            path, data={**fields, "csrfmiddlewaretoken": token[1]}, headers={"Referer": str(self.http.base_url)}
        )

    def act(self, action: str, *uids: str) -> httpx.Response:
        """An action of the list on chosen sessions."""
        chosen = {"action": action, "_selected_action": list(uids)}
        return self.submit("/admin/operations/sessionrecord/", chosen)

    def terminate(self, uid: str) -> httpx.Response:
        return self.submit(f"/admin/operations/sessionrecord/{uid}/terminate/", {})
