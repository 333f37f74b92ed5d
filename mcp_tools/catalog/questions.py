"""What a tool, prompt or resource may ask the client for while it runs.

Sources: pages client/elicitation, client/sampling and client/roots of 2025-11-25, and basic/patterns/mrtr of
2026-07-28, which carries the same questions inside a result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from mcp_tools.protocol.errors import invalid_params

ACTIONS: Final = ("accept", "decline", "cancel")


class Question(Protocol):
    """``capability`` is what the client must have declared: nested names, outermost first.

    ``shown_first`` refuses an answer that comes before the question was asked: a yes to what nobody was shown is none.
    """

    @property
    def method(self) -> str: ...
    @property
    def capability(self) -> Sequence[str]: ...
    @property
    def shown_first(self) -> bool: ...

    def params(self) -> dict[str, Any]:
        """The ``params`` of the request."""


@dataclass(frozen=True, slots=True)
class Form:
    """Asks the person for values: ``schema`` is a flat object schema. The answer is ``{action, content?}``."""

    message: str
    schema: Mapping[str, Any]
    shown_first: bool = False
    method: str = field(default="elicitation/create", init=False)
    capability: Sequence[str] = field(default=("elicitation", "form"), init=False)

    def params(self) -> dict[str, Any]:
        return {"message": self.message, "requestedSchema": dict(self.schema)}


@dataclass(frozen=True, slots=True)
class Visit:
    """Asks the person to open ``url``; whether they did it is for the page there to say. The answer is ``{action}``."""

    message: str
    url: str
    elicitation_id: str
    method: str = field(default="elicitation/create", init=False)
    capability: Sequence[str] = field(default=("elicitation", "url"), init=False)
    shown_first: bool = field(default=False, init=False)

    def params(self) -> dict[str, Any]:
        return {"mode": "url", "message": self.message, "url": self.url, "elicitationId": self.elicitation_id}


@dataclass(frozen=True, slots=True)
class Sample:
    """Asks the client's model to answer ``prompt``. The answer is a CreateMessageResult."""

    prompt: str
    max_tokens: int
    method: str = field(default="sampling/createMessage", init=False)
    capability: Sequence[str] = field(default=("sampling",), init=False)
    shown_first: bool = field(default=False, init=False)

    def params(self) -> dict[str, Any]:
        message = {"role": "user", "content": {"type": "text", "text": self.prompt}}
        return {"messages": [message], "maxTokens": self.max_tokens}


@dataclass(frozen=True, slots=True)
class Roots:
    """Asks which folders the client works in. The answer is ``{roots: [{uri, name?}]}``."""

    method: str = field(default="roots/list", init=False)
    capability: Sequence[str] = field(default=("roots",), init=False)
    shown_first: bool = field(default=False, init=False)

    def params(self) -> dict[str, Any]:
        return {}


def check(method: str, answer: Any) -> dict[str, Any]:
    """``answer`` when it has the shape that answers ``method`` have. Raises -32602 otherwise."""
    if not isinstance(answer, dict):
        raise invalid_params(f"the answer to {method} must be an object")
    if method == "elicitation/create":
        _check_elicited(answer)
    elif method == "sampling/createMessage" and not isinstance(answer.get("content"), dict | list):
        raise invalid_params("the answer to sampling/createMessage must have content")
    elif method == "roots/list" and not isinstance(answer.get("roots"), list):
        raise invalid_params("the answer to roots/list must have a list of roots")
    return answer


def _check_elicited(answer: Mapping[str, Any]) -> None:
    if answer.get("action") not in ACTIONS:
        raise invalid_params(f"the action of the answer must be one of {', '.join(ACTIONS)}")
    if not isinstance(answer.get("content") or {}, dict):
        raise invalid_params("the content of the answer must be an object")
