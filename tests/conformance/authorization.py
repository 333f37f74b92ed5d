"""The suite's scenarios for authorization servers, at the embedded one; a scripted person takes the browser's part."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import httpx

from tests.conformance.suite import Outcome, Suite, read
from tests.oauth.peer import free_port
from tests.oauth.server.attended import attended
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import embedded

NAME: Final = "authorization"
SCENARIOS: Final = ("authorization-server-metadata-endpoint", "authorization-code-grant")


def run(suite: Suite, output: Path) -> Outcome:
    """Every check of both scenarios."""
    port = free_port()
    with embedded() as place, Person(place) as person:
        person.sign_in()
        client = OAuthClient.registered(person.base, redirect_uris=[f"http://127.0.0.1:{port}/callback"])
        command = [
            suite.node, suite.script, "authorization", "--url", person.base, "--client-id", client.id,
            "--resource", f"{person.base}/mcp", "--port", str(port), "-o", str(output),
        ]  # fmt: skip
        with attended(command) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.search(rf"{re.escape(person.base)}/oauth/authorize\?\S+", line):
                    _allow(person, found[0])
    return Outcome(NAME, SCENARIOS, read(output, "authorization-server"))


def _allow(person: Person, address: str) -> None:
    """What a person does in the browser: everything is allowed, and the client is told."""
    page = person.browser.get(address)
    optional = re.findall(r'name="(grant-[\w.]+)"', page.text)
    answer = person.submit(page, decision="allow", **dict.fromkeys(optional, "yes"))
    httpx.get(answer.headers["Location"], timeout=30).raise_for_status()
