"""The settings of a server whose documents come from the host of the tests, are asked for as often as they say, and are
tried again at once."""

from __future__ import annotations

from gauzy_mcp.settings import *  # noqa: F403
from gauzy_mcp.settings import OAUTH2_PROVIDER as PRODUCTION

OAUTH2_PROVIDER = {
    **PRODUCTION,
    "CIMD_METADATA_FETCHER": "tests.oauth.server.local_documents.LocalDocuments",
    "CIMD_METADATA_MIN_AGE_SECONDS": 0,
    "CIMD_FAILURE_BACKOFF_SECONDS": 0,
}
