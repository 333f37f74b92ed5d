"""The rules of this server where they are stricter than the toolkit's.

The code of a token request comes here as its digest already (:mod:`oauth_resource.server.core`), so the toolkit's
tables hold no code that could be used. Everything here runs inside the transaction of its request.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

from django.utils import timezone
from oauth2_provider import cimd
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_refresh_token_model,
)
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors

from oauth_resource.scopes import READ, WRITE
from oauth_resource.server.accounts import grantable, lock_users
from oauth_resource.server.first_party import CONSOLE, console
from oauth_resource.server.issuer import SCOPES
from oauth_resource.server.models import Account, ConsumedCode, GrantedScope, LastResponse
from oauth_resource.server.redirects import problem
from oauth_resource.server.running import running

GRACE: Final = datetime.timedelta(seconds=20)
"""How long a client that did not get the answer to a refresh may ask for it again."""

_REPLAYED_FOR: Final = datetime.timedelta(days=1)
DEFAULT: Final = (READ, WRITE)
"""What a client is granted that asks for nothing in particular."""

_OF_OPENID: Final = frozenset({"openid", "profile", "email", "address", "phone"})
"""Asked for by clients out of habit; this server issues no ID tokens."""

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""A base64url SHA-256 without padding (RFC 7636 section 4.2)."""


class Repeated(Exception):
    """A refresh whose answer got lost: ``body`` is that answer, as JSON text."""

    def __init__(self, body: str) -> None:
        super().__init__("repeated")
        self.body = body


class Validator(OAuth2Validator):  # type: ignore[misc]
    def _load_application(self, client_id: str, request: Any) -> Any:
        if request.client is not None and getattr(request.client, "client_id", None) == client_id:
            return request.client
        request.client = None
        if not client_id or "\x00" in client_id:
            return None
        request.client = self._known(client_id, request)
        return request.client

    def _known(self, client_id: str, request: Any) -> Any:
        """A metadata document is fetched for an authorization only: a token request names a client that is known."""
        if client_id == CONSOLE:
            return console(running().console) if running().console else None
        client = get_application_model().objects.filter(client_id=client_id).first()
        if request.http_method != "GET":
            return client
        return cimd.refresh_if_stale(client, request) if client else cimd.resolve_cimd_application(client_id, request)

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *_: Any, **__: Any) -> bool:
        """A registered URI, on loopback at any port (RFC 8252 section 7.3) that a program can listen on."""
        if client_id == CONSOLE:
            return redirect_uri in running().console
        return not problem(redirect_uri) and bool(super().validate_redirect_uri(client_id, redirect_uri, request))

    def validate_scopes(self, client_id: str, scopes: list[str], client: Any, request: Any, *_: Any, **__: Any) -> bool:
        """What is not ours is left out (RFC 6749 section 3.3); who asks for nothing of ours at all is told."""
        request.scopes = offered(scopes) or (list(DEFAULT) if set(scopes) <= _OF_OPENID else [])
        return bool(request.scopes)

    def get_default_scopes(self, client_id: str, request: Any, *_: Any, **__: Any) -> list[str]:
        return list(DEFAULT)

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        """Secrets are random and long, so a plain digest keeps them, and costs nobody a tenth of a second."""
        return hmac.compare_digest(kept_secret(provided_secret), stored_secret)

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        """Holds the person and the grant until the end, so that of two exchanges one finds it gone."""
        grants = get_grant_model().objects.filter(code=code)
        lock_users(grants.values_list("user", flat=True))
        grant = grants.select_for_update().first()
        if grant is None:
            self._replayed(code)
            return False
        if grant.application_id != client.pk or not super().validate_code(client_id, code, client, request):
            return False
        request.granted_scope, request.granted_resource = grant.scope, grant.resource
        request.resource = _narrowed(request, grant.resource)
        return _may_hold(request.user, grant.scope)

    def _replayed(self, code: str) -> None:
        """RFC 6749 section 4.1.2: a code that comes again ends what came of it."""
        consumed = ConsumedCode.objects.filter(code=code).first()
        if consumed is not None:
            tokens = get_refresh_token_model()
            lock_users(tokens.objects.filter(token_family=consumed.family).values_list("user", flat=True))
            tokens.revoke_family(consumed.family)

    def _create_authorization_code(self, request: Any, code: dict[str, str], expires: Any = None) -> Any:
        return super()._create_authorization_code(request, {**code, "code": digest(code["code"])}, expires)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *_: Any, **__: Any) -> None:
        super().invalidate_authorization_code(client_id, code, request)
        now = timezone.now()
        ConsumedCode.objects.filter(expires__lt=now).delete()
        ConsumedCode.objects.create(code=code, family=request.token_family, expires=now + _REPLAYED_FOR)

    def _create_refresh_token(self, request: Any, *details: Any, **more: Any) -> Any:
        """The new token stands for all that was granted, even if this request asks for less (RFC 6749 section 6)."""
        made = super()._create_refresh_token(request, *details, **more)
        request.token_family = made.token_family
        GrantedScope.objects.create(refresh_token=made, scope=request.granted_scope)
        if made.resource != request.granted_resource:
            made.resource = request.granted_resource
            made.save(update_fields=["resource"])
        return made

    def get_original_scopes(self, refresh_token: str, request: Any, *_: Any, **__: Any) -> str:
        """The most that a refresh can ask for (RFC 6749 section 6)."""
        request.granted_scope = scope_of(request.refresh_token_instance)
        return str(request.granted_scope)

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        checksum = digest(refresh_token)
        rows = get_refresh_token_model().objects.filter(token_checksum=checksum)
        lock_users(rows.values_list("user", flat=True))
        row = rows.select_for_update().first()
        if row is None or row.application_id != client.pk or not _may_hold(row.user, scope_of(row)):
            # Somebody else's token ends nothing of its owner's.
            return False
        if row.revoked is not None:
            self._repeat(row, checksum)
        if not super().validate_refresh_token(refresh_token, client, request):
            return False
        request.granted_resource = row.resource
        request.resource = _narrowed(request, row.resource)
        return True

    def _repeat(self, row: Any, checksum: str) -> None:
        """Raises Repeated while the answer may have got lost: soon after, and before its successor was used."""
        family = get_refresh_token_model().objects.filter(token_family=row.token_family, revoked__isnull=True)
        last = LastResponse.objects.filter(
            family=row.token_family, consumed=checksum, expires__gt=timezone.now()
        ).first()
        if last is not None and family.exists():
            raise Repeated(running().ring.open(bytes(last.sealed), _purpose(last.family)).decode())

    def revoke_token(self, token: str, token_type_hint: str | None, request: Any, *_: Any, **__: Any) -> None:
        """A refresh token that was renewed meanwhile stands for its successor: whoever ends it means the sign-in."""
        tokens = get_refresh_token_model()
        theirs = {"token_checksum": digest(token), "application": request.client}
        holders = [
            model.objects.filter(**theirs).values_list("user", flat=True)
            for model in (get_access_token_model(), tokens)
        ]
        lock_users(chain.from_iterable(holders))
        super().revoke_token(token, token_type_hint, request)
        for row in tokens.objects.filter(**theirs):
            tokens.revoke_family(row.token_family)

    def _save_bearer_token(self, token: dict[str, Any], request: Any, *_: Any, **__: Any) -> None:
        super()._save_bearer_token(token, request)
        if request.grant_type == "refresh_token":
            self._keep_response(token, request)

    def _keep_response(self, token: dict[str, Any], request: Any) -> None:
        now, family = timezone.now(), request.token_family
        sealed = running().ring.seal(json.dumps(token).encode(), _purpose(family))
        kept = {"consumed": digest(request.refresh_token), "sealed": sealed, "expires": now + GRACE}
        LastResponse.objects.filter(expires__lt=now).delete()
        LastResponse.objects.update_or_create(family=family, defaults=kept)


def check_authorization(credentials: dict[str, Any]) -> None:
    """RFC 7636 with S256 alone, before anybody is asked for consent. Raises InvalidRequestError."""
    if credentials.get("code_challenge_method") != "S256":
        raise errors.InvalidRequestError(description="code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(credentials.get("code_challenge") or ""):
        raise errors.InvalidRequestError(description="code_challenge must be 43 characters of base64url")


def offered(scopes: Iterable[str]) -> list[str]:
    """Those of ours, in our order."""
    asked = frozenset(scopes)
    return [name for name in SCOPES if name in asked]


def kept_secret(secret: str) -> str:
    """What is kept of a client's secret."""
    return "sha256$" + digest(secret)


def account_of(user: Any) -> Account:
    """The Gauzy account of a user who signed in here."""
    account: Account = user.gauzy
    return account


def scope_of(refresh_token: Any) -> str:
    """The scope value that a refresh token stands for."""
    granted = getattr(refresh_token, "granted", None)
    if granted is not None:
        return str(granted.scope)
    return str(refresh_token.access_token.scope) if refresh_token.access_token else ""


def _may_hold(user: Any, scope: str) -> bool:
    """Whether ``user`` may have tokens with ``scope``: the account may have been disabled, or lost a scope."""
    scopes = scope.split()
    return bool(user.is_active) and grantable(scopes, user) == scopes


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _narrowed(request: Any, granted: list[str]) -> list[str]:
    """RFC 8707 section 2.2: a token request may ask for fewer of the granted resources, never for others."""
    asked = [value for name, value in request.decoded_body or () if name == "resource"]
    if not asked:
        return granted
    if not set(asked) <= set(granted):
        raise errors.CustomOAuth2Error(
            error="invalid_target", description="resource must be one that was granted", request=request
        )
    return asked


def _purpose(family: uuid.UUID) -> str:
    return f"last-response|v1|{family}"
