"""The prompts of the suite, and completion for one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.prompts import Argument, Message, Prompt, Render, Suggestions, user
from mcp_tools.catalog.questions import Form
from tests.conformance.declared import IMAGE, TEXT, embedded


def saying(*messages: Message) -> Render:
    async def render(context: ToolContext, arguments: Mapping[str, str]) -> Sequence[Message]:
        return messages

    return render


def shown(content: Mapping[str, Any]) -> Message:
    return {"role": "user", "content": content}


async def with_arguments(context: ToolContext, arguments: Mapping[str, str]) -> Sequence[Message]:
    return [user(f"Prompt with arguments: arg1='{arguments['arg1']}', arg2='{arguments['arg2']}'")]


async def with_resource(context: ToolContext, arguments: Mapping[str, str]) -> Sequence[Message]:
    resource = embedded(arguments["resourceUri"], "text/plain", "Embedded resource content for testing.")
    return [shown(resource), user("Please process the embedded resource above.")]


async def with_a_question(context: ToolContext, arguments: Mapping[str, str]) -> Sequence[Message]:
    schema = {"type": "object", "properties": {"context": TEXT}, "required": ["context"]}
    answers = await context.ask(user_context=Form("What context should the prompt use?", schema))
    given = answers["user_context"].get("content") or {}
    return [user(f"Prompt with context: {given.get('context', 'none')}")]


async def complete(context: ToolContext, typed: str, arguments: Mapping[str, str]) -> Suggestions:
    known = ("test", "testing", "tested", "other")
    return Suggestions([value for value in known if value.startswith(typed)])


PROMPTS: Final = [
    Prompt("test_simple_prompt", "One plain message.", saying(user("This is a simple prompt for testing."))),
    Prompt(
        "test_prompt_with_arguments",
        "A message that repeats two arguments.",
        with_arguments,
        [
            Argument("arg1", "The first.", required=True, complete=complete),
            Argument("arg2", "The second.", required=True),
        ],
    ),
    Prompt(
        "test_prompt_with_embedded_resource",
        "A message that holds a resource.",
        with_resource,
        [Argument("resourceUri", "The address of the resource.", required=True)],
    ),
    Prompt(
        "test_prompt_with_image",
        "A message that holds an image.",
        saying(shown(IMAGE), user("Please analyze the image above.")),
    ),
    Prompt("test_input_required_result_prompt", "A prompt that asks before it answers.", with_a_question),
]
