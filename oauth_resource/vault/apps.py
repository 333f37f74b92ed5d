"""The Django app of the vault."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "oauth_resource.vault"
    label = "vault"
    verbose_name = "Linked accounts"
    default_auto_field = "django.db.models.BigAutoField"
