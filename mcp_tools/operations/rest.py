"""Session REST: open, look at and end a session of one's own by plain HTTP; numbers for operators (DRF, OpenAPI).

A session id is a credential: whoever names it in the path owns the session. It is never listed and never logged.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.db.models import Count, Sum
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mcp_tools.operations.access import running
from mcp_tools.operations.bearer import Bearer, principal_of
from mcp_tools.operations.models import CallRecord, SessionRecord
from mcp_tools.sessions.session import Session


class SessionSerializer(serializers.Serializer[Any]):
    """A session as its owner sees it."""

    id = serializers.CharField(help_text="Secret: send it as Mcp-Session-Id", required=False)
    uid = serializers.CharField(help_text="Our name of the session, as in logs")
    transport = serializers.CharField()
    protocolVersion = serializers.CharField(allow_blank=True)
    client = serializers.DictField()
    createdAt = serializers.FloatField(help_text="Unix seconds")
    expiresInMs = serializers.IntegerField(help_text="After the last use")
    calls = serializers.IntegerField()
    failed = serializers.IntegerField(help_text="Calls that failed")


class StatsSerializer(serializers.Serializer[Any]):
    live = serializers.DictField(child=serializers.IntegerField(), help_text="Live sessions per transport")
    inFlight = serializers.IntegerField()
    calls = serializers.IntegerField()
    failed = serializers.IntegerField(help_text="Calls that failed")


class IsOperator(BasePermission):
    """An admin user who may view sessions."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.has_perm("operations.view_sessionrecord"))


class Sessions(APIView):
    """``POST /sse/session`` opens a session for callers that do not speak initialize."""

    permission_classes = (AllowAny,)
    authentication_classes = (Bearer,)

    @extend_schema(
        request=None,
        responses={201: SessionSerializer, 404: OpenApiResponse(description="Sessions are off")},
        summary="Open a session",
    )
    def post(self, request: Request) -> Response:
        if not running().keeps_http_sessions:
            return Response({"error": "Sessions are off: MCP_SESSION_ENABLED"}, status=status.HTTP_404_NOT_FOUND)
        server = running()
        address = server.address(request._request)
        session = async_to_sync(server.engine.open)("http", principal_of(request), address)
        body = {"id": session.id, **_shown(session)}
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class OwnSession(APIView):
    """``GET`` and ``DELETE /sse/session/{id}``: one's own session, which the id itself proves."""

    permission_classes = (AllowAny,)
    authentication_classes = (Bearer,)

    @extend_schema(
        summary="Look at it", responses={200: SessionSerializer, 404: OpenApiResponse(description="No such session")}
    )
    def get(self, request: Request, session_id: str) -> Response:
        session = _own(request, session_id)
        return Response(_shown(session)) if session else _gone()

    @extend_schema(summary="End it", responses={204: None, 404: OpenApiResponse(description="No such session")})
    def delete(self, request: Request, session_id: str) -> Response:
        session = _own(request, session_id)
        if session is None:
            return _gone()
        async_to_sync(running().engine.end)(session)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Stats(APIView):
    """``GET /sse/sessions/stats``: for operators."""

    permission_classes = (IsOperator,)

    @extend_schema(summary="Numbers for operators", responses={200: StatsSerializer})
    def get(self, request: Request) -> Response:
        live = SessionRecord.objects.filter(state=SessionRecord.State.LIVE)
        per_transport = {
            row["transport"]: row["count"] for row in live.values("transport").annotate(count=Count("uid"))
        }
        return Response(
            {
                "live": per_transport,
                "inFlight": live.aggregate(sum=Sum("in_flight"))["sum"] or 0,
                "calls": CallRecord.objects.count(),
                "failed": CallRecord.objects.exclude(outcome="ok").count(),
            }
        )


def _own(request: Request, session_id: str) -> Session | None:
    """The session of that id, unless it is another principal's."""
    if not running().keeps_http_sessions:
        return None
    return async_to_sync(running().engine.sessions.get)(session_id, principal=principal_of(request))


def _shown(session: Any) -> dict[str, Any]:
    return {
        "uid": session.uid,
        "transport": session.transport,
        "protocolVersion": session.revision,
        "client": {key: session.client[key] for key in ("name", "version") if key in session.client},
        "createdAt": session.created,
        "expiresInMs": int(running().engine.sessions.ttl_seconds * 1000),
        "calls": session.calls,
        "failed": session.errors,
    }


def _gone() -> Response:
    return Response({"error": "Session not found: it ended or expired"}, status=status.HTTP_404_NOT_FOUND)
