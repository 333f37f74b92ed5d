"""A person in a browser without scripts, and a client that asks for access, over plain HTTP."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from tests.oauth.server.places import base_of
from tests.processes import Server

DEMO = {"email": "demo@gauzy.local", "password": "demo"}
REDIRECT = "http://127.0.0.1:7777/callback"


class Person:
    """``browser`` keeps cookies and follows nothing by itself."""

    def __init__(self, place: Server) -> None:
        self.base = base_of(place)
        self.browser = httpx.Client(base_url=self.base, timeout=60, verify=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def sign_in(self, next_page: str = "/account", **given: str) -> httpx.Response:
        """Signs in as the demo user, or with what is ``given``, where Gauzy would; the answer to the last form."""
        page = self.browser.get("/oauth/sign-in", params={"next": next_page})
        answer = self.submit(page, **{**DEMO, **given})
        while chosen := re.search(r'name="(\w+)" value="([^"]+)" checked', answer.text):
            answer = self.submit(answer, **{chosen[1]: chosen[2]})
        return answer

    def submit(self, page: httpx.Response, **given: str) -> httpx.Response:
        """Fills in the first form of ``page`` and sends it as a browser does."""
        form = re.search(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.S)
        assert form, page.text
        fields = {**hidden(form[2]), **given}
        address = urljoin(str(page.url), html.unescape(form[1]))
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.base))
        return self.browser.post(address, data=fields, headers={"Origin": origin, "Referer": str(page.url)})

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Sends a form of the page of connected apps."""
        token = hidden(self.browser.get("/account").text)["csrfmiddlewaretoken"]
        return self.browser.post(path, data={**fields, "csrfmiddlewaretoken": token}, headers={"Origin": self.base})

    def asked(self, client: OAuthClient, **changes: str | None) -> httpx.Response:
        """The page that a client's authorization request leads to."""
        return self.browser.get("/oauth/authorize", params=client.request(**changes))

    def allows(self, client: OAuthClient, **changes: str | None) -> dict[str, str]:
        """Allows everything that the client asks for, and answers what the client gets to know."""
        return self.decided(self.asked(client, **changes))

    def decided(self, page: httpx.Response) -> dict[str, str]:
        """Allows everything on a consent page, and answers what the client gets to know."""
        assert page.status_code == 200, page.headers.get("Location", page.text)
        optional = re.findall(r'name="(grant-[\w.]+)"', page.text)
        return redirected(self.submit(page, decision="allow", **dict.fromkeys(optional, "yes")))


def hidden(markup: str) -> dict[str, str]:
    """The hidden fields of a form."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", markup):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden":
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return found


def redirected(answer: httpx.Response) -> dict[str, str]:
    """The parameters that an authorization ends with, each there once."""
    assert answer.status_code in (302, 303), answer.text
    parameters = parse_qs(urlsplit(answer.headers["Location"]).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in parameters.values()), parameters
    return {name: values[0] for name, values in parameters.items()}


@dataclass
class OAuthClient:
    """A public client that registered itself. ``verifier`` is that of its only authorization at a time."""

    base: str
    id: str
    redirect: str = REDIRECT
    secret: str = ""
    scope: str = "mcp.read mcp.write"
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @classmethod
    def registered(cls, base: str, **metadata: Any) -> OAuthClient:
        """Registers by RFC 7591."""
        asked = {
            "client_name": "Test client",
            "redirect_uris": [REDIRECT],
            "token_endpoint_auth_method": "none",
            **metadata,
        }
        answer = httpx.post(f"{base}/oauth/register", json=asked, timeout=60, verify=False)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return cls(base, made["client_id"], asked["redirect_uris"][0], made.get("client_secret", ""))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def request(self, **changes: str | None) -> dict[str, str]:
        """The parameters of a good authorization request; a change to None leaves one out."""
        good = {
            "response_type": "code", "client_id": self.id, "redirect_uri": self.redirect, "state": "s-1",
            "code_challenge": self.challenge, "code_challenge_method": "S256", "scope": self.scope,
            "resource": f"{self.base}/mcp",
        }  # fmt: skip
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def exchange(self, code: str, **changes: str | None) -> httpx.Response:
        """Trades a code for tokens."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect, "client_id": self.id,
            "code_verifier": self.verifier, "client_secret": self.secret or None, **changes,
        }  # fmt: skip
        return self.post("/oauth/token", form)

    def refresh(self, token: str, **changes: str | None) -> httpx.Response:
        form = {
            "grant_type": "refresh_token", "refresh_token": token, "client_id": self.id,
            "client_secret": self.secret or None, **changes,
        }  # fmt: skip
        return self.post("/oauth/token", form)

    def revoke(self, token: str) -> httpx.Response:
        return self.post("/oauth/revoke", {"token": token, "client_id": self.id, "client_secret": self.secret or None})

    def post(self, path: str, form: dict[str, str | None]) -> httpx.Response:
        given = {name: value for name, value in form.items() if value is not None}
        return httpx.post(f"{self.base}{path}", data=given, timeout=60, verify=False)

    def tokens(self, person: Person, **changes: str | None) -> dict[str, Any]:
        """A whole sign-in: the answer of the token endpoint."""
        answer = self.exchange(person.allows(self, **changes)["code"])
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens
