"""Django settings. Every variable comes from :mod:`gauzy_mcp.env`; nothing here reads the environment itself."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.templatetags.static import static

from gauzy_mcp import __version__
from gauzy_mcp.env import environment
from gauzy_mcp.home import derive, ensure_home, root_secret
from oauth_resource.resource.metadata import Resource
from oauth_resource.server import toolkit
from oauth_resource.server.issuer import COUNTED

env = environment()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = ensure_home(env.home)

SECRET_KEY = derive(root_secret(env), "django").hex()
DEBUG = False
ALLOWED_HOSTS = list(env.allowed_hosts)
# Django's own limit is lower, and would refuse a body that ours lets in.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.MCP_HTTP_MAX_BODY
ROOT_URLCONF = "gauzy_mcp.urls"
ASGI_APPLICATION = "gauzy_mcp.asgi.application"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "mcp_tools",
    "mcp_tools.operations",
    "mcp_tools.console",
    "oauth_resource.vault",
    "oauth_resource.identity",
    "oauth_resource.server",
    # Last, for it hands the others what they need of the running process.
    "gauzy_mcp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mcp_tools.operations.middleware.enforce_access",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come first: the dashboard takes the place of the admin's own index.
        "DIRS": [BASE_DIR / "mcp_tools" / "operations" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oauth_resource.pages.source",
            ]
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = ensure_home(HOME / "static")
# Served from the packages themselves, so that nothing has to be collected before a server starts.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": HOME / "gauzy-mcp.sqlite3",
    "OPTIONS": {
        # WAL lets readers go on while one writes; IMMEDIATE locks before it reads, so nobody deadlocks.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}
DATABASES: dict[str, Any] = {"default": SQLITE}
if env.DATABASE_URL:
    DATABASES["default"] = dj_database_url.parse(env.DATABASE_URL, conn_max_age=60, conn_health_checks=True)
    # A database that does not answer must not hold a thread for minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None

REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "Gauzy MCP server: sessions",
    "VERSION": __version__,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
    # The page comes from this server alone.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "gauzy_mcp.browser_sessions"
SESSION_COOKIE_NAME = "gauzy-mcp-browser"
SESSION_COOKIE_HTTPONLY = True
# Not Strict: who is sent here by the page of a client has signed in already, as the consent page must know.
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.production
CSRF_FAILURE_VIEW = "oauth_resource.pages.stale"
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in env.public_hosts if host != "*"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.MCP_TRUSTED_PROXIES else None

_issuer = Resource.at(env.resource_uri, env.endpoint_paths, ()).base
MCP_ROOT_PATH = urlsplit(_issuer).path
"""Below which path of its host this server is reached (MCP_AUTH_RESOURCE_URI): empty for a host of its own."""
FORCE_SCRIPT_NAME = MCP_ROOT_PATH or None

MCP_SOURCE_URL = env.MCP_SOURCE_URL
MCP_EMBEDS_SERVER = env.embeds_server
MCP_COUNTED_PATHS = COUNTED if env.embeds_server else frozenset()
"""Paths whose requests the Django middleware does not count, because they are counted further in."""
OAUTH2_PROVIDER = toolkit.settings(_issuer)

UNFOLD = {
    "SITE_TITLE": "Gauzy MCP server",
    "SITE_HEADER": "Gauzy MCP server",
    "SITE_SYMBOL": "hub",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("operations/icon.svg")}],
    "SHOW_HISTORY": True,
    "DASHBOARD_CALLBACK": "mcp_tools.operations.dashboard.fill_in",
    "SIDEBAR": {"navigation": "mcp_tools.operations.navigation.navigation"},
}
