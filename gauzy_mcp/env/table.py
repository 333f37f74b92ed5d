"""The table. An attribute of :class:`Environment` is a variable of the same name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from gauzy_mcp.env import servers, values
from gauzy_mcp.env.loopback import is_loopback

BUILT_STAGE: Final = 6
"""How far the product is: a variable of a later stage has no effect yet, and the start says so."""

Transport = Literal["stdio", "http", "websocket"]

ROOT: Final = Path(__file__).resolve().parent.parent.parent
"""The checkout, or the folder that the packages are installed in."""


@dataclass(frozen=True, slots=True)
class Variable:
    """How one variable is read and told about. ``mission`` marks the 48 names of the mission's README."""

    name: str
    section: str
    about: str
    example: str
    read: Callable[[str], Any]
    stage: int
    secret: bool
    mission: bool


def _variable(
    section: str,
    about: str,
    example: str,
    read: Callable[[str], Any] = values.text,
    default: Any = None,
    *,
    stage: int = 1,
    secret: bool = False,
    mission: bool = True,
) -> Any:
    metadata = {"variable": ("", section, about, example, read, stage, secret, mission)}
    # A repr ends up in tracebacks and logs: it goes without the secrets.
    return field(default=default, metadata=metadata, repr=not secret)


_RUN, _API, _HTTP, _WS = "Running", "Gauzy", "HTTP", "WebSocket"
_SESSIONS, _LIMITS, _OAUTH, _TOOLS = "Sessions", "Rate limits", "OAuth 2.0", "Tools"
_OPERATIONS = "Operations"


@dataclass(frozen=True)
class Environment:
    """Every variable, typed. ``None`` stands for a variable that is not set and has no default."""

    MCP_TRANSPORT: str = _variable(
        _RUN, "What runmcp serves; auto takes MCP_SERVER_MODE, else stdio without a terminal and all with one.",
        "all", values.choice("stdio", "http", "websocket", "all", "auto"), "stdio",
    )  # fmt: skip
    MCP_SERVER_MODE: str | None = _variable(
        _RUN, "What MCP_TRANSPORT=auto means. Must not contradict MCP_TRANSPORT.",
        "http", values.choice("stdio", "http", "websocket"),
    )  # fmt: skip
    MCP_ENV: str = _variable(
        _RUN, "development or production; production refuses to start without secrets, allowed hosts and origins.",
        "production", values.choice("development", "production"), "development", mission=False,
    )  # fmt: skip
    GAUZY_MCP_DEBUG: bool = _variable(
        _RUN, "Log everything on standard error: connections, messages, sessions, Gauzy requests, calls; no secrets.",
        "true", values.boolean, default=False,
    )  # fmt: skip
    MCP_LOG_FORMAT: str = _variable(
        _RUN,
        "console or json lines on standard error.",
        "json",
        values.choice("console", "json"),
        "console",
        mission=False,
    )
    GAUZY_MCP_HOME: Path | None = _variable(
        _RUN, "Folder for databases, generated secrets and .env files. A checkout uses its var folder.",
        "/srv/gauzy-mcp", values.folder, mission=False,
    )  # fmt: skip
    GAUZY_MCP_ENV_FILE: str | None = _variable(
        _RUN, "Files to read instead of .env.local and .env, separated by commas; none reads none.",
        "/etc/gauzy-mcp.env", mission=False,
    )  # fmt: skip
    MCP_SECRET_KEY: str | None = _variable(
        _RUN, "Root secret that every key is derived from; made on first run in development.",
        "64 random hexadecimal digits", secret=True, mission=False,
    )  # fmt: skip
    MCP_ALLOW_INSECURE: bool = _variable(
        _RUN, "Accept a network address without authentication, where the network itself is trusted.",
        "true", values.boolean, default=False, mission=False,
    )  # fmt: skip
    MCP_ALLOWED_HOSTS: tuple[str, ...] = _variable(
        _RUN, "Host names that this server answers to, besides this machine's own and that of MCP_AUTH_RESOURCE_URI.",
        "mcp.example.com", values.words, (), mission=False,
    )  # fmt: skip
    MCP_MAX_IN_FLIGHT: int = _variable(
        _RUN, "Requests that one connection or session may have running at once, in each process that serves it.",
        "32", values.integer(1, 10_000), 32, mission=False,
    )  # fmt: skip

    API_BASE_URL: str | None = _variable(
        _API, "The Gauzy API. Without it the embedded demo company is used.", "https://apidemo.gauzy.co", values.api_url
    )
    GAUZY_AUTH_EMAIL: str | None = _variable(_API, "E-mail address of the configured account.", "you@example.com")
    GAUZY_AUTH_PASSWORD: str | None = _variable(
        _API, "Password of the configured account.", "your-password", secret=True
    )
    GAUZY_AUTO_LOGIN: bool | None = _variable(
        _API,
        "true signs the configured account in at start, unset at first use; false, without OAuth, only by login.",
        "true", values.boolean,
    )  # fmt: skip
    API_TIMEOUT: int = _variable(
        _API,
        "Longest wait for one answer of Gauzy, in milliseconds.",
        "25000",
        values.milliseconds,
        25_000,
        mission=False,
    )
    GAUZY_CA_BUNDLE: Path | None = _variable(
        _API, "Certificates to trust besides the system's, as a PEM file.", "/etc/ssl/company-ca.pem",
        values.certificates, mission=False,
    )  # fmt: skip
    GAUZY_VERIFY_TLS: bool = _variable(
        _API, "false accepts any certificate of Gauzy: for a test machine only.", "false", values.boolean, default=True,
        mission=False,
    )  # fmt: skip
    GAUZY_APP_URL: str | None = _variable(
        _API, "Gauzy's web application, where links in mails lead; API_BASE_URL unless set.",
        "https://app.gauzy.co", values.web_url, mission=False,
    )  # fmt: skip
    GAUZY_IDENTITY_MODE: str | None = _variable(
        _API, "Under OAuth: shared uses the configured account for everybody, per_user each caller's own.",
        "per_user", values.choice("shared", "per_user"), stage=5, mission=False,
    )  # fmt: skip

    MCP_HTTP_PORT: int = _variable(
        _HTTP, "Port of the HTTP listener; 0 lets the system choose.", "3001", values.port, 3001
    )
    MCP_HTTP_HOST: str = _variable(_HTTP, "Address of the HTTP listener.", "localhost", default="127.0.0.1")
    MCP_HTTP_MAX_BODY: int = _variable(
        _HTTP,
        "Largest request body, in bytes.",
        "4194304",
        values.integer(1024, 1 << 30),
        4 * 1024 * 1024,
        mission=False,
    )
    MCP_CORS_ORIGIN: tuple[str, ...] | None = _variable(
        _HTTP, "Web origins that may call; * for any, without credentials.",
        "https://app.example.com,http://localhost:4200", values.origins,
    )  # fmt: skip
    MCP_CORS_CREDENTIALS: bool = _variable(
        _HTTP, "Whether those origins may send cookies.", "true", values.boolean, default=True
    )

    MCP_WS_PORT: int = _variable(
        _WS, "Port of the WebSocket listener; 0 lets the system choose.", "3002", values.port, 3002
    )
    MCP_WS_HOST: str = _variable(_WS, "Address of the WebSocket listener.", "localhost", default="127.0.0.1")
    MCP_WS_PATH: str = _variable(_WS, "Path of the upgrade, besides /mcp.", "/sse", values.url_path, "/sse")
    MCP_WS_TLS: bool = _variable(
        _WS, "Serve wss:// with the two files below (make certs).", "true", values.boolean, default=False
    )
    MCP_WS_KEY_PATH: Path | None = _variable(_WS, "Private key, PEM.", "/etc/gauzy-mcp/key.pem", values.existing_file)
    MCP_WS_CERT_PATH: Path | None = _variable(
        _WS, "Certificate chain, PEM.", "/etc/gauzy-mcp/cert.pem", values.existing_file
    )
    MCP_WS_COMPRESSION: bool = _variable(_WS, "Master switch of compression.", "true", values.boolean, default=True)
    MCP_WS_PER_MESSAGE_DEFLATE: bool = _variable(
        _WS, "permessage-deflate (RFC 7692); needs MCP_WS_COMPRESSION too.", "true", values.boolean, default=True
    )
    MCP_WS_MAX_PAYLOAD: int = _variable(
        _WS, "Largest message, in bytes.", "16777216", values.integer(1024, 1 << 30), 16 * 1024 * 1024
    )
    MCP_WS_ALLOWED_ORIGINS: tuple[str, ...] | None = _variable(
        _WS, "Web origins that may connect; * for any.", "https://app.example.com", values.origins
    )
    MCP_WS_SESSION_ENABLED: bool = _variable(
        _WS, "Let a browser's cookie resume its session at the upgrade.", "true", values.boolean, default=True, stage=2
    )
    MCP_WS_SESSION_COOKIE_NAME: str = _variable(
        _WS, "Name of that cookie.", "mcp-ws-session-id", default="mcp-ws-session-id", stage=2
    )
    MCP_WS_TRUSTED_PROXIES: tuple[str, ...] = _variable(
        _WS,
        "Proxies whose X-Forwarded-For counts at upgrades: addresses, CIDR, or unix for one on a Unix socket.",
        "10.0.0.0/8",
        values.proxies,
        (),
        stage=4,
    )

    MCP_SESSION_ENABLED: bool = _variable(
        _SESSIONS, "Keep sessions for HTTP clients.", "true", values.boolean, default=True
    )
    MCP_SESSION_COOKIE_NAME: str = _variable(
        _SESSIONS, "Name of the session cookie for browsers.", "mcp-session-id", default="mcp-session-id"
    )
    MCP_SESSION_TTL: int = _variable(
        _SESSIONS,
        "Life of an unused session, in milliseconds; every use renews it.",
        "1800000",
        values.milliseconds,
        1_800_000,
    )
    REDIS_URL: str | None = _variable(
        _SESSIONS, "Redis for sessions that several processes share.", "redis://localhost:6379", values.redis_url,
        stage=2, secret=True,
    )  # fmt: skip
    DATABASE_URL: str | None = _variable(
        _SESSIONS, "PostgreSQL for several processes; SQLite in GAUZY_MCP_HOME otherwise.",
        "postgresql://user:password@localhost/gauzy_mcp", values.database_url, stage=4, secret=True, mission=False,
    )  # fmt: skip

    MCP_KEEP_ARGUMENTS: bool = _variable(
        _OPERATIONS, "Keep the arguments of calls for the admin, without passwords.", "true", values.boolean,
        default=False, mission=False,
    )  # fmt: skip
    MCP_CONSOLE: bool = _variable(
        _OPERATIONS, "Serve the console at /, a page that tries tools in a browser.", "false", values.boolean,
        default=True, stage=6, mission=False,
    )  # fmt: skip
    MCP_CONSOLE_CLIENT_ID: str | None = _variable(
        _OPERATIONS, "The console's client id at an authorization server where it cannot register itself.",
        "gauzy-mcp-console", stage=6, mission=False,
    )  # fmt: skip
    MCP_SOURCE_URL: str = _variable(
        _OPERATIONS, "Where people find the source of what runs here (AGPL section 13); every page has the link. Set "
        "it to yours when you change the code.", "https://git.example.com/gauzy-mcp", values.web_url,
        "https://github.com/ever-co/ever-gauzy", mission=False,
    )  # fmt: skip
    MCP_HISTORY_DAYS: int = _variable(
        _OPERATIONS, "How long sessions and calls stay in the admin, in days.", "30", values.integer(1, 3650), 30,
        mission=False,
    )  # fmt: skip

    THROTTLE_ENABLED: bool | None = _variable(_LIMITS, "Limit requests.", "true", values.boolean, stage=4)
    THROTTLE_TTL: int = _variable(
        _LIMITS, "Window of the limit, in milliseconds.", "60000", values.milliseconds, 60_000, stage=4
    )
    THROTTLE_LIMIT: int = _variable(_LIMITS, "Requests per window.", "100", values.integer(1, 10_000_000), 100, stage=4)
    MCP_TRUSTED_PROXIES: tuple[str, ...] = _variable(
        _LIMITS,
        "Proxies whose X-Forwarded-For counts: addresses, CIDR, or unix for one on a Unix socket.",
        "192.168.1.1,10.0.0.0/8",
        values.proxies,
        (),
        stage=4,
    )

    MCP_AUTH_ENABLED: bool = _variable(
        _OAUTH, "Demand OAuth 2.0 access tokens.", "true", values.boolean, default=False, stage=5
    )
    MCP_AUTH_RESOURCE_URI: str | None = _variable(
        _OAUTH, "Public URL of this server (RFC 8707).", "https://mcp.example.com", values.web_url, stage=5
    )
    MCP_AUTH_REQUIRED_SCOPES: tuple[str, ...] = _variable(
        _OAUTH, "Scopes that every request needs.", "mcp.read,mcp.write", values.words, (), stage=5
    )
    MCP_AUTH_CHALLENGE_SCOPES: tuple[str, ...] = _variable(
        _OAUTH, "Scopes that clients without a token ask for besides. Unset: mcp.read,mcp.write at the server inside.",
        "mcp.read,mcp.write", values.words, (), stage=5, mission=False,
    )  # fmt: skip
    MCP_AUTH_SERVERS: tuple[Any, ...] = _variable(
        _OAUTH, "Authorization servers, as JSON: issuer URLs, or objects with what RFC 8414 publishes.",
        '[{"issuer":"https://auth.example.com","authorizationEndpoint":"https://auth.example.com/oauth2/authorize",'
        '"tokenEndpoint":"https://auth.example.com/oauth2/token",'
        '"registrationEndpoint":"https://auth.example.com/oauth2/register",'
        '"introspectionEndpoint":"https://auth.example.com/oauth2/introspect",'
        '"grantTypesSupported":["authorization_code","refresh_token"],"responseTypesSupported":["code"],'
        '"scopesSupported":["mcp.read","mcp.write","mcp.admin"],"codeChallengeMethodsSupported":["S256"]}]',
        values.json_array, (), stage=5,
    )  # fmt: skip
    MCP_AUTH_JWT_AUDIENCE: str | None = _variable(_OAUTH, "Accepted audience.", "https://mcp.example.com", stage=5)
    MCP_AUTH_JWT_ISSUER: str | None = _variable(_OAUTH, "Accepted issuer.", "https://auth.example.com", stage=5)
    MCP_AUTH_JWT_ALGORITHMS: tuple[str, ...] = _variable(
        _OAUTH, "Accepted signature algorithms: RS, PS or ES with 256, 384 or 512.", "RS256,ES256", values.algorithms,
        ("RS256",), stage=5,
    )  # fmt: skip
    MCP_AUTH_JWT_JWKS_URI: str | None = _variable(
        _OAUTH,
        "Where the issuer's keys are.",
        "https://auth.example.com/.well-known/jwks.json",
        values.web_url,
        stage=5,
    )
    MCP_AUTH_JWT_PUBLIC_KEY: str | None = _variable(
        _OAUTH, "One key in place of a JWKS, PEM with \\n for line ends.", "-----BEGIN PUBLIC KEY-----…", stage=5
    )
    MCP_AUTH_REQUIRE_AT_JWT: bool = _variable(
        _OAUTH, "With a JWKS or key, accept only JWTs of type at+jwt (RFC 9068), and no opaque tokens; Keycloak, Auth0 "
        "and Cognito send others.", "true",
        values.boolean, default=False, stage=5, mission=False,
    )  # fmt: skip
    MCP_AUTH_ALLOWED_CLIENTS: tuple[str, ...] = _variable(
        _OAUTH, "Client ids whose tokens are accepted. Unset: those of every client of the issuer.",
        "claude,chatgpt", values.words, (), stage=5, mission=False,
    )  # fmt: skip
    MCP_AUTH_INTROSPECTION_ENDPOINT: str | None = _variable(
        _OAUTH, "Token introspection (RFC 7662).", "https://auth.example.com/token/introspect", values.web_url, stage=5
    )
    MCP_AUTH_INTROSPECTION_CLIENT_ID: str | None = _variable(_OAUTH, "Client id for it.", "gauzy-mcp-server", stage=5)
    MCP_AUTH_INTROSPECTION_CLIENT_SECRET: str | None = _variable(
        _OAUTH, "Client secret for it.", "secret", stage=5, secret=True
    )
    MCP_AUTH_TOKEN_CACHE_TTL: int = _variable(
        _OAUTH, "How long a validated token is remembered, in seconds.", "300", values.seconds, 300, stage=5
    )
    MCP_AUTH_METADATA_CACHE_TTL: int = _variable(
        _OAUTH, "How long keys and metadata are remembered, in seconds.", "3600", values.seconds, 3600, stage=5
    )
    MCP_AUTH_ALLOW_EMBEDDED_SERVER: bool = _variable(
        _OAUTH, "Allow the authorization server inside this project.", "true", values.boolean, default=True, stage=6
    )
    MCP_AUTH_SESSION_SECRET: str | None = _variable(
        _OAUTH, "Root secret where MCP_SECRET_KEY is not set.", "your-session-secret-key", secret=True
    )
    MCP_CREDENTIAL_KEYS: tuple[str, ...] = _variable(
        _OAUTH, "Keys that seal callers' Gauzy tokens: the first seals, all open. Unset: one of the root secret.",
        "new-64-random-digits,old-64-random-digits", values.words, (), stage=5, secret=True, mission=False,
    )  # fmt: skip

    MCP_TOOLSETS: tuple[str, ...] | None = _variable(
        _TOOLS, "Toolsets that tools/list shows and clients may choose from: core, all, or domains. Unset: core.",
        "core,projects", values.words, mission=False,
    )  # fmt: skip
    MCP_READ_ONLY: bool = _variable(
        _TOOLS, "Refuse every tool that changes data.", "true", values.boolean, default=False, mission=False
    )
    MCP_CONFIRM_DESTRUCTIVE: str = _variable(
        _TOOLS, "When destructive tools ask first.", "always", values.choice("auto", "always", "never"), "auto",
        stage=2, mission=False,
    )  # fmt: skip
    MCP_MAX_REPLY_TOKENS: int = _variable(
        _TOOLS, "Largest answer of a tool, in tokens of four bytes; what is longer is cut, and says how to go on.",
        "20000", values.integer(500, 1_000_000), 20_000, mission=False,
    )  # fmt: skip
    MCP_CALL_TIMEOUT: int = _variable(
        _TOOLS, "Longest run of one tool call, in milliseconds.", "55000", values.milliseconds, 55_000, mission=False
    )

    @property
    def uses_sandbox(self) -> bool:
        return self.API_BASE_URL is None

    @property
    def production(self) -> bool:
        return self.MCP_ENV == "production"

    @property
    def home(self) -> Path:
        """Where this server keeps what it makes: SQLite files and generated secrets."""
        return self.GAUZY_MCP_HOME or default_home(ROOT)

    @property
    def resource_uri(self) -> str:
        """The address that clients know this server by; on a developer's machine that of the HTTP listener."""
        return self.MCP_AUTH_RESOURCE_URI or f"http://localhost:{self.MCP_HTTP_PORT}"

    @property
    def endpoint_paths(self) -> tuple[str, ...]:
        """Where clients call, over HTTP and WebSocket."""
        return tuple(dict.fromkeys(("/sse", "/mcp", self.MCP_WS_PATH)))

    @property
    def verifies_signatures(self) -> bool:
        """Whether access tokens are checked as JWTs."""
        return bool(self.jwks_uri or self.MCP_AUTH_JWT_PUBLIC_KEY)

    @property
    def jwks_uri(self) -> str | None:
        """Where the issuer's keys are: as configured, else as MCP_AUTH_SERVERS says. None beside a fixed key."""
        if self.MCP_AUTH_JWT_JWKS_URI or self.MCP_AUTH_JWT_PUBLIC_KEY:
            return self.MCP_AUTH_JWT_JWKS_URI
        return servers.told_of(self.MCP_AUTH_SERVERS, self.MCP_AUTH_JWT_ISSUER, "jwks_uri")

    @property
    def introspection_endpoint(self) -> str | None:
        """As configured, else as MCP_AUTH_SERVERS describes the issuer, for who has credentials there."""
        if self.MCP_AUTH_INTROSPECTION_ENDPOINT or not self.MCP_AUTH_INTROSPECTION_CLIENT_SECRET:
            return self.MCP_AUTH_INTROSPECTION_ENDPOINT
        return servers.told_of(self.MCP_AUTH_SERVERS, self.MCP_AUTH_JWT_ISSUER, "introspection_endpoint")

    @property
    def embeds_server(self) -> bool:
        """Whether the authorization server inside this project serves: only where no other issuer is set."""
        foreign = self.verifies_signatures or self.MCP_AUTH_INTROSPECTION_ENDPOINT or self.MCP_AUTH_JWT_ISSUER
        return self.MCP_AUTH_ENABLED and self.MCP_AUTH_ALLOW_EMBEDDED_SERVER and not (foreign or self.MCP_AUTH_SERVERS)

    @property
    def shares_account(self) -> bool:
        """Whether callers may act as the configured account: always without OAuth, under it only when told so."""
        return not self.MCP_AUTH_ENABLED or self.GAUZY_IDENTITY_MODE == "shared"

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        return (*self._own_hosts, "[::1]", *self.public_hosts)

    @property
    def public_hosts(self) -> tuple[str, ...]:
        """The names that others know this server by."""
        resource = urlsplit(self.MCP_AUTH_RESOURCE_URI).hostname if self.MCP_AUTH_RESOURCE_URI else None
        return (*([resource] if resource else []), *self.MCP_ALLOWED_HOSTS)

    @property
    def throttles(self) -> bool:
        """Whether requests are limited; unless set, not where only this machine can ask and nothing is shared.

        Behind a proxy of this machine everybody can ask, at an address of loopback.
        """
        if self.THROTTLE_ENABLED is not None:
            return self.THROTTLE_ENABLED
        others = self.production or self.REDIS_URL or self.MCP_TRUSTED_PROXIES or self.MCP_WS_TRUSTED_PROXIES
        return bool(others) or not all(map(is_loopback, (self.MCP_HTTP_HOST, self.MCP_WS_HOST)))

    @property
    def session_cookies(self) -> tuple[str, ...]:
        """The cookie of HTTP, and that of the WebSocket where it may resume a browser's session."""
        names = (
            self.MCP_SESSION_COOKIE_NAME,
            *([self.MCP_WS_SESSION_COOKIE_NAME] if self.MCP_WS_SESSION_ENABLED else []),
        )
        return tuple(dict.fromkeys(names))

    @property
    def http_origins(self) -> tuple[str, ...]:
        return self.MCP_CORS_ORIGIN if self.MCP_CORS_ORIGIN is not None else self.origins_at(*self._own_ports)

    @property
    def websocket_origins(self) -> tuple[str, ...]:
        given = self.MCP_WS_ALLOWED_ORIGINS
        return given if given is not None else self.origins_at(*self._own_ports)

    @property
    def _own_ports(self) -> tuple[int, ...]:
        """Gauzy's usual development ports and those of our own listeners, which 0 leaves to the system."""
        return tuple(port for port in (3000, 4200, self.MCP_HTTP_PORT, self.MCP_WS_PORT) if port)

    def origins_at(self, *ports: int) -> tuple[str, ...]:
        """This machine's pages at ``ports``. None in production, where origins are named."""
        if self.production:
            return ()
        return tuple(f"http://{host}:{port}" for host in self._own_hosts for port in ports)

    @property
    def _own_hosts(self) -> tuple[str, ...]:
        """Names of this machine that nobody else can have, those of the listeners among them; without IPv6."""
        listeners = (host for host in (self.MCP_HTTP_HOST, self.MCP_WS_HOST) if is_loopback(host) and ":" not in host)
        return tuple(dict.fromkeys(("localhost", "127.0.0.1", *listeners)))

    def resolve_transports(self, *, stdin_is_terminal: bool) -> frozenset[Transport]:
        """The listeners that MCP_TRANSPORT and MCP_SERVER_MODE ask for."""
        chosen = self.MCP_TRANSPORT
        if chosen == "auto":
            chosen = self.MCP_SERVER_MODE or ("all" if stdin_is_terminal else "stdio")
        return frozenset({"http", "websocket"}) if chosen == "all" else frozenset({chosen})  # type: ignore[arg-type]


def default_home(root: Path) -> Path:
    """``var`` in a checkout; an installed package uses the platform's data folder."""
    if (root / "manage.py").is_file():
        return root / "var"
    import os
    import sys

    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "gauzy-mcp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "gauzy-mcp"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "gauzy-mcp"


VARIABLES: Final[Sequence[Variable]] = tuple(
    Variable(one.name, *one.metadata["variable"][1:]) for one in fields(Environment)
)
BY_NAME: Final = {variable.name: variable for variable in VARIABLES}
