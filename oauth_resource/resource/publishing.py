"""The metadata as a page: readable by everybody and from every web page, since it is how clients find their way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from oauth_resource.resource.metadata import Resource

MAX_AGE_SECONDS = 300


def respond(request: HttpRequest, resource: Resource | None, place: str) -> HttpResponse:
    """The document at ``WELL_KNOWN + place`` (RFC 9728 section 3.2); 404 where there is none, or no OAuth."""
    if request.method == "OPTIONS":
        response: HttpResponse = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = "GET, OPTIONS"
        # Clients send the header of their MCP revision along.
        response["Access-Control-Allow-Headers"] = "Accept, Content-Type, MCP-Protocol-Version"
        response["Access-Control-Max-Age"] = "600"
    elif request.method not in ("GET", "HEAD"):
        response = HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"})
    else:
        document = resource.document(place) if resource is not None else None
        response = JsonResponse(document or {"error": "not_found"}, status=200 if document else 404)
        response["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}" if document else "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    return response
