"""Writes the history behind the requests: observations gather in memory, and a thread stores them every second."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections

from mcp_tools.dispatch.observers import UNKNOWN_CALLER, CallerDetails, Observer, Operation
from mcp_tools.operations import history
from mcp_tools.operations.gathering import Digests, Gathered
from mcp_tools.operations.journal_reader import JournalReader
from mcp_tools.sessions.session import Session

log = logging.getLogger("gauzy_mcp.operations")

FLUSH_SECONDS: Final = 1.0
MAX_WAITING: Final = 50_000
"""Observations that may wait while the database is away; beyond it they are dropped, and the log says so."""

_TIDY_SECONDS: Final = 60.0


class Recorder(Observer):
    """History is for reading later: requests never wait for it, and go on when the database is away.

    ``journals`` are those of stdio processes with the same home; ``tidies`` are called every minute in the thread that
    tidies the history.
    """

    def __init__(
        self,
        digests: Digests,
        lives: history.Lives,
        journals: JournalReader,
        tidies: Sequence[Callable[[], None]] = (),
    ) -> None:
        self._journals = journals
        self._digests = digests
        self._lives = lives
        self._tidies = (lambda: history.tidy(lives), *tidies)
        self._gathered = Gathered()
        self._flushing: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._is_away = False
        self._tidied = -_TIDY_SECONDS
        # Not every ASGI server tells an application that it ends.
        atexit.register(self._write_rest)

    def start(self) -> None:
        """Begins to store. Needs a running loop."""
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.get_running_loop().create_task(self._flush_forever(), context=Context())

    def session_began(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        self.session_seen(session, caller)

    def session_seen(self, session: Session, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        self._gathered.see(session, caller)
        self.start()

    def sessions_connected(self, sessions: Sequence[Session]) -> None:
        self._gathered.connected = {session.uid: session for session in sessions}
        self.start()

    def session_ended(self, uid: str, reason: str, session: Session | None = None) -> None:
        self._gathered.end(uid, reason)
        self.start()

    def operation_began(self, session: Session | None, caller: CallerDetails = UNKNOWN_CALLER) -> None:
        if session is not None:
            self._gathered.run(session.uid, 1)
            self.session_seen(session, caller)

    def operation_ended(self, operation: Operation) -> None:
        if not operation.tool:
            return
        if operation.began_as:
            self._gathered.run(operation.began_as, -1)
        if operation.uid:
            # The call may have been what told whose account it is.
            self._gathered.callers[operation.uid] = operation.caller
        self._gathered.calls.append(self._digests.call(operation))
        self.start()

    async def aclose(self) -> None:
        """Stores what is left."""
        self._ending.set()
        if self._flushing is not None:
            await self._flushing
        await self._store()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._leave)
        self._thread.shutdown(wait=False)

    async def _flush_forever(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._ending.wait()
            await self._store()

    async def _store(self) -> None:
        gathered, self._gathered = self._gathered, Gathered()
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, gathered)
        except (OperationalError, InterfaceError) as error:
            self._keep(gathered, error)
        except Exception:
            log.exception("history of %d calls could not be stored", len(gathered.calls))
        else:
            self._came_back()

    def _write(self, gathered: Gathered) -> None:
        tidies = time.monotonic() - self._tidied > min(_TIDY_SECONDS, self._lives.ttl_seconds)
        close_old_connections()
        try:
            self._journals.read()
            if tidies:
                for tidy in self._tidies:
                    tidy()
                self._tidied = time.monotonic()
            # Last, since what is written must not be kept for another time.
            if gathered:
                history.write(gathered, self._lives)
        finally:
            close_old_connections()

    def _leave(self) -> None:
        """What is in the memory of this process ends with it."""
        if not self._lives.process:
            return
        close_old_connections()
        try:
            history.expire_sessions_of(self._lives.process)
        except (OperationalError, InterfaceError) as error:
            log.warning("sessions of this process stay live in the history until they expire: %s", error)
        finally:
            close_old_connections()

    def _keep(self, gathered: Gathered, error: Exception) -> None:
        """Waits for the database, which may only be busy; an outage is told once."""
        log.log(logging.DEBUG if self._is_away else logging.ERROR, "history waits for the database: %s", error)
        self._is_away = True
        if len(gathered) > MAX_WAITING:
            log.error("the database takes no history: %d calls were dropped", len(gathered.calls))
            return
        gathered.add(self._gathered)
        self._gathered = gathered

    def _came_back(self) -> None:
        if self._is_away:
            self._is_away = False
            log.warning("history is stored again")

    def _write_rest(self) -> None:
        if self._gathered:
            try:
                self._write(self._gathered)
            except Exception as error:
                log.error("history of %d calls could not be stored: %s", len(self._gathered.calls), error)
