"""tools/call: find → coerce → validate → authorise → call → shape → record."""

from __future__ import annotations

import asyncio
import difflib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from mcp_tools.catalog.tool import Answer, Catalog, Tool, ToolError
from mcp_tools.dispatch.arguments import InvalidArguments, Validators
from mcp_tools.dispatch.asking import InputRequired
from mcp_tools.dispatch.authorise import Denied, Policy
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.dispatch.tasks import Task, Tasks
from mcp_tools.dispatch.tool_context import CallContext
from mcp_tools.dispatch.touching import Touches
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.protocol import capabilities, headers, messages, redaction, sieve
from mcp_tools.protocol.errors import invalid_params
from mcp_tools.protocol.messages import Request
from mcp_tools.sessions.backplane import Backplane

log = logging.getLogger("gauzy_mcp.calls")

IN_BAND = (ToolError, InvalidArguments, Denied, GauzyError, TimeoutError)
"""What goes wrong in a way the model can mend: answered inside the result (SEP-1303), not as a JSON-RPC error."""


class ToolCalls:
    """``contexts`` makes the ports that a call may use; ``timeout`` is the longest a call may take, in seconds.

    ``note`` is added to the answer of every call that changes data.
    """

    def __init__(
        self,
        catalog: Catalog,
        policy: Policy,
        contexts: Callable[[Exchange, Request], CallContext],
        server_info: Mapping[str, Any],
        *,
        plane: Backplane,
        tasks: Tasks,
        touches: Touches,
        timeout: float,
        note: str = "",
    ) -> None:
        self._catalog = catalog
        self._policy = policy
        self._contexts = contexts
        self._server_info = server_info
        self._plane = plane
        self._tasks = tasks
        self._touches = touches
        self._timeout = timeout
        self._note = note
        self._validators = Validators()

    def tool(self, params: Mapping[str, Any]) -> Tool:
        """The tool a tools/call names. Raises -32602 for an unknown one (page server/tools, error handling)."""
        name = params.get("name")
        if not isinstance(name, str):
            raise invalid_params("name must be a string: the name of a tool", {"field": "name"})
        tool = self._catalog.find(name)
        if tool is None:
            near = difflib.get_close_matches(name[:64], self._catalog.names, n=3)
            hint = f" Did you mean {', '.join(near)}?" if near else " tools/list shows the tools there are."
            raise invalid_params(f"Unknown tool: {name[:64]}.{hint}", {"field": "name"})
        return tool

    async def answer(self, request: Request, exchange: Exchange) -> dict[str, Any]:
        tool = self.tool(request.params)
        try:
            arguments = self._arguments(tool, request.params)
            if exchange.header is not None:
                headers.check_parameters(tool.input_schema, arguments, exchange.header)
            self._policy.check(exchange.principal, tool)
        except IN_BAND as error:
            return await self._recorded(tool, exchange, self._refused(tool, error, exchange))
        context = self._contexts(exchange, request)
        work = self._recorded(tool, exchange, self._outcome(tool, context, arguments, exchange))
        if tool.tasks == "never":
            return await work
        return await self._maybe_as_task(tool, context, exchange, work)

    async def _maybe_as_task(
        self, tool: Tool, context: CallContext, exchange: Exchange, work: Coroutine[Any, Any, dict[str, Any]]
    ) -> dict[str, Any]:
        """Runs ``work`` as a task for a client that knows tasks, else to its end."""
        if not (exchange.stateless and capabilities.declares_tasks(exchange.capabilities)):
            if tool.tasks in ("required", "own"):
                work.close()
                raise capabilities.missing(("extensions", capabilities.TASKS))
            return await work
        task = Task(self._plane, exchange)
        detaching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        context.on_detach(task, detaching)
        if tool.tasks != "own":
            await context.detach()
        running = asyncio.ensure_future(work)
        try:
            waited: set[asyncio.Future[Any]] = {running, detaching}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if not detaching.done():
                return await running
            return await self._tasks.start(task, lambda: running, exchange)
        except BaseException:
            running.cancel()
            raise

    async def _outcome(
        self, tool: Tool, context: CallContext, arguments: dict[str, Any], exchange: Exchange
    ) -> dict[str, Any]:
        """The CallToolResult as the caller's revision knows it."""
        try:
            async with asyncio.timeout(None if context.detached else self._timeout) as exchange.deadline:
                answer = await tool.run(context, arguments)
            result = success(answer)
            if not tool.hints.read_only:
                await self._touches.tell(tool, context, arguments, result.get("structuredContent"))
                if self._note:
                    result["content"].append({"type": "text", "text": self._note})
        except InputRequired as required:
            result = required.result
            return sieve.complete(result, exchange.revision, self._server_info)
        except IN_BAND as error:
            return await self._refused(tool, error, exchange)
        return self._shaped(result, exchange)

    async def _refused(self, tool: Tool, error: Exception, exchange: Exchange) -> dict[str, Any]:
        return self._shaped(failure(self._explain(tool, error)), exchange)

    def _shaped(self, result: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
        return sieve.complete(sieve.call_result(result, exchange.revision), exchange.revision, self._server_info)

    def _arguments(self, tool: Tool, params: Mapping[str, Any]) -> dict[str, Any]:
        arguments = tool.accept(params.get("arguments", {}))
        self._validators.check(tool, arguments)
        return arguments

    def _explain(self, tool: Tool, error: Exception) -> str:
        if isinstance(error, InvalidArguments):
            return "\n".join([f"Invalid arguments for {tool.name}:", *(f"- {problem}" for problem in error.problems)])
        if isinstance(error, TimeoutError):
            return (
                f"{tool.name} took longer than {self._timeout:g} seconds and was stopped; "
                "whether Gauzy finished it is unknown. MCP_CALL_TIMEOUT sets the limit."
            )
        return str(error)

    async def _recorded(self, tool: Tool, exchange: Exchange, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        """Runs ``work`` and leaves one line of log about it, and a count with the session."""
        started = time.perf_counter()
        outcome = "crashed"
        try:
            result = await work
            outcome = "error" if result.get("isError") else "ok"
            if log.isEnabledFor(logging.DEBUG):
                log.debug("result tool=%s %s", tool.name, redaction.shown_message(messages.encode(result)))
            return result
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            session = exchange.session
            log.info(
                "call tool=%s outcome=%s ms=%.0f transport=%s session=%s principal=%s",
                tool.name,
                outcome,
                (time.perf_counter() - started) * 1000,
                exchange.transport,
                session.label if session else "-",
                exchange.principal.subject or "-",
            )
            if session is not None:
                self._touches.count(session, failed=outcome != "ok")


def success(answer: Any) -> dict[str, Any]:
    """A CallToolResult: the structured answer, and the same as compact text for clients without structured content.

    A tool that answers ``Answer`` chooses its content itself.
    """
    if not isinstance(answer, Answer):
        answer = Answer(answer)
    if answer.structured is None:
        return {"content": list(answer.blocks)}
    text = answer.text if answer.text is not None else messages.encode(answer.structured).decode()
    return {"content": [{"type": "text", "text": text}, *answer.blocks], "structuredContent": answer.structured}


def failure(message: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": message}], "isError": True}
