"""What clients send to register themselves (RFC 7591), member for member."""

from __future__ import annotations

import json
from typing import Any

import httpx

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
BOTH = ["authorization_code", "refresh_token"]

SENT: dict[str, dict[str, Any]] = {
    "claude.ai": {
        "client_name": "Claude",
        "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
        "grant_types": BOTH,
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": "mcp.read",
    },
    "ChatGPT": {
        "client_name": "ChatGPT",
        "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"],
        "grant_types": BOTH,
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_post",
    },
    "VS Code": {
        "client_name": "Visual Studio Code",
        "client_uri": "https://code.visualstudio.com",
        "redirect_uris": [
            "https://insiders.vscode.dev/redirect",
            "https://vscode.dev/redirect",
            "http://127.0.0.1/",
            "http://127.0.0.1:33418/",
        ],
        "grant_types": [*BOTH, DEVICE],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
        "scope": "mcp.read mcp.write offline_access",
    },
    "Cursor": {
        "client_name": "Cursor",
        "redirect_uris": [
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "http://localhost:8787/callback",
        ],
        "grant_types": BOTH,
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    },
    "MCP Inspector": {
        "client_name": "MCP Inspector",
        "client_uri": "https://github.com/modelcontextprotocol/inspector",
        "redirect_uris": ["http://127.0.0.1:6276/oauth/callback"],
        "grant_types": BOTH,
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": "",
    },
    "mcp-remote": {
        "client_name": "MCP CLI Proxy",
        "client_uri": "https://github.com/geelen/mcp-remote",
        "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d",
        "software_version": "0.15.1",
        "redirect_uris": ["http://localhost:3335/oauth/callback"],
        "grant_types": BOTH,
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    },
    "a client that says the least": {"redirect_uris": ["https://client.example/callback"]},
}


def register(base: str, metadata: object, **more: Any) -> httpx.Response:
    """As JSON in ASCII, which can write what UTF-8 cannot."""
    return httpx.post(f"{base}/oauth/register", content=json.dumps(metadata), timeout=60, **more)


def good(**changes: Any) -> dict[str, Any]:
    """The metadata of a public client; a change to None leaves a member out."""
    made = {"redirect_uris": ["https://client.example/callback"], "token_endpoint_auth_method": "none", **changes}
    return {name: value for name, value in made.items() if value is not None}
