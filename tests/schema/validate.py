"""Whether a message that a server sent is what the published JSON Schema of its revision allows.

2024-11-05 is measured by 2025-03-26, which took nothing away from it and has the same envelopes.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from mcp_tools.protocol.errors import RESOURCE_NOT_FOUND, URL_ELICITATION_REQUIRED
from mcp_tools.protocol.revisions import PLAIN, V2024_11_05, V2025_03_26, V2025_06_18, V2025_11_25, is_stateless

HERE: Final = Path(__file__).resolve().parent
NEAREST: Final = {V2024_11_05: V2025_03_26}
GONE: Final = (RESOURCE_NOT_FOUND, URL_ELICITATION_REQUIRED)
"""Codes that a stateless server must not send any more (2026-07-28 page basic/index#error-codes)."""

_PROBLEMS: Final = 4
_UNIONS: Final = ("Client", "Server")


def check(revision: str, method: str | None, message: Any) -> None:
    """Raises AssertionError that names path and reason unless a server may send ``message`` in ``revision``.

    ``method`` is that of the request which ``message`` answers; None where the request could not be read or no answer
    is meant.
    """
    schema = schema_of(NEAREST.get(revision, revision))
    if isinstance(message, list):
        assert revision == V2025_03_26, f"{revision}: a batch, which only {V2025_03_26} has"
        for item in message:
            check(revision, None, item)
    elif "method" in message:
        schema.check(_sent_by_server(schema, revision, message), message)
    elif "error" in message:
        _check_error(schema, revision, message)
    else:
        schema.check(schema.response, message)
        schema.check(_result_of(schema, method, message.get("result")), message.get("result"))


def _sent_by_server(schema: Schema, revision: str, message: Mapping[str, Any]) -> str:
    name = schema.by_method.get(message["method"])
    kind = "ServerRequest" if "id" in message else "ServerNotification"
    assert name in schema.union(kind), f"{revision}: {message['method']} is no {kind} of this revision"
    return name


def _check_error(schema: Schema, revision: str, message: Mapping[str, Any]) -> None:
    # JSON-RPC 2.0 section 5 wants null where the id could not be read; the schemas have no word for that.
    shown = {**message, "id": 0} if message.get("id", 0) is None else message
    code = shown["error"].get("code")
    assert not (is_stateless(revision) and code in GONE), f"{revision}: error.code: {code} is not used any more"
    schema.check(schema.by_code.get(code, schema.error), shown)


def _result_of(schema: Schema, method: str | None, result: Any) -> str:
    kind = result.get("resultType") if isinstance(result, dict) else None
    if kind == "input_required":
        return "InputRequiredResult"
    request = schema.by_method.get(method or "", "")
    name = request.removesuffix("Request") + "Result"
    # A task stands for the result of any request, and extensions have methods of their own.
    return name if kind != "task" and name in schema.definitions else "Result"


@dataclass(frozen=True, eq=False)
class Schema:
    """One published schema: its definitions, and which of them a method or an error code means."""

    revision: str
    document: Mapping[str, Any]

    @functools.cached_property
    def definitions(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document.get("$defs") or self.document["definitions"]
        return found

    @functools.cached_property
    def by_method(self) -> Mapping[str, str]:
        return {
            part["properties"]["method"]["const"]: name
            for name, part in self.definitions.items()
            if "const" in part.get("properties", {}).get("method", {}) and not name.startswith(_UNIONS)
        }

    @functools.cached_property
    def by_code(self) -> Mapping[int, str]:
        return {
            part["properties"]["code"]["const"]: name
            for name, whole in self.definitions.items()
            for part in whole.get("properties", {}).get("error", {}).get("allOf", ())
            if "const" in part.get("properties", {}).get("code", {})
        }

    @property
    def response(self) -> str:
        return "JSONRPCResultResponse" if "JSONRPCResultResponse" in self.definitions else "JSONRPCResponse"

    @property
    def error(self) -> str:
        return "JSONRPCErrorResponse" if "JSONRPCErrorResponse" in self.definitions else "JSONRPCError"

    def union(self, name: str) -> set[str]:
        """The definitions that ``ServerRequest`` or ``ServerNotification`` allows, if there is such a union."""
        return {part["$ref"].rpartition("/")[2] for part in self.definitions.get(name, {}).get("anyOf", ())}

    def check(self, name: str, value: Any) -> None:
        problems = itertools.islice(self._validator(name).iter_errors(value), _PROBLEMS)
        told = [f"{'.'.join(str(step) for step in one.instance_path) or '(root)'}: {one.message}" for one in problems]
        assert not told, f"{self.revision} {name}: {'; '.join(told)[:2000]}"

    @functools.cache  # noqa: B019 - there are four schemas, and they last as long as the process
    def _validator(self, name: str) -> Any:
        words = "$defs" if "$defs" in self.document else "definitions"
        whole = {**self.document, "$ref": f"#/{words}/{name}"}
        return jsonschema_rs.validator_for(whole, validate_formats=True)


@functools.cache
def schema_of(revision: str) -> Schema:
    document = json.loads((HERE / f"{revision}.json").read_text())
    if revision in (V2025_06_18, V2025_11_25):
        # A slip of the generator that the next revision mended: the bounds of a number are numbers.
        for word in ("minimum", "maximum", "default"):
            words = document.get("$defs") or document["definitions"]
            words["NumberSchema"]["properties"].setdefault(word, {})["type"] = "number"
    return Schema(revision, document)


REVISIONS: Final = (V2024_11_05, *sorted(path.stem for path in HERE.glob("*.json")))


def known(revision: object) -> str:
    """``revision`` when there is a schema for it, else that of a plain caller."""
    return revision if isinstance(revision, str) and revision in REVISIONS else PLAIN
