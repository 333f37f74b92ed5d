"""What a server loads that is not of this project, and asks neither for settings nor for a reactor when loaded."""

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
    "django.core.handlers.asgi",
    "django.test",
    "httpx",
    "httpx_aiohttp",
    "joserfc.jwt",
    "jsonschema",
    "jsonschema_rs",
    "jwcrypto.jwk",
    "oauthlib.oauth2",
    "orjson",
    "psutil",
    "psycopg",
    "redis.asyncio",
    "requests",
    "snowballstemmer",
    "sqlite3",
    "truststore",
    "twisted.internet.endpoints",
    "twisted.web.http",
    "whitenoise.middleware",
    "yaml",
)

for name in NAMES:
    importlib.import_module(name)
# What is here stays: no process that is forked needs to look at it again.
gc.freeze()
