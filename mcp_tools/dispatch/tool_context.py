"""The ports of :mod:`mcp_tools.catalog.context`, filled in for one request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from mcp_tools.catalog.context import Account, Gauzy
from mcp_tools.catalog.questions import Question
from mcp_tools.catalog.tool import ToolError
from mcp_tools.dispatch.client_questions import Answers, Asker
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.dispatch.tasks import Task
from mcp_tools.gauzy.accounts import CallerAccount
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.gauzy.identity import Identity
from mcp_tools.protocol import capabilities
from mcp_tools.protocol.revisions import V2025_03_26
from mcp_tools.sessions.store import SessionStore
from oauth_resource.principal import Principal

Search = Callable[[RequestContext, str, int], Sequence[Mapping[str, Any]]]
Probe = Callable[[], Awaitable[Mapping[str, Any]]]


class CallContext:
    """Everything one request may touch; made for it and dropped with it."""

    def __init__(
        self,
        context: RequestContext,
        account: CallerAccount,
        *,
        asker: Asker,
        search: Search,
        sessions: SessionStore,
        server: Mapping[str, Any],
        probe: Probe,
    ) -> None:
        self._context = context
        self._account = account
        self._asker = asker
        self._search = search
        self._sessions = sessions
        self._server = server
        self._probe = probe
        self._reported = -1.0
        self._task: Task | None = None
        self._detaching: asyncio.Future[None] | None = None

    @property
    def gauzy(self) -> Gauzy:
        return self._account

    @property
    def account(self) -> Account:
        return self._account

    @property
    def used_identity(self) -> Identity | None:
        """Whose account, in which organization, the latest request to Gauzy used; None while there was none."""
        return self._account.used

    def work_in(self, organization: str) -> None:
        """Makes the call act in an organization of the caller's, named by id or name. It is looked up at first use."""
        self._account = self._account.within(organization)

    @property
    def principal(self) -> Principal:
        return self._context.principal

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        return (ToolError, GauzyError)

    def describe_server(self) -> Mapping[str, Any]:
        return self._server

    def describe_session(self) -> Mapping[str, Any]:
        context, session = self._context, self._context.session
        described: dict[str, Any] = {
            "transport": context.transport,
            "protocolVersion": context.revision,
            "client": {key: context.client[key] for key in ("name", "version") if key in context.client},
            "hasSession": session is not None,
        }
        if session is not None:
            described |= {
                "session": session.label,
                "openedAt": _iso(session.created),
                "calls": session.calls,
                "errors": session.errors,
            }
        return described

    async def cleanup_sessions(self) -> int:
        return await self._sessions.cleanup()

    async def probe(self) -> Mapping[str, Any]:
        return await self._probe()

    def search_tools(self, query: str, limit: int) -> Sequence[Mapping[str, Any]]:
        return self._search(self._context, query, limit)

    def can_ask(self, question: Question) -> bool:
        return self._asker.can(question)

    async def ask(self, **questions: Question) -> Answers:
        return await self._asker.ask(questions)

    def on_detach(self, task: Task, detaching: asyncio.Future[None]) -> None:
        """What :meth:`detach` becomes; ``detaching`` is done when the call may be answered with its task."""
        self._task, self._detaching = task, detaching

    @property
    def detached(self) -> bool:
        """Whether the call goes on as a task."""
        return self._detaching is not None and self._detaching.done()

    async def detach(self) -> None:
        """Raises -32021 for a client without tasks."""
        if self._task is None or self._detaching is None:
            raise capabilities.missing(("extensions", capabilities.TASKS))
        if not self.detached:
            # From here on the answer is on its way: questions go by the task, and nothing else can be sent.
            self._asker, self._context.outlet = self._task, None
            self._detaching.set_result(None)

    async def log(self, level: str, data: Any, logger: str = "gauzy") -> None:
        await self._context.log(level, data, logger)

    async def pause_connection(self, retry_ms: int) -> None:
        if self._context.outlet is not None:
            await self._context.outlet.pause(retry_ms)

    async def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Strictly increasing, as page basic/utilities/progress wants; a step back is not sent."""
        context = self._context
        if done <= self._reported:
            return
        self._reported = done
        if self._task is not None and self.detached:
            await self._task.change(statusMessage=message or f"{done:g}" + (f" of {total:g}" if total else ""))
        elif context.progress_token is not None:
            params: dict[str, Any] = {"progressToken": context.progress_token, "progress": done}
            if total is not None:
                params["total"] = total
            if message is not None and context.revision >= V2025_03_26:
                params["message"] = message
            await context.notify("notifications/progress", params)


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
