from __future__ import annotations

import httpx
import yaml
from drf_spectacular.validation import validate_schema


def test_it_follows_the_specification_and_names_every_route(http: httpx.Client) -> None:
    answer = http.get("/api/schema")
    assert answer.status_code == 200
    document = yaml.safe_load(answer.text)
    validate_schema(document)
    assert {path: set(methods) for path, methods in document["paths"].items()} == {
        "/sse/session": {"post"},
        "/sse/session/{session_id}": {"get", "delete"},
        "/sse/sessions/stats": {"get"},
    }


def test_every_answer_is_described(http: httpx.Client) -> None:
    document = yaml.safe_load(http.get("/api/schema").text)
    answers = {
        f"{method} {path}": set(operation["responses"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert answers == {
        "post /sse/session": {"201", "404"},
        "get /sse/session/{session_id}": {"200", "404"},
        "delete /sse/session/{session_id}": {"204", "404"},
        "get /sse/sessions/stats": {"200"},
    }
