"""What a server loads that does not look at the environment, at settings, or for a reactor when it is loaded."""

import gc
import importlib

# prometheus_client is left out: it reads the environment when it is loaded.
NAMES = (
    "aiohttp",
    "autobahn.websocket.protocol",
    "channels.generic.websocket",
    "channels.routing",
    "cryptography.hazmat.primitives.ciphers.aead",
    "dj_database_url",
    "django.contrib.admin",
    "django.contrib.postgres.fields",
    "django.contrib.auth.hashers",
    "django.core.handlers.asgi",
    "django.core.management.commands.migrate",
    "django.db.backends.sqlite3.base",
    "django.test",
    "httpx",
    "httpx_aiohttp",
    "joserfc.jwt",
    "jsonschema",
    "jsonschema_rs",
    "jwcrypto.jwk",
    "oauth2_provider.validators",
    "oauthlib.oauth2",
    "orjson",
    "psutil",
    "psycopg",
    "redis.asyncio",
    "requests",
    "rest_framework.serializers",
    "snowballstemmer",
    "sqlite3",
    "truststore",
    "twisted.internet.endpoints",
    "twisted.web.http",
    "whitenoise.middleware",
    "yaml",
)
OURS = ("gauzy_mcp.entry", "gauzy_mcp.wiring", "mcp_tools.catalog.domains", "mcp_tools.sandbox.application")

for name in (*NAMES, *OURS):
    importlib.import_module(name)
# What is here stays: no process that is forked needs to look at it again.
gc.freeze()
