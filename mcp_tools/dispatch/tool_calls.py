"""tools/call: find → coerce → validate → authorise → confirm → call → shape → record."""

from __future__ import annotations

import asyncio
import difflib
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from mcp_tools.catalog.questions import Visit
from mcp_tools.catalog.tool import CONFIRM, ORGANIZATION, Catalog, Tool, ToolError
from mcp_tools.dispatch.arguments import InvalidArguments, Validators
from mcp_tools.dispatch.authorise import Denied, Policy
from mcp_tools.dispatch.call_records import CallRecords, Details, Upstream, readable_refused
from mcp_tools.dispatch.caller import Caller
from mcp_tools.dispatch.change_notices import ChangeNotifier
from mcp_tools.dispatch.client_questions import InputRequired
from mcp_tools.dispatch.confirmation import Confirmation
from mcp_tools.dispatch.observers import Observer
from mcp_tools.dispatch.rate_limiter import RateLimited, RateLimiter
from mcp_tools.dispatch.replying import Replies
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.dispatch.tasks import Task, Tasks
from mcp_tools.dispatch.tool_context import CallContext
from mcp_tools.gauzy.errors import GauzyError, NotLinked
from mcp_tools.protocol import capabilities, headers, sieve
from mcp_tools.protocol.errors import invalid_params
from mcp_tools.protocol.messages import Request
from mcp_tools.sessions.backplane import Backplane

IN_BAND = (ToolError, InvalidArguments, Denied, GauzyError, RateLimited, TimeoutError)
"""What goes wrong in a way the model can mend: answered inside the result (SEP-1303), not as a JSON-RPC error."""

FORMAT = "format"


@dataclass(frozen=True, slots=True)
class CallSettings:
    """How this server calls: ``timeout`` is the longest a call may take, in seconds; ``note`` is added to the answer
    of every call that changes data."""

    policy: Policy
    confirmation: Confirmation
    replies: Replies
    rate_limiter: RateLimiter
    timeout: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool with arguments that fit it; ``form`` is how its text is to look, ``organization`` where it is to work."""

    tool: Tool
    arguments: dict[str, Any]
    form: str
    confirmed: bool
    organization: str


class ToolCalls:
    """``contexts`` makes the ports that a call may use."""

    def __init__(
        self,
        catalog: Catalog,
        settings: CallSettings,
        contexts: Callable[[RequestContext, Request], CallContext],
        server_info: Mapping[str, Any],
        *,
        plane: Backplane,
        tasks: Tasks,
        touches: ChangeNotifier,
        observer: Observer,
        details: Details,
    ) -> None:
        self._catalog = catalog
        self._settings = settings
        self._contexts = contexts
        self._server_info = server_info
        self._plane = plane
        self._tasks = tasks
        self._touches = touches
        self._recording = CallRecords(touches, observer, details)
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

    async def answer(self, request: Request, context: RequestContext) -> dict[str, Any]:
        tool, params = self.tool(request.params), request.params
        try:
            call = self._call(tool, params, context)
            if tool.forwards:
                tool, params = self._forwarded(call), call.arguments
                call = self._call(tool, params, context)
        except IN_BAND as error:
            refused, given = self._refused(tool, error, context), params.get("arguments", {})
            readable = readable_refused(tool, given)
            return await self._recording.of(tool, given, context, Upstream(), refused, readable=readable)
        tool_context = self._contexts(context, request)
        if call.organization:
            tool_context.work_in(call.organization)
        upstream = Upstream()
        outcome = self._outcome(call, tool_context, context, upstream)
        work = self._recording.of(call.tool, call.arguments, context, upstream, outcome)
        if call.tool.tasks == "never":
            return await work
        return await self._maybe_as_task(call.tool, tool_context, context, work)

    def _forwarded(self, call: Call) -> Tool:
        """The tool that call_tool names. Raises ToolError, since the caller does know a tool that exists."""
        name = call.arguments["name"]
        tool = self._catalog.find(name)
        if tool is None or tool.forwards:
            raise ToolError(f"There is no tool {name[:64]!r} to call; search_tools finds the right one.")
        return tool

    def _call(self, tool: Tool, params: Mapping[str, Any], context: RequestContext) -> Call:
        """The call that ``params`` ask for. Raises InvalidArguments or Denied."""
        self._settings.policy.check(context.principal, tool, read_only=context.read_only)
        arguments = tool.accept(params.get("arguments", {}))
        self._validators.check(tool, arguments)
        if context.header is not None:
            headers.check_parameters(tool.input_schema, arguments, context.header)
        form = arguments.pop(FORMAT, "json") if FORMAT in tool.properties else "json"
        organization = str(arguments.pop(ORGANIZATION, "")) if tool.takes_organization else ""
        return Call(tool, arguments, form, bool(arguments.pop(CONFIRM, False)), organization)

    async def _maybe_as_task(
        self, tool: Tool, tool_context: CallContext, context: RequestContext, work: Coroutine[Any, Any, dict[str, Any]]
    ) -> dict[str, Any]:
        """Runs ``work`` as a task for a client that knows tasks, else to its end."""
        if not (context.stateless and capabilities.declares_tasks(context.capabilities)):
            if tool.tasks in ("required", "own"):
                work.close()
                raise capabilities.missing(("extensions", capabilities.TASKS))
            return await work
        task = Task(self._plane, context)
        detaching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        tool_context.on_detach(task, detaching)
        if tool.tasks != "own":
            await tool_context.detach()
        running = asyncio.ensure_future(work)
        try:
            waited: set[asyncio.Future[Any]] = {running, detaching}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if not detaching.done():
                return await running
            return await self._tasks.start(task, lambda: running, context)
        except BaseException:
            running.cancel()
            raise

    async def _outcome(
        self, call: Call, tool_context: CallContext, context: RequestContext, upstream: Upstream
    ) -> dict[str, Any]:
        """The CallToolResult as the caller's revision knows it."""
        tool, arguments, settings = call.tool, call.arguments, self._settings
        try:
            await _count(settings.rate_limiter, tool, arguments, context.caller)
            async with asyncio.timeout(None if tool_context.detached else settings.timeout) as context.deadline:
                await settings.confirmation.check(tool, tool_context, arguments, confirmed=call.confirmed)
                answer = await _run(tool, tool_context, arguments)
            result = settings.replies.shape(answer, call.form)
            if tool.effect != "reads":
                await self._touches.tell(tool, tool_context, arguments, result.get("structuredContent"))
                if settings.note:
                    result["content"].append({"type": "text", "text": settings.note})
        except InputRequired as required:
            return sieve.complete(required.result, context.revision, self._server_info)
        except IN_BAND as error:
            upstream.status = error.status if isinstance(error, GauzyError) else None
            return await self._refused(tool, error, context)
        finally:
            upstream.identity = tool_context.used_identity
        return self._shaped(result, context)

    async def _refused(self, tool: Tool, error: Exception, context: RequestContext) -> dict[str, Any]:
        return self._shaped(failure(self._explain(tool, error)), context)

    def _shaped(self, result: dict[str, Any], context: RequestContext) -> dict[str, Any]:
        return sieve.complete(sieve.call_result(result, context.revision), context.revision, self._server_info)

    def _explain(self, tool: Tool, error: Exception) -> str:
        if isinstance(error, InvalidArguments):
            return "\n".join([f"Invalid arguments for {tool.name}:", *(f"- {problem}" for problem in error.problems)])
        if isinstance(error, TimeoutError):
            return (
                f"{tool.name} took longer than {self._settings.timeout:g} seconds and was stopped; "
                "whether Gauzy finished it is unknown. MCP_CALL_TIMEOUT sets the limit."
            )
        return str(error)


async def _count(limiter: RateLimiter, tool: Tool, arguments: dict[str, Any], caller: Caller) -> None:
    """Counts a call of a tool with a limit of its own. Raises RateLimited, or StateUnavailable for sign-ins.

    A password counts by address and account too: whoever guesses may have any number of principals.
    """
    if tool.limited is None:
        return
    email = arguments.get("email")
    if email is None or not caller.principal.is_anonymous:
        await limiter.check(tool.limited, caller.key)
    if email is not None:
        await limiter.check_sign_in(caller.address or None, str(email))


async def _run(tool: Tool, tool_context: CallContext, arguments: dict[str, Any]) -> Any:
    """Shows a caller without an account the way to one, also by the client's own means where it has any."""
    try:
        return await tool.run(tool_context, arguments)
    except NotLinked as error:
        visit = Visit("Sign in to Gauzy, so that your tools can work there", error.url, f"link-{secrets.token_hex(8)}")
        if tool_context.can_ask(visit):
            await tool_context.ask(link=visit)
        raise


def failure(message: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": message}], "isError": True}
