#!/usr/bin/env python
"""The command line. ``python manage.py help`` lists every command."""

import sys

from gauzy_mcp.commands import run

if __name__ == "__main__":
    run(sys.argv[1:])
