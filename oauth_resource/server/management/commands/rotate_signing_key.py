"""``manage.py rotate_signing_key``: signs access tokens with a new key from now on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from oauth_resource.server.keys import KEPT, REMEMBER_SECONDS
from oauth_resource.server.running import signing_keys


class Command(BaseCommand):
    help = (
        "Makes a new key that signs access tokens from now on. The key before it verifies for an hour more. "
        "After a change of MCP_CREDENTIAL_KEYS, rotate_credential_keys seals the keys anew."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        kid = signing_keys().rotate()
        self.stdout.write(
            f"{kid} signs from now on, in every process within {REMEMBER_SECONDS:.0f} seconds; "
            f"the key before it verifies for {KEPT.seconds // 60} minutes more."
        )
