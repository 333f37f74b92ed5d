"""tools/call: find → coerce → validate → authorise → call → shape → record."""

from __future__ import annotations

import asyncio
import difflib
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Answer, Catalog, Tool, ToolError
from mcp_tools.dispatch.arguments import InvalidArguments, Validators
from mcp_tools.dispatch.authorise import Denied, Policy
from mcp_tools.dispatch.exchange import Exchange
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.protocol import messages, sieve
from mcp_tools.protocol.errors import invalid_params
from mcp_tools.protocol.messages import Request

log = logging.getLogger("gauzy_mcp.calls")

IN_BAND = (ToolError, InvalidArguments, Denied, GauzyError, TimeoutError)
"""What goes wrong in a way the model can mend: answered inside the result (SEP-1303), not as a JSON-RPC error."""


class ToolCalls:
    """``contexts`` makes the ports that a call may use; ``timeout`` is the longest a call may take, in seconds."""

    def __init__(
        self,
        catalog: Catalog,
        policy: Policy,
        contexts: Callable[[Exchange], ToolContext],
        server_info: Mapping[str, Any],
        *,
        timeout: float,
    ) -> None:
        self._catalog = catalog
        self._policy = policy
        self._contexts = contexts
        self._server_info = server_info
        self._timeout = timeout
        self._validators = Validators()

    def tool(self, params: Mapping[str, Any]) -> Tool:
        """The tool a tools/call names. Raises -32602 for an unknown one (page server/tools, error handling)."""
        name = params.get("name")
        if not isinstance(name, str):
            raise invalid_params("name must be a string: the name of a tool", {"field": "name"})
        tool = self._catalog.find(name)
        if tool is None:
            near = difflib.get_close_matches(name, self._catalog.names, n=3)
            hint = f" Did you mean {', '.join(near)}?" if near else " tools/list shows the tools there are."
            raise invalid_params(f"Unknown tool: {name[:64]}.{hint}", {"field": "name"})
        return tool

    async def answer(self, request: Request, exchange: Exchange) -> dict[str, Any]:
        tool = self.tool(request.params)
        started = time.perf_counter()
        outcome = "crashed"
        try:
            result = await self._result(tool, request.params, exchange)
            outcome = "error" if result.get("isError") else "ok"
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self._record(tool, exchange, outcome, time.perf_counter() - started)
        return sieve.complete(sieve.call_result(result, exchange.revision), exchange.revision, self._server_info)

    async def _result(self, tool: Tool, params: Mapping[str, Any], exchange: Exchange) -> dict[str, Any]:
        try:
            arguments = self._arguments(tool, params)
            self._policy.check(exchange.principal, tool)
            async with asyncio.timeout(self._timeout):
                return success(await tool.run(self._contexts(exchange), arguments))
        except IN_BAND as error:
            return failure(self._explain(tool, error))

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

    def _record(self, tool: Tool, exchange: Exchange, outcome: str, seconds: float) -> None:
        session = exchange.session
        if session is not None:
            session.calls += 1
            session.errors += outcome != "ok"
        log.info(
            "call tool=%s outcome=%s ms=%.0f transport=%s session=%s principal=%s",
            tool.name,
            outcome,
            seconds * 1000,
            exchange.transport,
            session.label if session else "-",
            exchange.principal.subject or "-",
        )


def success(answer: Any) -> dict[str, Any]:
    """A CallToolResult: the structured answer, and the same as compact text for clients without structured content."""
    if not isinstance(answer, Answer):
        answer = Answer(answer)
    text = answer.text if answer.text is not None else messages.encode(answer.structured).decode()
    content: list[dict[str, Any]] = [{"type": "text", "text": text}]
    content.extend(answer.links)
    return {"content": content, "structuredContent": answer.structured}


def failure(message: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": message}], "isError": True}
