"""Tools that answer at once: every kind of content, a failure, and schemas that must survive as they are."""

from __future__ import annotations

from typing import Any, Final

from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import Answer, Run, ToolError
from tests.conformance.declared import AUDIO, IMAGE, TEXT, embedded, tool, words


def answering(*blocks: dict[str, Any]) -> Run:
    async def run(context: ToolContext, arguments: dict[str, Any]) -> Answer:
        return Answer(blocks=blocks)

    return run


async def fail(context: ToolContext, arguments: dict[str, Any]) -> Answer:
    raise ToolError("This tool intentionally returns an error for testing")


async def echo(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    return arguments


ADDRESS_BOOK: Final = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}

_PART = embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")
_MIXED = embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}')

TOOLS: Final = [
    tool("test_simple_text", answering(words("This is a simple text response for testing."))),
    tool("test_image_content", answering(IMAGE)),
    tool("test_audio_content", answering(AUDIO)),
    tool("test_embedded_resource", answering(_PART)),
    tool("test_multiple_content_types", answering(words("Multiple content types test:"), IMAGE, _MIXED)),
    tool("test_error_handling", fail),
    tool("json_schema_2020_12_tool", echo, schema=ADDRESS_BOOK),
    tool("test_x_mcp_header", echo, properties={"region": {**TEXT, "x-mcp-header": "Region"}}, required=["region"]),
]
