"""The fixtures on standard input and output: ``python -m tests.conformance.stdio``."""

from __future__ import annotations

import sys

from tests.conformance.server import serve

if __name__ == "__main__":
    sys.exit(serve("runstdio"))
