"""Whatever opens something is hidden in a line of the log, also where it is part of a text."""

from __future__ import annotations

import pytest

from mcp_tools.protocol import redaction


@pytest.mark.parametrize(
    "text",
    [
        '{"path":"/api/public/invoice/3fa85f64-5717-4562-b3fc-2c963f66afa6/CANARY"}',
        '{"taskId":"CANARYabcdefghijklmnopqrstuvwxyz"}',
        '{"note":"wss://x with bearer.CANARY-opaque"}',
        '{"arguments":"{\\"password\\":\\"CANARY\\"}"}',
    ],
)
def test_in_messages(text: str) -> None:
    assert "CANARY" not in redaction.shown_message(text.encode())


def test_in_headers() -> None:
    shown = redaction.shown_headers(
        {
            "Sec-WebSocket-Protocol": "mcp, bearer.CANARY",
            "Mcp-Name": "CANARYabcdefghijklmnopqrstuvwxyz",
            "Mcp-Method": "ping",
        }
    )
    assert "CANARY" not in shown and "ping" in shown


def test_ids_of_gauzy_stay_readable() -> None:
    task = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    assert task in redaction.shown_message(f'{{"taskId":"{task}"}}'.encode())
