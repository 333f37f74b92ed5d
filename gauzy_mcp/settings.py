"""Django settings. Every variable comes from :mod:`gauzy_mcp.env`; nothing here reads the environment itself."""

from pathlib import Path

from gauzy_mcp.env import environment
from gauzy_mcp.home import derive, ensure_home, root_secret

env = environment()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = ensure_home(env.home)

SECRET_KEY = derive(root_secret(env), "django").hex()
DEBUG = False
ALLOWED_HOSTS = list(env.allowed_hosts)
ROOT_URLCONF = "gauzy_mcp.urls"
ASGI_APPLICATION = "gauzy_mcp.asgi.application"

INSTALLED_APPS = ["channels", "rest_framework", "mcp_tools"]
MIDDLEWARE: list[str] = []
TEMPLATES: list[dict[str, object]] = []

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "gauzy-mcp.sqlite3",
        "OPTIONS": {
            # WAL lets readers go on while one writes; IMMEDIATE locks before it reads, so nobody deadlocks.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None

REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
