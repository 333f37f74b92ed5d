"""Makes an admin user with chosen permissions: ``python -m tests.operations.users NAME PASSWORD PERMISSION…``.

A permission is named without its app where that is ``operations``, else as ``vault.view_credential``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests import forked
from tests.processes import environment


def make(home: Path, name: str, password: str, *permissions: str) -> None:
    """In the database of the server that lives in ``home``."""
    command = ["-m", "tests.operations.users", name, password, *permissions]
    forked.run(command, environment(home=str(home))).check_returncode()


def main(name: str, password: str, *permissions: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
    import django

    django.setup()
    from django.contrib.auth.models import Permission, User

    user = User.objects.create_user(name, password=password, is_staff=True)
    for permission in permissions:
        app, _, codename = permission.rpartition(".")
        found = Permission.objects.get(content_type__app_label=app or "operations", codename=codename)
        user.user_permissions.add(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
