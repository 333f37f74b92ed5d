"""``manage.py rotate_credential_keys``: seals linked accounts and signing keys anew, with the first key of the ring."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from oauth_resource.server.running import signing_keys
from oauth_resource.vault.models import Credential
from oauth_resource.vault.sealing import DoesNotOpen, credential_ring
from oauth_resource.vault.store import purpose


class Command(BaseCommand):
    help = (
        "Seals the Gauzy tokens of linked accounts, and the keys that sign access tokens, with the first of "
        "MCP_CREDENTIAL_KEYS. Put the new key in front, restart the server, run this, and then remove the old key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        ring = credential_ring()
        rotated = current = 0
        unreadable = []
        for row_id in Credential.objects.values_list("id", flat=True):
            with transaction.atomic():
                row = Credential.objects.select_for_update().filter(id=row_id).first()
                if row is None:
                    continue
                if ring.is_current(bytes(row.sealed)):
                    current += 1
                    continue
                place = purpose(row.id, row.owner, row.api)
                try:
                    plain = ring.open(bytes(row.sealed), place)
                except DoesNotOpen:
                    unreadable.append(str(row.id))
                    continue
                rotated += 1
                if not options["dry_run"]:
                    row.sealed = ring.seal(plain, place)
                    row.save(update_fields=["sealed"])
        self.stdout.write(f"{rotated} sealed anew, {current} were current already.")
        keys, unopened = signing_keys().reseal(write=not options["dry_run"])
        if keys:
            self.stdout.write(f"{keys} signing key{'' if keys == 1 else 's'} sealed anew.")
        unreadable += unopened
        if unreadable:
            raise CommandError(f"{len(unreadable)} do not open with any key of the ring: {', '.join(unreadable[:5])}")
