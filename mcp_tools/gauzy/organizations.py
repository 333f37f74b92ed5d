"""The organizations that one account belongs to, and its tokens for each that it is asked to work in."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mcp_tools.gauzy.api import GauzyApi, memberships, names_of, switched
from mcp_tools.gauzy.client import GauzyClient, MemorySlot
from mcp_tools.gauzy.errors import GauzyFault, NotSignedIn, NotYourOrganization
from mcp_tools.gauzy.identity import SignIn

MAX_ORGANIZATIONS: Final = 8
"""Organizations whose tokens are kept for one account; the least recently used goes, and is switched to again."""

KNOWN_SECONDS: Final = 300.0
"""How long the list of organizations is believed: a person who left one keeps working there no longer than this."""

_MAX_NAMED: Final = 20


class OrganizationClient(GauzyClient):
    """The account of ``home`` in another organization, with tokens of its own. It leaves those of ``home`` alone.

    Source: ``POST /auth/switch-organization`` answers with a new pair of tokens, and the old pair stays good.
    """

    def __init__(self, api: GauzyApi, home: GauzyClient, organization_id: str) -> None:
        super().__init__(api, MemorySlot())
        self.home = home
        self._organization_id = organization_id

    async def _enter(self) -> SignIn:
        body = {"organizationId": self._organization_id}
        answer = await self.home.request("POST", "/auth/switch-organization", body=body)
        fresh = switched(answer, self._organization_id)
        if fresh.identity.person != (await self.home.identity()).person:
            raise NotSignedIn("Another account was signed in while this ran. Call the tool again, as that account.")
        if fresh.identity.organization_id != self._organization_id:
            # Tokens for another organization would send writes there.
            raise GauzyFault(f"Gauzy did not switch to the organization {self._organization_id}", 200)
        await self._slot.save(fresh)
        return fresh


class OrganizationsOfAccount:
    """The organizations of the account of ``person`` (tenant and user).

    Parallel calls share one list and one switch for each organization. Everything is dropped with this object, which
    lives as long as the account is that person's (:meth:`Accounts.organizations`).
    """

    def __init__(self, api: GauzyApi, person: tuple[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        self.person = person
        self._api = api
        self._clock = clock
        self._names: Mapping[str, str] = {}
        self._known_until = -1.0
        self._listing = asyncio.Lock()
        self._clients: OrderedDict[str, OrganizationClient] = OrderedDict()

    async def client(self, home: GauzyClient, wanted: str) -> GauzyClient:
        """The account of ``home`` in the organization that ``wanted`` names. Raises NotYourOrganization."""
        organization_id, _ = await self.find(home, wanted)
        if organization_id == (await home.identity()).organization_id:
            return home
        client = self._clients.get(organization_id)
        if client is None:
            client = self._clients[organization_id] = OrganizationClient(self._api, home, organization_id)
            if len(self._clients) > MAX_ORGANIZATIONS:
                self._clients.popitem(last=False)
        client.home = home
        self._clients.move_to_end(organization_id)
        return client

    async def find(self, home: GauzyClient, wanted: str) -> tuple[str, str]:
        """Id and name of the organization with that id, or that name in any case. Raises NotYourOrganization."""
        async with self._listing:
            if self._known_until < self._clock():
                query = memberships(await home.identity())
                self._names = names_of(await home.request("GET", "/user-organization", query=query))
                self._known_until = self._clock() + KNOWN_SECONDS
            names = self._names
        asked = _folded(wanted.strip())
        found = [(id, name) for id, name in names.items() if asked in (_folded(id), _folded(name))]
        if len(found) != 1:
            raise NotYourOrganization(_refusal(wanted, found or list(names.items()), ambiguous=bool(found)))
        return found[0]


def _folded(text: str) -> str:
    """For a comparison that minds neither case nor how letters are composed (UAX #15)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _refusal(wanted: str, choices: Sequence[tuple[str, str]], *, ambiguous: bool) -> str:
    problem = "names several of your organizations, so use the id" if ambiguous else "is not one of your organizations"
    listed = ", ".join(f"{name} ({id})" for id, name in choices[:_MAX_NAMED]) or "none"
    more = f" and {len(choices) - _MAX_NAMED} more" if len(choices) > _MAX_NAMED else ""
    return f'"{wanted[:80]}" {problem}. Use one of: {listed}{more}.'
