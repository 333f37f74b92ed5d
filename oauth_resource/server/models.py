"""What the authorization server keeps besides the toolkit's tables of clients, grants and tokens."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class Account(models.Model):
    """A person of Gauzy who signed in here. ``subject`` is the ``sub`` of the tokens; it says nothing of the person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gauzy")
    subject = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    api = models.CharField(max_length=300)
    tenant = models.CharField(max_length=64, blank=True)
    gauzy_user = models.CharField(max_length=64)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=254, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    last_sign_in = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "Gauzy account"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["api", "tenant", "gauzy_user"], name="one_account_per_gauzy_user")
        ]

    def __str__(self) -> str:
        return self.email


class SigningKey(models.Model):
    """A key pair that signs access tokens. The private half is sealed; ``retired`` ones only verify, for a while."""

    kid = models.CharField(max_length=64, unique=True)
    algorithm = models.CharField(max_length=8)
    public = models.JSONField()
    sealed = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["algorithm"], condition=models.Q(retired__isnull=True), name="one_current_key_per_algorithm"
            )
        ]

    def __str__(self) -> str:
        return f"{self.algorithm} {self.kid}"


class ConsumedCode(models.Model):
    """An authorization code that was exchanged, by its digest: whoever brings it again ends what it became."""

    code = models.CharField(max_length=64, unique=True)
    family = models.UUIDField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"code of {self.family}"


class LastResponse(models.Model):
    """The answer to the latest refresh of a family of tokens, sealed, for a client that did not get it."""

    family = models.UUIDField(unique=True)
    consumed = models.CharField(max_length=64, db_index=True)
    """The digest of the refresh token that it answered."""
    sealed = models.BinaryField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"answer to {self.family}"


class GrantedScope(models.Model):
    """The scope value that a refresh token stands for (RFC 6749 section 6): its access token may have a part of it.

    Tokens without such a row stand for the scope of their access token.
    """

    refresh_token = models.OneToOneField(
        "oauth2_provider.RefreshToken", on_delete=models.CASCADE, related_name="granted", swappable=False
    )
    scope = models.TextField()

    def __str__(self) -> str:
        return self.scope


class PersonalToken(models.Model):
    """A token that a person made for a client that can open no browser. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="personal_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=200)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "personal access token"

    def __str__(self) -> str:
        return self.name
