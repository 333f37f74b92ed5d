"""Ten sign-ins per address and per account, whoever's access token the guesses come with."""

from __future__ import annotations

import httpx

from tests.oauth.knocking import bearer
from tests.oauth.stand_in import stand_in
from tests.processes import server
from tests.transports.calls import message

COUNTED = {
    "MCP_TRANSPORT": "http",
    "THROTTLE_ENABLED": "true",
    "THROTTLE_LIMIT": "1000",
    "THROTTLE_TTL": "600000",
    "MCP_TRUSTED_PROXIES": "127.0.0.1",
    "GAUZY_IDENTITY_MODE": "per_user",
}


def test_more_subjects_or_more_addresses_give_no_more_guesses() -> None:
    with (
        stand_in() as issuer,
        server(issuer.environment(**COUNTED)) as running,
        httpx.Client(base_url=running.http, timeout=60) as client,
    ):

        def guess(number: int, subject: str, address: str, account: str) -> bool:
            """Whether the guess was made; a refusal for its number is none."""
            token = issuer.token(sub=subject, scope="mcp.read mcp.write")
            arguments = {"email": account, "password": f"guess {number}"}
            call = message("tools/call", {"name": "login", "arguments": arguments})
            answer = client.post("/mcp", json=call, headers={**bearer(token), "X-Forwarded-For": address})
            return "Too many requests" not in answer.text

        by_subject = [guess(one, f"subject-{one}", "192.0.2.1", f"{one}@example.com") for one in range(12)]
        by_address = [guess(one, f"other-{one}", f"192.0.2.{one + 10}", "emma@example.com") for one in range(12)]
    assert by_subject == [True] * 10 + [False] * 2
    assert by_address == [True] * 10 + [False] * 2
