"""Every line is searched for credentials, so the search must not take longer than in proportion to the line.

Compared is the processor time of this thread for a short and a long line, which other processes do not change.
"""

from __future__ import annotations

import time

import pytest

from mcp_tools.protocol import redaction

PIECES = [
    "-eyJ",
    "eyJaaaaaaaa-",
    "://a:",
    "token ",
    "bearer ",
    "gauzy_mcp_pat_",
    "cookie",
    "authorization: ",
    '"secret":"\\\\',
]


def seconds(text: str) -> float:
    """Processor time of one search."""
    began = time.thread_time()
    redaction.masked(text)
    return time.thread_time() - began


@pytest.mark.parametrize("piece", PIECES)
def test_a_line_of_many_beginnings(piece: str) -> None:
    short, long = piece * (8_000 // len(piece)), piece * (128_000 // len(piece))
    base = min(seconds(short) for _ in range(3))
    # Sixteen times the text: linear is 16, quadratic 256.
    assert min(seconds(long) for _ in range(3)) < 90 * max(base, 0.0005)
