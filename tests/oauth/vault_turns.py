"""What ``test_an_unlinked_account_stays_unlinked`` runs, in a process with a database of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

OLD, RENEWED = {"access_token": "old"}, {"access_token": "renewed"}


class Turns:
    """``contested`` is set when somebody has to wait."""

    def __init__(self) -> None:
        self.contested = asyncio.Event()
        self._lock = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def __call__(self, _: str) -> AsyncIterator[None]:
        if self._lock.locked():
            self.contested.set()
        async with self._lock:
            yield


async def unlink_while_a_renewal_is_under_way() -> Any:
    from mcp_tools.sessions.backplane import in_memory
    from oauth_resource.principal import Principal
    from oauth_resource.vault.sealing import KeyRing
    from oauth_resource.vault.store import Vault, owner_of

    turns, alice = Turns(), Principal("https://issuer.example", "alice", "client", frozenset())
    vault = Vault(KeyRing([b"k" * 32]), "https://gauzy.example", in_memory(60, None).bus, turns)
    await vault.save(alice, OLD, "alice@example.com")
    async with vault.turn(alice):
        assert await vault.load(alice, fresh=True) == OLD
        unlinking = asyncio.ensure_future(vault.unlink(owner_of(alice), vault.api))
        contested = asyncio.ensure_future(turns.contested.wait())
        await asyncio.wait({unlinking, contested}, return_when=asyncio.FIRST_COMPLETED)
        contested.cancel()
        await vault.save(alice, RENEWED)
    assert await unlinking
    return await vault.load(alice, fresh=True)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "vault", verbosity=0)
    print(asyncio.run(unlink_while_a_renewal_is_under_way()))


if __name__ == "__main__":
    main()
