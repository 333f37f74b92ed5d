"""Puts the rooms together. Importing this module loads no Django; stdio must start without it."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from gauzy_mcp.describing import description, info, instructions
from gauzy_mcp.env import Environment, EnvironmentInvalid, environment
from gauzy_mcp.home import derive, root_secret
from gauzy_mcp.sharing import backplane
from gauzy_mcp.telemetry import tracer
from mcp_tools.catalog.offer import Offer, gauzy_offer
from mcp_tools.clock import Clock, utc_now
from mcp_tools.dispatch import lists
from mcp_tools.dispatch.anonymous_clients import AnonymousClients
from mcp_tools.dispatch.authorise import Policy
from mcp_tools.dispatch.change_notices import ChangeNotifier
from mcp_tools.dispatch.client_questions import Asker, ConnectedAsker, StatelessAsker
from mcp_tools.dispatch.completions import Completions
from mcp_tools.dispatch.confirmation import Confirmation, Mode
from mcp_tools.dispatch.engine import Engine, Lists, Operations
from mcp_tools.dispatch.gauzy_accounts import CallerAccounts, Keeping
from mcp_tools.dispatch.hub import Hub
from mcp_tools.dispatch.lifecycle import Lifecycle, ServerDescription
from mcp_tools.dispatch.lists import ListAnswer
from mcp_tools.dispatch.observers import Observers
from mcp_tools.dispatch.prompts import PromptGets
from mcp_tools.dispatch.rate_limiter import RateLimited, RateLimiter
from mcp_tools.dispatch.replying import Replies
from mcp_tools.dispatch.request_context import RequestContext
from mcp_tools.dispatch.resource_reads import Owners, ResourceReads
from mcp_tools.dispatch.session_opener import SessionOpener
from mcp_tools.dispatch.spans import Spans
from mcp_tools.dispatch.subscriptions import Subscriptions
from mcp_tools.dispatch.tasks import Tasks
from mcp_tools.dispatch.tool_calls import CallSettings, ToolCalls
from mcp_tools.dispatch.tool_context import CallContext
from mcp_tools.dispatch.tool_search import Finder
from mcp_tools.dispatch.tool_selection import ToolSelections
from mcp_tools.gauzy.accounts import Accounts
from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.client import Credentials
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.gauzy.pool import ApiSettings
from mcp_tools.operations.gathering import Digests
from mcp_tools.operations.journal import FOLDER, Journal
from mcp_tools.protocol.capabilities import TASKS
from mcp_tools.protocol.cursors import Cursors
from mcp_tools.protocol.messages import MAX_BATCH, Request
from mcp_tools.protocol.state import RequestStates
from mcp_tools.sessions.errors import StateUnavailable

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from httpx import AsyncBaseTransport

    from mcp_tools.operations.recorder import Recorder
    from mcp_tools.transports.http.admission import Admission
    from mcp_tools.transports.http.http_callers import HttpCallers
    from mcp_tools.transports.http.origin_policy import OriginPolicy
    from mcp_tools.transports.http.view import McpView
    from mcp_tools.transports.origins import AllowList
    from mcp_tools.transports.websocket import WebSocketPolicy
    from oauth_resource.identity.linking import Links
    from oauth_resource.resource.authenticator import Authenticator
    from oauth_resource.server.running import AuthorizationServer

log = logging.getLogger("gauzy_mcp.start")

CAPABILITIES: Final[Mapping[str, Any]] = {
    "tools": {"listChanged": True},
    "prompts": {"listChanged": True},
    "resources": {"subscribe": True, "listChanged": True},
    "completions": {},
    "logging": {},
    "extensions": {TASKS: {}},
}
SANDBOX_NOTE: Final = "Done in the embedded demo company, not in a real Gauzy: set API_BASE_URL to use yours."

DEMO_ACCOUNT = ("demo@gauzy.local", "demo")
SANDBOX_URL = "http://sandbox.invalid"
"""The embedded Gauzy has no address; this name never resolves (RFC 2606 section 2) and shows in no request."""


Probe = Callable[["HttpRequest"], Awaitable["HttpResponseBase"]]
"""A view that machines ask."""


class Assembly:
    """The parts of one process, made from its environment. Servers share :func:`process_assembly`.

    ``offer`` is what clients are offered, this product's unless given; ``transport`` makes a way to Gauzy in place of
    the network. ``clock`` is the time of day for tools and prompts.
    """

    def __init__(
        self,
        env: Environment,
        offer: Offer | None = None,
        *,
        transport: Callable[[], AsyncBaseTransport] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.env = env
        self.offer = offer or gauzy_offer()
        self.plane = backplane(env)
        self.sessions = self.plane.sessions
        self.telemetry = tracer()
        self.api = GauzyApi(
            _api_settings(env),
            transport or (_sandbox_transport if env.uses_sandbox else None),
            tracer=self.telemetry,
            now=clock,
        )
        self.policy = Policy(
            read_only=env.MCP_READ_ONLY, required_scopes=env.MCP_AUTH_REQUIRED_SCOPES if env.MCP_AUTH_ENABLED else None
        )
        self.links: Links | None = None
        keeping: Keeping | None = None
        if env.MCP_AUTH_ENABLED:
            from gauzy_mcp.oauth import linking

            self.links, keeping, self.offer = linking(env, self.api, self.plane, self.offer, self.policy)
        configured = _configured_account(env) if env.shares_account else None
        self.accounts = Accounts(self.api, configured, shared=env.MCP_AUTH_ENABLED or env.GAUZY_AUTO_LOGIN is not False)
        self.observers = Observers()
        self.opener = SessionOpener(self.sessions, self.observers, over_http=env.MCP_SESSION_ENABLED)
        self.callers = CallerAccounts(
            self.accounts, self.sessions, self.opener, self.policy, keeping, shares=env.shares_account
        )
        self.server = ServerDescription(info(), instructions(env), CAPABILITIES)
        self.hub = Hub(self.plane)
        self.touches = ChangeNotifier(self.hub, self.sessions)
        self.rate_limiter = RateLimiter(self.plane.limits)
        self._recorder: Recorder | None = None
        self._journal: Journal | None = None
        self._finder = Finder(self.offer.tools, self.policy, env.MCP_TOOLSETS)
        self.engine = self._engine()
        for changing in (self.offer.tools, self.offer.prompts, self.offer.resources):
            changing.listeners.append(self.hub.list_changed)

    async def start(self) -> None:
        """Begins background work, and signs the configured account in when GAUZY_AUTO_LOGIN asks for it; a failure
        is told, and retried at use."""
        self.engine.listen()
        if self._recorder is not None:
            self._recorder.start()
        if self.env.GAUZY_AUTO_LOGIN and self.accounts.shared is not None:
            try:
                signed_in = await self.accounts.shared.sign_in()
                log.info("signed in as %s", signed_in.identity.email)
            except GauzyError as error:
                log.error("GAUZY_AUTO_LOGIN: %s", error)

    async def ready(self) -> dict[str, object]:
        """What this server stands on and whether each part answers: ``{name: {"ok": bool, …}}``."""
        from mcp_tools.operations.health import timed

        asked: dict[str, Awaitable[object]] = {"redis": self.plane.ping()} if self.env.REDIS_URL is not None else {}
        if self.authenticator is not None:
            asked |= self.authenticator.parts()
        health, *found = await asyncio.gather(self.api.probe(), *map(timed, asked.values()))
        gauzy = {"ok": health["reachable"], "milliseconds": health["milliseconds"]}
        return {"gauzy": gauzy, **dict(zip(asked, found, strict=True))}

    async def brake(self, request: HttpRequest, email: str) -> None:
        """Counts a sign-in at the link page. Raises the page's Busy."""
        from oauth_resource.identity.views import Busy

        try:
            await self.rate_limiter.check_sign_in(self.address(request), email)
        except (RateLimited, StateUnavailable) as error:
            raise Busy(str(error)) from error

    def observe(self) -> None:
        """Begins to keep history and metrics, as a network process does. Needs Django."""
        from mcp_tools.operations import siblings
        from mcp_tools.operations.history import Lives
        from mcp_tools.operations.journal_reader import JournalReader
        from mcp_tools.operations.metrics import Metrics
        from mcp_tools.operations.recorder import Recorder

        env = self.env
        process = siblings.own_name() if env.REDIS_URL is None else ""
        lives = Lives(env.MCP_SESSION_TTL / 1000, env.MCP_HISTORY_DAYS, process)
        self._recorder = Recorder(self._digests(), lives, JournalReader(env.home / FOLDER, lives), self._tidies())
        self.observers.add(self._recorder)
        self.observers.add(Metrics())

    def _tidies(self) -> list[Callable[[], None]]:
        """What a network process removes from its database every minute, besides old history."""
        if self.links is None:
            return []
        from oauth_resource.identity.linking import forget_abandoned

        return [forget_abandoned]

    def keep_journal(self) -> None:
        """Begins to note what a network process of the same home puts into its history, as a stdio process does."""
        self._journal = Journal(self.env.home / FOLDER, self._digests(), self.env.MCP_HISTORY_DAYS)
        self.observers.add(self._journal)

    def _digests(self) -> Digests:
        return Digests(derive(root_secret(self.env), "argument digest"), keeps=self.env.MCP_KEEP_ARGUMENTS)

    async def stop(self) -> None:
        await self.engine.aclose()
        await self.touches.aclose()
        if self._journal is not None:
            self._journal.close()
        if self._recorder is not None:
            from mcp_tools.operations.metrics import leave

            await self._recorder.aclose()
            leave()
        await self.plane.aclose()
        await self.api.aclose()
        if self.telemetry is not None:
            await asyncio.to_thread(self.telemetry.close)

    @functools.cached_property
    def http_view(self) -> McpView:
        from mcp_tools.transports.http.view import McpView

        return McpView(self.engine, self._http_callers, self._guard, self._admission)

    @functools.cached_property
    def authenticator(self) -> Authenticator | None:
        """Where access tokens are checked; None when nobody is authenticated (MCP_AUTH_ENABLED)."""
        if not self.env.MCP_AUTH_ENABLED:
            return None
        from gauzy_mcp.oauth import authenticator

        return authenticator(self.env, self.plane.bus)

    @functools.cached_property
    def authorization_server(self) -> AuthorizationServer:
        """The embedded one, of a process that serves it (``env.embeds_server``). Needs Django."""
        from gauzy_mcp.embedded import authorization_server

        return authorization_server(self)

    @property
    def keeps_http_sessions(self) -> bool:
        return self.env.MCP_SESSION_ENABLED

    def refuse(self, request: HttpRequest) -> HttpResponse | None:
        """A 403 for a foreign Host or Origin, else None."""
        return self._guard.refuse(request)

    def refuse_host(self, request: HttpRequest) -> HttpResponse | None:
        """A 403 for a foreign Host, else None."""
        return self._guard.refuse_host(request)

    def probe(self, view: Probe) -> Probe:
        """``view`` as machines may read it, and web pages may not."""

        async def probed(request: HttpRequest) -> HttpResponseBase:
            return self._guard.refuse_probe(request) or await view(request)

        return probed

    def address(self, request: HttpRequest) -> str:
        """The client's address, seen through trusted proxies."""
        return self._http_callers.address(request)

    @functools.cached_property
    def _admission(self) -> Admission:
        from mcp_tools.transports.http.admission import Admission

        return Admission(self.authenticator, self.rate_limiter, seconds=self.env.MCP_AUTH_TOKEN_CACHE_TTL)

    @functools.cached_property
    def _http_callers(self) -> HttpCallers:
        from mcp_tools.transports.addresses import TrustedProxies
        from mcp_tools.transports.http.http_callers import HttpCallers
        from mcp_tools.transports.http.origin_policy import SessionPolicy

        policy = SessionPolicy(self.env.MCP_SESSION_ENABLED, self.env.session_cookies)
        proxies = TrustedProxies(self.env.MCP_TRUSTED_PROXIES)
        return HttpCallers(
            self.sessions,
            policy,
            proxies,
            self.rate_limiter,
            self._admission,
            self.engine.tool_selections,
            self._http_allowed,
        )

    @functools.cached_property
    def _guard(self) -> OriginPolicy:
        from mcp_tools.transports.http.origin_policy import OriginPolicy

        return OriginPolicy(self._http_allowed, credentials=self.env.MCP_CORS_CREDENTIALS)

    @functools.cached_property
    def _http_allowed(self) -> AllowList:
        from mcp_tools.transports.origins import AllowList

        return AllowList(self.env.http_origins, self.env.allowed_hosts)

    def listens_at(self, port: int) -> None:
        """Lets the pages of a listener in where origins are not configured: the system may have chosen its port."""
        origins = self.env.origins_at(port)
        if self.env.MCP_CORS_ORIGIN is None:
            self._http_allowed.allow(origins)
        if self.env.MCP_WS_ALLOWED_ORIGINS is None:
            self.websocket_policy.allowed.allow(origins)

    @functools.cached_property
    def websocket_policy(self) -> WebSocketPolicy:
        from mcp_tools.transports.addresses import TrustedProxies
        from mcp_tools.transports.origins import AllowList
        from mcp_tools.transports.websocket import WebSocketPolicy

        allowed = AllowList(self.env.websocket_origins, self.env.allowed_hosts)
        resumes = self.env.MCP_SESSION_ENABLED and self.env.MCP_WS_SESSION_ENABLED
        cookie = self.env.MCP_WS_SESSION_COOKIE_NAME if resumes else None
        proxies = TrustedProxies(self.env.MCP_WS_TRUSTED_PROXIES)
        return WebSocketPolicy(
            allowed,
            self.env.MCP_WS_MAX_PAYLOAD,
            proxies,
            cookie,
            self.authenticator,
            float(self.env.MCP_AUTH_TOKEN_CACHE_TTL),
        )

    def _engine(self) -> Engine:
        env, info, offer = self.env, self.server.info, self.offer
        tasks = Tasks(self.plane, info)
        settings = CallSettings(
            self.policy,
            Confirmation(cast(Mode, env.MCP_CONFIRM_DESTRUCTIVE)),
            Replies(env.MCP_MAX_REPLY_TOKENS),
            self.rate_limiter,
            timeout=env.MCP_CALL_TIMEOUT / 1000,
            note=SANDBOX_NOTE if env.uses_sandbox and offer.is_gauzy else "",
        )
        calls = ToolCalls(
            offer.tools,
            settings,
            self.context,
            info,
            plane=self.plane,
            tasks=tasks,
            touches=self.touches,
            observer=self.observers,
            details=self.callers.details,
        )
        reads = ResourceReads(offer.resources, self.context, info)
        operations = Operations(
            lifecycle=Lifecycle(self.server, self.sessions, self.opener),
            lists=self._lists(),
            calls=calls,
            prompts=PromptGets(offer.prompts, self.context, info),
            reads=reads,
            completions=Completions(offer.prompts, offer.resources, self.context, info),
            subscriptions=Subscriptions(self.hub, self.sessions, Owners(reads, self.callers).tenant),
            tasks=tasks,
        )
        return Engine(
            operations,
            self.plane,
            self.hub,
            info,
            tool_selections=ToolSelections(offer.tools),
            rate_limiter=self.rate_limiter,
            policy=self.policy,
            max_in_flight=env.MCP_MAX_IN_FLIGHT,
            observer=self.observers,
            visitors=AnonymousClients(derive(root_secret(env), "visitors"), env.MCP_SESSION_TTL / 1000),
            max_batch=min(MAX_BATCH, env.THROTTLE_LIMIT) if env.throttles else MAX_BATCH,
            opener=self.opener,
            details=self.callers.details,
            on_end=self.callers.forget,
            spans=Spans(self.telemetry, offer.tools.find, offer.prompts.find) if self.telemetry else None,
        )

    def _lists(self) -> Lists:
        env, info, offer = self.env, self.server.info, self.offer
        cursors = Cursors(derive(root_secret(env), "cursors"))
        try:
            tools = lists.tools(offer.tools, env.MCP_TOOLSETS, self.policy)
        except ValueError as error:
            raise EnvironmentInvalid([f"MCP_TOOLSETS: {error}. Example: MCP_TOOLSETS=core"]) from None
        resources, templates = lists.resources(offer.resources), lists.templates(offer.resources)
        return Lists(
            tools=ListAnswer("tools", offer.tools, tools, cursors, info, self.policy),
            prompts=ListAnswer("prompts", offer.prompts, lists.prompts(offer.prompts), cursors, info, self.policy),
            resources=ListAnswer("resources", offer.resources, resources, cursors, info, self.policy),
            templates=ListAnswer("resourceTemplates", offer.resources, templates, cursors, info, self.policy),
        )

    def context(self, context: RequestContext, request: Request) -> CallContext:
        """What a tool, prompt, resource or completion may use while it answers ``request``."""
        account = self.callers.account(context)
        if context.stateless:
            asker: Asker = StatelessAsker(context, request, self._states)
        else:
            asker = ConnectedAsker(context, self.plane)
        return CallContext(
            context,
            account,
            asker=asker,
            search=self._finder.search,
            sessions=self.sessions,
            server=description(self.env),
            probe=self.api.probe,
        )

    @functools.cached_property
    def _states(self) -> RequestStates:
        return RequestStates(derive(root_secret(self.env), "request state"))


@functools.cache
def process_assembly() -> Assembly:
    """The assembly of a network process, for ``asgi`` and ``urls`` alike."""
    return Assembly(environment())


def http_paths() -> tuple[str, ...]:
    return ("/sse", "/mcp")


def websocket_paths(env: Environment) -> tuple[str, ...]:
    return (env.MCP_WS_PATH, "/mcp")


def _api_settings(env: Environment) -> ApiSettings:
    return ApiSettings(env.API_BASE_URL or SANDBOX_URL, env.API_TIMEOUT, env.GAUZY_CA_BUNDLE, env.GAUZY_VERIFY_TLS)


def _configured_account(env: Environment) -> Credentials | None:
    """The shared account; the embedded company has one of its own."""
    if env.GAUZY_AUTH_EMAIL and env.GAUZY_AUTH_PASSWORD:
        return Credentials(env.GAUZY_AUTH_EMAIL, env.GAUZY_AUTH_PASSWORD)
    return Credentials(*DEMO_ACCOUNT) if env.uses_sandbox else None


def _sandbox_transport() -> Any:
    """The embedded Gauzy behind an in-process HTTP transport, loaded when it is first asked."""
    import importlib

    async def application(scope: Any, receive: Any, send: Any) -> None:
        # Importing and seeding take a moment, and the loop has other callers.
        module = await asyncio.to_thread(importlib.import_module, "mcp_tools.sandbox.asgi")
        await module.application(scope, receive, send)

    import httpx

    return httpx.ASGITransport(application)
