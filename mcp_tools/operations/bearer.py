"""Access tokens for the session REST (DRF), checked as at the MCP endpoint."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from mcp_tools.dispatch.authorise import InsufficientScope
from mcp_tools.operations.access import running
from oauth_resource.principal import ANONYMOUS, Principal
from oauth_resource.resource.authenticator import Refused
from oauth_resource.resource.challenges import Challenge
from oauth_resource.resource.requests import authorization_of

PATH = "/sse"
"""The endpoint whose sessions these are; its metadata is what a client without a token is sent to."""


class Unauthorized(APIException):
    """A challenge in DRF's terms: ``auth_header`` becomes WWW-Authenticate, ``wait`` Retry-After."""

    def __init__(self, challenge: Challenge) -> None:
        self.detail = challenge.body  # type: ignore[assignment]
        self.status_code = challenge.status
        self.auth_header = challenge.headers.get("WWW-Authenticate")
        self.wait = challenge.headers.get("Retry-After")


class Bearer(BaseAuthentication):
    """``request.auth`` becomes the principal; without OAuth nobody is asked for a token."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Principal] | None:
        server = running()
        authenticator = server.authenticator
        if authenticator is None:
            return None
        try:
            _, access = async_to_sync(authenticator.enter)(authorization_of(request._request), PATH)
            # A session is worth what can be heard on it, so it takes the same scope.
            server.engine.check_stream(access.principal)
        except Refused as refused:
            raise Unauthorized(refused.challenge) from None
        except InsufficientScope as error:
            raise Unauthorized(authenticator.step_up(PATH, error.scope)) from None
        return AnonymousUser(), access.principal


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = Bearer
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def principal_of(request: Request) -> Principal:
    return request.auth if isinstance(request.auth, Principal) else ANONYMOUS
