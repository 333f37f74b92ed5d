#!/usr/bin/env python
"""The command line. ``python manage.py help`` lists every command."""

import os
import sys

STARTERS = ("runstdio", "runmcp")
"""Commands that speak the protocol on standard output start before Django does, so that nothing can print into it."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gauzy_mcp.settings")
    if sys.argv[1:2] and sys.argv[1] in STARTERS:
        from gauzy_mcp.entry import main as start

        sys.exit(start(sys.argv[1], sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
