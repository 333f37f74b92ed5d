"""Whatever ends a token, every process hears of it at once: the token's row going is the news."""

from __future__ import annotations

import functools
import logging
import uuid
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_grant_model, get_refresh_token_model

from oauth_resource.resource.validation import REVOKED
from oauth_resource.scopes import ADMIN
from oauth_resource.server.accounts import lock_users
from oauth_resource.server.models import PersonalToken
from oauth_resource.server.running import running

log = logging.getLogger("gauzy_mcp.audit")

_NAME: Final = "oauth_resource.server.revoking"

_AT_ONCE: Final = 500
"""Users whose tokens of a client end in one transaction."""


def connect() -> None:
    """Listens to the rows. Called once, when Django is ready."""
    post_delete.connect(_access_token_gone, get_access_token_model(), dispatch_uid=f"{_NAME}.access")
    post_delete.connect(_personal_token_gone, PersonalToken, dispatch_uid=f"{_NAME}.personal")
    post_save.connect(_user_saved, get_user_model(), dispatch_uid=f"{_NAME}.user")
    pre_delete.connect(_before_deletion, get_user_model(), dispatch_uid=f"{_NAME}.deletion")


def end_all(user: Any, application: Any = None) -> int:
    """Ends every token and code of a user, or those of one client, and answers how many refresh tokens there were."""
    with transaction.atomic():
        lock_users([user.pk])
        return _end({"user": user} if application is None else {"user": user, "application": application})


def end_client(application: Any) -> int:
    """Ends every token and code of a client, whoever gave them, and answers how many refresh tokens there were."""
    users, ended = _users_of(application), 0
    for start in range(0, len(users), _AT_ONCE):
        some = users[start : start + _AT_ONCE]
        with transaction.atomic():
            lock_users(some)
            ended += _end({"application": application, "user__in": some})
    return ended


def end_family(user: Any, family: uuid.UUID) -> bool:
    """End all tokens of one sign-in, and return whether one of them could still be refreshed."""
    tokens = get_refresh_token_model()
    with transaction.atomic():
        lock_users([user.pk])
        lives: bool = tokens.objects.filter(token_family=family, revoked__isnull=True).exists()
        tokens.revoke_family(family)
    return lives


def _users_of(application: Any) -> list[Any]:
    """The keys of all users with a code or token of a client. Codes first: exchanged meanwhile, they are tokens."""
    models = (get_grant_model(), get_refresh_token_model(), get_access_token_model())
    of_client = (model.objects.filter(application=application) for model in models)
    return sorted({key for rows in of_client for key in rows.values_list("user", flat=True).distinct()})


def _end(whose: dict[str, Any]) -> int:
    """The users are locked."""
    get_grant_model().objects.filter(**whose).delete()
    refresh = get_refresh_token_model().objects.filter(**whose, revoked__isnull=True)
    ended: int = refresh.update(revoked=timezone.now())
    get_access_token_model().objects.filter(**whose).delete()
    return ended


def _access_token_gone(instance: Any, **_: Any) -> None:
    if instance.expires > timezone.now():
        transaction.on_commit(functools.partial(_tell, instance.token_checksum))


def _personal_token_gone(instance: PersonalToken, **_: Any) -> None:
    transaction.on_commit(functools.partial(_tell, instance.digest))


def _user_saved(instance: Any, created: bool, **_: Any) -> None:
    """A user that an operator disables is out at once; one who is no operator any more has none of their scope."""
    if not created and not instance.is_staff:
        _end_scope(instance, ADMIN)
    if not created and not instance.is_active:
        end_all(instance)
        # Enabling the person again must not bring back a token that was disabled because it leaked.
        PersonalToken.objects.filter(account__user=instance).delete()


def _before_deletion(instance: Any, **_: Any) -> None:
    """Deleting takes the user's row last, which a token request holds first: without this, each waits for the other."""
    lock_users([instance.pk])


@transaction.atomic
def _end_scope(user: Any, scope: str) -> None:
    """Ends the codes, sign-ins and personal tokens of a user that were granted ``scope``.

    A sign-in whose access token was narrowed could still be refreshed to all of its scope (RFC 6749 section 6).
    """
    lock_users([user.pk])
    refresh, access = get_refresh_token_model().objects, get_access_token_model().objects
    could = Q(access_token__scope__contains=scope) | Q(granted__scope__contains=scope)
    sign_ins = set(refresh.filter(could, user=user).values_list("token_family", flat=True))
    get_grant_model().objects.filter(user=user, scope__contains=scope).delete()
    refresh.filter(token_family__in=sign_ins, revoked__isnull=True).update(revoked=timezone.now())
    access.filter(Q(scope__contains=scope) | Q(refresh_token__token_family__in=sign_ins), user=user).delete()
    PersonalToken.objects.filter(account__user=user, scope__contains=scope).delete()


def _tell(digest: str) -> None:
    async_to_sync(running().news.publish)(REVOKED, digest)
