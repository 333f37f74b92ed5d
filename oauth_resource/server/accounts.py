"""From a sign-in at Gauzy to the local user whom tokens are for, and to the vault that keeps the sign-in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from oauth_resource.principal import Principal
from oauth_resource.scopes import ADMIN
from oauth_resource.server.models import Account
from oauth_resource.server.running import AuthorizationServer, Person, running

_LONGEST: Final = 254


def principal_of(server: AuthorizationServer, account: Account) -> Principal:
    """The principal of ``account``'s tokens, without a client and scopes: it names whose credentials are kept."""
    return Principal(server.issuer.url, str(account.subject), "", frozenset())


async def account_of(principal: Principal, api: str) -> Account | None:
    """The account that the tokens of ``principal`` are for; None when it was removed."""
    return await Account.objects.filter(subject=principal.subject, api=api).afirst()


async def signed_in(request: HttpRequest) -> Account | None:
    """The account of whoever looks at a page; operators of the admin have none."""
    user = await request.auser()
    if not (user.is_authenticated and user.is_active):
        return None
    return await Account.objects.select_related("user").filter(user_id=user.pk, api=running().api).afirst()


def lock_users(keys: Iterable[Any]) -> None:
    """Lock the rows of users, by primary key, until the transaction ends. Take this lock before that of any token.

    What mints tokens for a person and what ends them take turns: on PostgreSQL an UPDATE or DELETE that waits for a
    row does not see the row that replaced it meanwhile. The lock is one that foreign keys to the user do not wait for.
    """
    users = get_user_model().objects.select_for_update(no_key=True)
    list(users.filter(pk__in=list(keys)).order_by("pk").values_list("pk"))


def grantable(scopes: Iterable[str], user: Any) -> list[str]:
    """Return those of ``scopes`` that ``user`` may be granted: ``mcp.admin`` is for staff."""
    return [scope for scope in scopes if scope != ADMIN or user.is_staff]


def known(api: str, person: Person) -> Account:
    """The account of a person of the Gauzy at ``api``, made at their first sign-in. Its user has no password here."""
    key = {"api": api, "tenant": person.tenant, "gauzy_user": person.gauzy_user}
    person = dataclasses.replace(person, email=person.email[:_LONGEST], name=person.name[:_LONGEST])
    account = Account.objects.select_related("user").filter(**key).first()
    if account is None:
        try:
            with transaction.atomic():
                account = _made(key, person)
        except IntegrityError:
            # The same person signs in twice at once.
            account = Account.objects.select_related("user").get(**key)
    Account.objects.filter(pk=account.pk).update(email=person.email, name=person.name, last_sign_in=timezone.now())
    return account


def _made(key: dict[str, str], person: Person) -> Account:
    account = Account(**key, email=person.email, name=person.name)
    user = get_user_model()(username=f"gauzy-{account.subject}", email=person.email)
    user.set_unusable_password()
    user.save()
    account.user = user
    account.save()
    return account
