"""The addresses of the authorization server, without trailing slashes: clients follow no redirect of a POST."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.urls import URLPattern, path

from oauth_resource.server import connected, endpoints, issuer
from oauth_resource.server.authorizing import authorize
from oauth_resource.server.issuer import Issuer
from oauth_resource.server.registration import register
from oauth_resource.server.signing_in import SIGN_OUT, sign_in, sign_out
from oauth_resource.server.userinfo import userinfo


def urls(served: Issuer) -> Iterable[URLPattern]:
    """Every address that ``served`` names, and the three that clients of 2025-03-26 try without asking."""
    views = {
        issuer.AUTHORIZE: authorize,
        issuer.TOKEN: endpoints.token,
        issuer.REGISTER: register,
        issuer.REVOKE: endpoints.revoke,
        issuer.INTROSPECT: endpoints.introspect,
        issuer.USERINFO: userinfo,
        issuer.JWKS: endpoints.jwks,
        issuer.SIGN_IN: sign_in,
        SIGN_OUT: sign_out,
        issuer.HOME: connected.account,
        connected.DISCONNECT: connected.disconnect,
        connected.MAKE: connected.make_token,
        connected.DELETE: connected.delete_token,
        "/authorize": authorize,
        "/token": endpoints.token,
        "/register": register,
        **dict.fromkeys(served.places(), endpoints.metadata),
    }
    return [path(place.lstrip("/"), cast(Any, view)) for place, view in views.items()]
