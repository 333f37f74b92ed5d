"""More parameters than Django reads, and contradicting ones, are a 400 that counts, not a 500."""

from __future__ import annotations

import httpx
import pytest

from tests.transports.calls import message


@pytest.mark.parametrize("query", ["&".join(f"a{number}=1" for number in range(1001)), "readonly=true&readonly=false"])
def test_it_is_a_bad_request(http: httpx.Client, query: str) -> None:
    answer = http.post(f"/mcp?{query}", json=message("ping"))
    assert (answer.status_code, "error" in answer.json()) == (400, True)
