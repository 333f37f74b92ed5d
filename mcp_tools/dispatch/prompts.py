"""prompts/get (page server/prompts of every revision)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.prompts import Prompt, Prompts
from mcp_tools.catalog.texts import composed
from mcp_tools.dispatch.failures import as_errors
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import sieve
from mcp_tools.protocol.errors import invalid_params
from mcp_tools.protocol.messages import Request

Contexts = Callable[[RequestContext, Request], ToolContext]
MAX_ARGUMENT = 10_000


class PromptGets:
    def __init__(self, prompts: Prompts, contexts: Contexts, server_info: Mapping[str, Any]) -> None:
        self._prompts = prompts
        self._contexts = contexts
        self._server_info = server_info

    def named(self, request: Request) -> str:
        """The name of the prompt that a prompts/get asks for, if there is one; empty for every other request."""
        name = request.params.get("name")
        known = request.method == "prompts/get" and isinstance(name, str) and self._prompts.find(name) is not None
        return str(name) if known else ""

    async def answer(self, request: Request, context: RequestContext) -> dict[str, Any]:
        """The messages of a prompt. Raises -32602 for an unknown prompt and for missing or wrong arguments."""
        prompt = find(self._prompts, request.params.get("name"))
        arguments = read_arguments(prompt, request.params.get("arguments"))
        with as_errors():
            messages = await prompt.render(self._contexts(context, request), arguments)
        shown = [sieve.message(message, context.revision) for message in messages]
        result = {"description": prompt.description, "messages": shown}
        return sieve.complete(result, context.revision, self._server_info)


def find(prompts: Prompts, name: Any) -> Prompt:
    found = prompts.find(name) if isinstance(name, str) else None
    if found is None:
        raise invalid_params(
            f"Unknown prompt: {str(name)[:64]}. prompts/list shows the prompts there are.", {"field": "name"}
        )
    return found


def read_arguments(prompt: Prompt, given: Any) -> dict[str, str]:
    """The arguments of a prompt are texts. Raises -32602 that names the first one missing or wrong."""
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise invalid_params("arguments must be an object", {"field": "arguments"})
    for name, value in given.items():
        if not isinstance(value, str) or len(value) > MAX_ARGUMENT:
            raise invalid_params(
                f"arguments.{name} must be a string of at most {MAX_ARGUMENT} characters", {"field": name}
            )
    for argument in prompt.arguments:
        if argument.required and not given.get(argument.name):
            raise invalid_params(
                f"arguments.{argument.name} is required: {argument.description}", {"field": argument.name}
            )
    return {name: composed(value) for name, value in given.items() if prompt.argument(name) is not None}
