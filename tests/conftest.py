"""What every test stands on: an environment of its own, which nothing of the developer's reaches."""

from __future__ import annotations

import os
import tempfile

for name in [name for name in os.environ if name.startswith(("MCP_", "GAUZY_", "THROTTLE_", "API_"))]:
    if name not in ("GAUZY_REFERENCE_DIR",):
        del os.environ[name]
os.environ["GAUZY_MCP_HOME"] = tempfile.mkdtemp(prefix="gauzy-mcp-test-")
os.environ["GAUZY_MCP_ENV_FILE"] = "none"
