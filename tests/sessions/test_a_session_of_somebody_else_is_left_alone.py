"""Anyone who knows the id of a session that another principal opened can neither hold its request ids nor renew it."""

from __future__ import annotations

from oauth_resource.principal import ANONYMOUS, Principal
from tests.sessions.planes import Processes

ALICE = Principal("https://issuer.example", 'alice "ä"', "client", frozenset({"mcp.read"}))
OTHERS = (
    Principal("https://issuer.example", "bob", "client", frozenset()),
    Principal("https://other.example", ALICE.subject, "client", frozenset()),
    ANONYMOUS,
)


async def test_nobody_else_holds_an_id_in_it(processes: Processes) -> None:
    session = await processes.here.sessions.open("http", ALICE)
    for stranger in OTHERS:
        for _ in range(2):
            assert await processes.there.sessions.get(session.id, 8, principal=stranger) is None
    found = await processes.here.sessions.get(session.id, 8, principal=ALICE)
    assert found is not None and found.belongs_to(ALICE)


async def test_nobody_else_keeps_it_alive(processes: Processes) -> None:
    session = await processes.here.sessions.open("http", ALICE)
    for _ in range(3):
        await processes.let_pass(processes.here.sessions.ttl_seconds / 2)
        for stranger in OTHERS:
            assert await processes.there.sessions.get(session.id, principal=stranger) is None
    assert await processes.here.sessions.get(session.id, principal=ALICE) is None


async def test_a_session_of_nobody_is_nobodys(processes: Processes) -> None:
    session = await processes.here.sessions.open("http")
    assert await processes.there.sessions.get(session.id, principal=ALICE) is None
    assert await processes.there.sessions.get(session.id) is not None
