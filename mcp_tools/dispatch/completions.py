"""completion/complete (page server/utilities/completion; since 2025-03-26 a capability)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.prompts import Complete, Prompts, Suggestions
from mcp_tools.catalog.resources import Resources
from mcp_tools.catalog.texts import composed
from mcp_tools.dispatch.failures import as_errors
from mcp_tools.dispatch.prompts import find as find_prompt
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.protocol import sieve
from mcp_tools.protocol.errors import invalid_params
from mcp_tools.protocol.messages import Request

Contexts = Callable[[RequestContext, Request], ToolContext]
MAX_VALUES: Final = 100


class Completions:
    def __init__(
        self, prompts: Prompts, resources: Resources, contexts: Contexts, server_info: Mapping[str, Any]
    ) -> None:
        self._prompts = prompts
        self._resources = resources
        self._contexts = contexts
        self._server_info = server_info

    async def answer(self, request: Request, context: RequestContext) -> dict[str, Any]:
        """At most :data:`MAX_VALUES` values for one argument. Raises -32602 for a reference to nothing."""
        name, typed = _argument(request.params.get("argument"))
        complete = self._source(request.params.get("ref"), name)
        found = Suggestions(())
        if complete is not None:
            with as_errors():
                found = await complete(self._contexts(context, request), typed, _filled_in(request.params))
        return sieve.complete({"completion": _told(found)}, context.revision, self._server_info)

    def _source(self, ref: Any, name: str) -> Complete | None:
        kind = ref.get("type") if isinstance(ref, dict) else None
        if kind == "ref/prompt":
            argument = find_prompt(self._prompts, ref.get("name")).argument(name)
            if argument is None:
                raise invalid_params(f"The prompt has no argument {name}", {"field": "argument.name"})
            return argument.complete
        if kind == "ref/resource":
            template = self._resources.template(str(ref.get("uri")))
            if template is None:
                raise invalid_params("ref.uri must be a uriTemplate of resources/templates/list", {"field": "ref.uri"})
            return template.complete.get(name)
        raise invalid_params("ref.type must be ref/prompt or ref/resource", {"field": "ref.type"})


def _told(found: Suggestions) -> dict[str, Any]:
    """The completion of the answer. ``total`` is left out where nobody has counted."""
    values = list(dict.fromkeys(found.values))
    told = {"values": values[:MAX_VALUES], "hasMore": len(values) > MAX_VALUES or not found.complete}
    return {**told, "total": len(values)} if found.complete else told


def _argument(argument: Any) -> tuple[str, str]:
    if not isinstance(argument, dict) or not all(isinstance(argument.get(key), str) for key in ("name", "value")):
        raise invalid_params("argument must be an object with the texts name and value", {"field": "argument"})
    return argument["name"], composed(argument["value"])


def _filled_in(params: Mapping[str, Any]) -> dict[str, str]:
    context = params.get("context")
    arguments = context.get("arguments") if isinstance(context, dict) else None
    if not isinstance(arguments, dict):
        return {}
    return {name: value for name, value in arguments.items() if isinstance(value, str)}
