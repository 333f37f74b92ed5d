"""Tools that ask the client: by requests of the server in the handshake era, inside the result in the stateless one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.questions import Form, Question, Roots, Sample
from mcp_tools.catalog.tool import Answer, Run
from tests.conformance.declared import TEXT, tool, words

Said = Mapping[str, Any]


def form(message: str, **properties: Mapping[str, Any]) -> Form:
    """A form whose fields must all be filled in."""
    return Form(message, {"type": "object", "properties": properties, "required": list(properties)})


NAME: Final = form("What is your name?", name=TEXT)
CONFIRM: Final = form("Is that right?", ok={"type": "boolean"})


def asking(answer: str, **questions: Question) -> Run:
    """Asks ``questions`` at once; ``answer`` is a format string for what was said, by question."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Answer:
        said = await context.ask(**questions)
        return Answer(blocks=[words(answer.format(**{name: content_of(one) for name, one in said.items()}))])

    return run


def content_of(said: Said) -> str:
    """What a person, a model or a client said, in words."""
    content = said.get("content", said.get("roots"))
    if isinstance(content, dict) and len(content) == 1:
        return str(next(iter(content.values())))
    return (
        str(content.get("text")) if isinstance(content, dict) and "text" in content else orjson.dumps(content).decode()
    )


async def sample(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    said = await context.ask(sample=Sample(arguments["prompt"], 100))
    return Answer(blocks=[words(f"LLM response: {content_of(said['sample'])}")])


async def elicit(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    asked = form(arguments["message"], username=TEXT, email={**TEXT, "format": "email"})
    said = (await context.ask(person=asked))["person"]
    return Answer(blocks=[words(f"User response: action={said['action']}, content={_json(said)}")])


def completing(question: Form) -> Run:
    async def run(context: ToolContext, arguments: dict[str, Any]) -> Answer:
        said = (await context.ask(form=question))["form"]
        return Answer(blocks=[words(f"Elicitation completed: action={said['action']}, content={_json(said)}")])

    return run


async def greet(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    """Asks again until there is a name, unless the person does not want to say it."""
    said = (await context.ask(user_name=NAME))["user_name"]
    if said["action"] != "accept":
        return Answer(blocks=[words("Hello, whoever you are!")])
    return Answer(blocks=[words(f"Hello, {said['content']['name']}!")])


async def two_rounds(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    name = await context.ask(step1=NAME)
    color = await context.ask(step2=form("What is your favourite colour?", color=TEXT))
    return Answer(blocks=[words(f"{content_of(name['step1'])} likes {content_of(color['step2'])}.")])


async def whatever_is_possible(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    questions: dict[str, Question] = {"user_name": NAME, "greeting": Sample("Say hello.", 50), "client_roots": Roots()}
    possible = {name: question for name, question in questions.items() if context.can_ask(question)}
    said = await context.ask(**possible)
    return Answer(blocks=[words(f"Answered: {', '.join(said)}")])


async def roots(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    said = await context.ask(roots=Roots())
    return {"roots": said["roots"]["roots"]}


def _json(said: Said) -> str:
    return orjson.dumps(said.get("content")).decode()


def _titled(*titles: str) -> Sequence[Mapping[str, str]]:
    return [{"const": f"value{number}", "title": title} for number, title in enumerate(titles, 1)]


DEFAULTS: Final = Form(
    "Please check what is filled in.",
    {
        "type": "object",
        "properties": {
            "name": {**TEXT, "default": "John Doe"},
            "age": {"type": "integer", "default": 30},
            "score": {"type": "number", "default": 95.5},
            "status": {**TEXT, "enum": ["active", "inactive", "pending"], "default": "active"},
            "verified": {"type": "boolean", "default": True},
        },
    },
)
ENUMS: Final = Form(
    "Please choose.",
    {
        "type": "object",
        "properties": {
            "untitledSingle": {**TEXT, "enum": ["option1", "option2", "option3"]},
            "titledSingle": {**TEXT, "oneOf": _titled("First", "Second", "Third")},
            "legacyEnum": {**TEXT, "enum": ["opt1", "opt2"], "enumNames": ["Option one", "Option two"]},
            "untitledMulti": {"type": "array", "items": {**TEXT, "enum": ["option1", "option2", "option3"]}},
            "titledMulti": {"type": "array", "items": {"anyOf": _titled("First", "Second", "Third")}},
        },
    },
)

_CAPITAL: Final = Sample("What is the capital of France?", 100)

TOOLS: Final = [
    tool("test_sampling", sample, properties={"prompt": TEXT}, required=["prompt"]),
    tool("test_elicitation", elicit, properties={"message": TEXT}, required=["message"]),
    tool("test_elicitation_sep1034_defaults", completing(DEFAULTS)),
    tool("test_elicitation_sep1330_enums", completing(ENUMS)),
    tool("test_roots", roots),
    tool("test_missing_capability", asking("{sample}", sample=_CAPITAL)),
    tool("test_streaming_elicitation", asking("{name}", name=NAME)),
    tool("test_input_required_result_elicitation", greet),
    tool("test_input_required_result_sampling", asking("{capital_question}", capital_question=_CAPITAL)),
    tool("test_input_required_result_list_roots", asking("{client_roots}", client_roots=Roots())),
    tool("test_input_required_result_request_state", asking("state-ok: {confirm}", confirm=CONFIRM)),
    tool(
        "test_input_required_result_multiple_inputs",
        asking(
            "{greeting} {user_name} {client_roots}",
            user_name=NAME,
            greeting=Sample("Say hello.", 50),
            client_roots=Roots(),
        ),
    ),
    tool("test_input_required_result_multi_round", two_rounds),
    tool("test_input_required_result_tampered_state", asking("{confirm}", confirm=CONFIRM)),
    tool("test_input_required_result_capabilities", whatever_is_possible),
]
