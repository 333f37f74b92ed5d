"""``GET /oauth/userinfo``: who the holder of a token is (OpenID Connect Core 5.3), for clients that show a name."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from oauth_resource.resource.authenticator import Refused
from oauth_resource.server.core import open_to_all, preflight
from oauth_resource.server.endpoints import away, too_many
from oauth_resource.server.models import Account
from oauth_resource.server.running import Busy, running


@csrf_exempt
async def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims ``sub``, ``name`` and ``email``; 401 and 403 as at every other address of this server."""
    if request.method == "OPTIONS":
        return preflight("GET, POST, OPTIONS")
    if request.method not in ("GET", "POST"):
        return open_to_all(HttpResponse(status=405, headers={"Allow": "GET, POST, OPTIONS"}))
    try:
        await running().brakes.request(request)
        principal = await running().holder(request)
        account = await Account.objects.aget(subject=principal.subject)
    except Refused as refused:
        found = refused.challenge
        return open_to_all(JsonResponse(found.body, status=found.status, headers=found.headers))
    except Busy as busy:
        return open_to_all(too_many(busy))
    except DatabaseError as error:
        return open_to_all(away(error))
    return open_to_all(JsonResponse({"sub": principal.subject, "name": account.name, "email": account.email}))
