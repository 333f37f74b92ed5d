"""Calls that go on after their answer: the extension io.modelcontextprotocol/tasks (SEP-2663) of the stateless era.

A task's state is a record that any process reads. Only the process that runs the task writes its status; who else
has something to say (an answer, a cancellation) sets a field of its own and wakes that process.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from mcp_tools.catalog.questions import Question, check
from mcp_tools.dispatch.client_questions import LOOK_SECONDS, Answers, as_input
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import capabilities, sieve
from mcp_tools.protocol.errors import INTERNAL_ERROR, TOO_MANY_REQUESTS, ProtocolError, invalid_params
from mcp_tools.protocol.messages import Request
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.errors import StateUnavailable

log = logging.getLogger("gauzy_mcp.calls")

TTL_MS: Final = 3_600_000
POLL_MS: Final = 500
MAX_RUNNING: Final = 200
"""Tasks that one process runs at once."""

_OVER: Final = ("completed", "failed", "cancelled")
_SHOWN: Final = ("status", "statusMessage", "createdAt", "lastUpdatedAt", "ttlMs", "pollIntervalMs", "result", "error")
_ANSWER: Final = "answer:"
_PAUSES: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts to keep an outcome."""

Work = Callable[[], Awaitable[dict[str, Any]]]
"""Runs the call to its end and answers the CallToolResult. Raises ProtocolError."""


class Task:
    """One running task, in the process that runs it."""

    def __init__(self, plane: Backplane, context: RequestContext) -> None:
        self.id = secrets.token_urlsafe(24)
        self._plane = plane
        self._context = context
        self._asked: set[str] = set()
        self._created = _now()
        self._begun = asyncio.Event()

    async def begin(self) -> dict[str, Any]:
        """Makes the record and answers the CreateTaskResult."""
        await self._plane.leases.hold(name_of(self.id))
        fields = {
            "status": "working",
            "createdAt": self._created,
            "lastUpdatedAt": self._created,
            "ttlMs": TTL_MS,
            "pollIntervalMs": POLL_MS,
        }
        owner = {"principal": self._context.principal.key}
        try:
            await self._plane.records.create(name_of(self.id), {**fields, **owner}, TTL_MS / 1000)
        except StateUnavailable:
            self._plane.leases.let_go(name_of(self.id))
            raise
        self._begun.set()
        return {"resultType": "task", "taskId": self.id, **fields}

    async def change(self, **fields: Any) -> None:
        # A call may have something to say before its record is made.
        await self._begun.wait()
        await self._plane.records.change(name_of(self.id), {**fields, "lastUpdatedAt": _now()})

    async def finish(self, **fields: Any) -> None:
        """Keeps the outcome, also when the shared state is away for a moment. Raises StateUnavailable after that."""
        try:
            for pause in _PAUSES:
                try:
                    return await self.change(inputRequests={}, **fields)
                except StateUnavailable as error:
                    log.warning("the outcome of a task has to wait: %s", error)
                    await asyncio.sleep(pause)
            await self.change(inputRequests={}, **fields)
        finally:
            # Without an outcome the task must not seem to run on: it is shown as interrupted.
            self._plane.leases.let_go(name_of(self.id))

    def can(self, question: Question) -> bool:
        return capabilities.declares(self._context.capabilities, question.capability)

    async def ask(self, questions: Mapping[str, Question]) -> Answers:
        """Waits until ``tasks/update`` has brought every answer. Raises -32021 for what the client cannot be asked."""
        for question in questions.values():
            if not self.can(question):
                raise capabilities.missing(question.capability)
        keys = {name: self._fresh(name) for name in questions}
        asked = {keys[name]: as_input(question) for name, question in questions.items()}
        await self.change(status="input_required", inputRequests=asked)
        answers = await self._answers(list(asked))
        await self.change(status="working", inputRequests={})
        return {name: check(question.method, answers[keys[name]]) for name, question in questions.items()}

    def _fresh(self, name: str) -> str:
        """Keys are never used twice in a task, so that a late answer cannot be taken for another question's."""
        key, number = name, 1
        while key in self._asked:
            number += 1
            key = f"{name}-{number}"
        self._asked.add(key)
        return key

    async def _answers(self, keys: list[str]) -> dict[str, Any]:
        arrived = asyncio.Event()
        stop = self._plane.bus.listen(name_of(self.id), lambda _: arrived.set())
        try:
            while True:
                arrived.clear()
                record = await self._plane.records.read(name_of(self.id)) or {}
                if all(_ANSWER + key in record for key in keys):
                    return {key: record[_ANSWER + key] for key in keys}
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(arrived.wait(), LOOK_SECONDS)
        finally:
            stop()


class Tasks:
    """tasks/get, tasks/update and tasks/cancel, and the tasks that this process runs."""

    def __init__(self, plane: Backplane, server_info: Mapping[str, Any]) -> None:
        self._plane = plane
        self._server_info = server_info
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, task: Task, work: Work, context: RequestContext) -> dict[str, Any]:
        """Begins ``work`` in the background and answers at once. Raises -32029 when too many tasks run."""
        if len(self._running) >= MAX_RUNNING:
            raise ProtocolError(TOO_MANY_REQUESTS, f"Too many tasks at once: at most {MAX_RUNNING} may run", status=429)
        created = await task.begin()
        running = asyncio.create_task(self._run(task, work))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return sieve.complete(created, context.revision, self._server_info)

    async def get(self, request: Request, context: RequestContext) -> dict[str, Any]:
        task_id, record = await self._find(request, context)
        if record["status"] not in _OVER and not await self._plane.leases.held(name_of(task_id)):
            record = await self._over_or_lost(task_id)
        shown = {name: record[name] for name in _SHOWN if record.get(name) is not None}
        unanswered = _open_questions(record)
        if unanswered:
            shown["inputRequests"] = unanswered
        elif shown["status"] == "input_required":
            shown["status"] = "working"
        return sieve.complete({"taskId": task_id, **shown}, context.revision, self._server_info)

    async def update(self, request: Request, context: RequestContext) -> dict[str, Any]:
        """Takes answers to open questions; the result is seen by the next tasks/get."""
        task_id, record = await self._find(request, context)
        responses = request.params.get("inputResponses")
        if not isinstance(responses, dict):
            raise invalid_params("inputResponses must be an object", {"field": "inputResponses"})
        unanswered = _open_questions(record)
        answers = {
            _ANSWER + key: check(unanswered[key]["method"], responses[key]) for key in responses if key in unanswered
        }
        if answers:
            await self._plane.records.change(name_of(task_id), answers)
            await self._plane.bus.publish(name_of(task_id))
        return sieve.complete({}, context.revision, self._server_info)

    async def cancel(self, request: Request, context: RequestContext) -> dict[str, Any]:
        task_id, record = await self._find(request, context)
        if record["status"] not in _OVER:
            if await self._plane.leases.held(name_of(task_id)):
                await self._plane.bus.publish(f"cancel:{name_of(task_id)}", True)
            else:
                await self._over_or_lost(task_id)
        return sieve.complete({}, context.revision, self._server_info)

    async def aclose(self) -> None:
        """Cancels what still runs, so that its state says so."""
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, task: Task, work: Work) -> None:
        current = asyncio.current_task()
        assert current is not None
        stop = self._plane.bus.listen(f"cancel:{name_of(task.id)}", lambda asked: asked and current.cancel())
        try:
            await task.finish(**await _outcome(work))
        except StateUnavailable as error:
            log.error("the outcome of a task is lost: %s", error)
        finally:
            stop()

    async def _find(self, request: Request, context: RequestContext) -> tuple[str, dict[str, Any]]:
        """The record of a task of the caller's. Raises -32021 without the extension, -32602 for an unknown task."""
        if not capabilities.declares_tasks(context.capabilities):
            raise capabilities.missing(("extensions", capabilities.TASKS))
        task_id = request.params.get("taskId")
        record = await self._plane.records.read(name_of(task_id)) if isinstance(task_id, str) else None
        if not isinstance(task_id, str) or record is None or record["principal"] != context.principal.key:
            raise invalid_params(
                "Unknown task: it never was, ended long ago or belongs to someone else", {"field": "taskId"}
            )
        return task_id, record

    async def _over_or_lost(self, task_id: str) -> dict[str, Any]:
        """The record of a task whose lease nobody holds. An outcome is kept before the lease is given up."""
        record = await self._plane.records.read(name_of(task_id)) or {}
        return record if record.get("status") in _OVER else await self._lost(task_id)

    async def _lost(self, task_id: str) -> dict[str, Any]:
        """A task whose process is gone: whether it was done is unknown, and it is not run again by itself."""
        error = ProtocolError(INTERNAL_ERROR, "The task was interrupted; its outcome is unknown").to_dict()
        await self._plane.records.change(
            name_of(task_id), {"status": "failed", "error": error, "inputRequests": {}, "lastUpdatedAt": _now()}
        )
        return await self._plane.records.read(name_of(task_id)) or {"status": "failed", "error": error}


async def _outcome(work: Work) -> dict[str, Any]:
    try:
        return {"status": "completed", "result": {"resultType": "complete", **await work()}}
    except asyncio.CancelledError:
        return {"status": "cancelled"}
    except ProtocolError as error:
        return {"status": "failed", "error": error.to_dict()}
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("unexpected error reference=%s in a task", reference)
        problem = ProtocolError(INTERNAL_ERROR, f"Internal error (reference {reference})", {"reference": reference})
        return {"status": "failed", "error": problem.to_dict()}


def name_of(task_id: str) -> str:
    """A task's id opens it, so it is kept as a digest."""
    return "task:" + hashlib.sha256(task_id.encode()).hexdigest()


def _open_questions(record: Mapping[str, Any]) -> dict[str, Any]:
    asked = record.get("inputRequests") or {}
    return {key: question for key, question in asked.items() if _ANSWER + key not in record}


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
