"""A circuit breaker: after a row of failures Gauzy is left alone, then asked once to see whether it is back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from mcp_tools.gauzy.errors import CircuitOpen

FAILURES: Final = 8
OPEN_SECONDS: Final = 10.0


class Breaker:
    """One per API host. ``FAILURES`` in a row open it for ``OPEN_SECONDS``; then one request probes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    def check(self) -> None:
        """Raises CircuitOpen while Gauzy is left alone."""
        if self._failures < FAILURES:
            return
        wait = self._open_until - self._clock()
        if wait > 0:
            raise CircuitOpen(
                f"Gauzy failed {self._failures} times in a row; it is asked again in {math.ceil(wait)} seconds"
            )
        # This request is the probe: others keep waiting until it has an answer.
        self._open_until = self._clock() + OPEN_SECONDS

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._open_until = self._clock() + OPEN_SECONDS
