"""How a running request asks its client for something, in the way its era has for it.

Handshake era: a request of ours on the same connection, answered by a message (2025-11-25 pages client/*).
Stateless era: the request ends with ``input_required`` and comes again with the answers (2026-07-28 page
basic/patterns/mrtr), so whatever a tool does before it asks is done once per round.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Mapping
from typing import Any, Final, Protocol

import orjson

from mcp_tools.catalog.questions import Question, check
from mcp_tools.catalog.tool import ToolError
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import capabilities, messages, state
from mcp_tools.protocol.errors import ProtocolError, invalid_params
from mcp_tools.protocol.messages import Request, Response
from mcp_tools.protocol.revisions import V2025_11_25
from mcp_tools.protocol.state import RequestStates
from mcp_tools.sessions.backplane import Backplane
from mcp_tools.sessions.errors import StateUnavailable
from mcp_tools.sessions.mailbox import topic_of

ANSWER_SECONDS: Final = 300
"""How long a person may take."""

LOOK_SECONDS: Final = 5.0

LEFT: Final = "Nobody can answer any more: the client has left."

Answers = dict[str, dict[str, Any]]


class Asker(Protocol):
    def can(self, question: Question) -> bool:
        """Whether the client takes such a question."""

    async def ask(self, questions: Mapping[str, Question]) -> Answers:
        """The answers, by the names of the questions."""


class InputRequired(Exception):
    """A stateless request cannot go on without answers: not a failure, but the end of this round."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__("input required")
        self.result = result


class StatelessAsker:
    """Answers come with the repeated request, earlier ones inside its ``requestState``."""

    def __init__(self, context: RequestContext, request: Request, states: RequestStates) -> None:
        self._context = context
        self._states = states
        self._binding = state.binding(context.principal.key, request.method, request.params)
        self._asked: frozenset[str] = frozenset()
        self._given = self._read(request.params)

    def can(self, question: Question) -> bool:
        return capabilities.declares(self._context.capabilities, question.capability)

    async def ask(self, questions: Mapping[str, Question]) -> Answers:
        """Raises InputRequired while an answer is missing, and -32021 when nothing of it may be asked."""
        answers = {
            name: check(question.method, self._given[name])
            for name, question in questions.items()
            if name in self._given and (name in self._asked or not question.shown_first)
        }
        open_questions = {name: question for name, question in questions.items() if name not in answers}
        if not open_questions:
            return answers
        possible = {name: question for name, question in open_questions.items() if self.can(question)}
        if not possible:
            raise capabilities.missing(next(iter(open_questions.values())).capability)
        asked = {name: as_input(question) for name, question in possible.items()}
        seen = sorted(self._asked.union(asked))
        sealed = self._states.seal(self._binding, {"given": self._given, "asked": seen})
        raise InputRequired({"resultType": "input_required", "inputRequests": asked, "requestState": sealed})

    def _read(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The answers so far: those in the state, and those that come with this round."""
        state = self._states.open(self._binding, params["requestState"]) if "requestState" in params else {}
        responses = params.get("inputResponses")
        if responses is not None and not isinstance(responses, dict):
            raise invalid_params("inputResponses must be an object", {"field": "inputResponses"})
        self._asked = frozenset(state.get("asked", ()))
        return {**state.get("given", {}), **(responses or {})}


class ConnectedAsker:
    """Asks by requests of ours; the answers come through the mailbox, wherever the client delivers them."""

    def __init__(self, context: RequestContext, plane: Backplane) -> None:
        self._context = context
        self._plane = plane

    def can(self, question: Question) -> bool:
        context = self._context
        return (
            context.outlet is not None
            and context.session is not None
            and capabilities.declares(context.capabilities, question.capability)
        )

    async def ask(self, questions: Mapping[str, Question]) -> Answers:
        for question in questions.values():
            if not self.can(question):
                raise ToolError(f"This client cannot be asked: it offers no {' '.join(question.capability)}.")
        if self._is_gone:
            raise ToolError(LEFT)
        with self._context.waiting_for_the_client():
            answers = await asyncio.gather(*(self._ask(question) for question in questions.values()))
        return dict(zip(questions, answers, strict=True))

    async def _ask(self, question: Question) -> dict[str, Any]:
        context = self._context
        assert context.outlet is not None and context.session is not None
        request_id = f"gauzy-{secrets.token_hex(8)}"
        address = address_of(context.session.uid, request_id)
        await self._plane.mail.open(address)
        answered = False
        try:
            asked = messages.encode_request(request_id, question.method, _connected(question, context.revision))
            await context.outlet.send(asked)
            mail = await self._wait(address)
            answered = True
        finally:
            with contextlib.suppress(StateUnavailable):
                # An address that cannot be closed closes by itself in time.
                await self._plane.mail.close(address)
            if not answered:
                await context.notify("notifications/cancelled", {"requestId": request_id})
        return _answer(question, mail)

    async def _wait(self, address: str) -> bytes:
        arrived = asyncio.Event()
        stop = self._plane.bus.listen(topic_of(address), lambda _: arrived.set())
        leaving = asyncio.ensure_future(self._until_gone(arrived))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while True:
                    arrived.clear()
                    mail = await self._plane.mail.take(address)
                    if mail is not None:
                        return mail
                    if self._is_gone:
                        raise ToolError(LEFT)
                    try:
                        # A wake-up can get lost; the mail does not.
                        await asyncio.wait_for(arrived.wait(), LOOK_SECONDS)
                    except TimeoutError:
                        # A Redis without persistence that restarts knows of no address any more.
                        await self._plane.mail.open(address)
        except TimeoutError:
            raise ToolError(f"Nobody answered within {ANSWER_SECONDS // 60} minutes.") from None
        finally:
            leaving.cancel()
            stop()

    @property
    def _is_gone(self) -> bool:
        gone = self._context.gone
        return gone is not None and gone.is_set()

    async def _until_gone(self, arrived: asyncio.Event) -> None:
        if self._context.gone is not None:
            await self._context.gone.wait()
            arrived.set()


async def deliver(plane: Backplane, uid: str, response: Response) -> bool:
    """Brings a client's answer to whoever waits for it. False when nobody does."""
    mail = orjson.dumps({"result": response.result, "error": response.error})
    return await plane.mail.put(address_of(uid, str(response.id)), mail)


def address_of(uid: str, request_id: str) -> str:
    return f"{uid}:{request_id}"


def _answer(question: Question, mail: bytes) -> dict[str, Any]:
    answer = orjson.loads(mail)
    if answer["error"] is not None:
        raise ToolError(f"The client refused the question: {str(answer['error'].get('message', ''))[:300]}")
    try:
        return check(question.method, answer["result"])
    except ProtocolError as error:
        raise ToolError(f"The client's answer to {question.method} is not usable: {error.message}") from None


def as_input(question: Question) -> dict[str, Any]:
    """A question inside a result. ``elicitationId`` is gone: the repeated request itself says that a visit is over."""
    params = {name: value for name, value in question.params().items() if name != "elicitationId"}
    return {"method": question.method, "params": params}


def _connected(question: Question, revision: str) -> dict[str, Any]:
    """Modes of elicitation came with 2025-11-25; before, there were forms only and nothing to name."""
    params = question.params()
    if revision >= V2025_11_25 and question.method == "elicitation/create":
        return {"mode": "form", **params}
    return params
