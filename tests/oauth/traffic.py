"""Requests that run on and on while something happens to the authorization server."""

from __future__ import annotations

import threading
from collections import Counter
from types import TracebackType
from typing import Self

import httpx

from tests.oauth.knocking import knock

PATIENCE_SECONDS = 60


class Traffic:
    """A thread that knocks with every token it carries, round after round. ``answers`` counts statuses per token."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._turn = threading.Condition()
        self._rounds = 0
        self._over = False
        self.answers: dict[str, Counter[int]] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)

    def carry(self, token: str) -> None:
        with self._turn:
            self.answers[token] = Counter()
        self.go_on()

    def go_on(self, rounds: int = 5) -> None:
        """Returns after as many more whole rounds."""
        with self._turn:
            # The one that is running began before.
            wanted = self._rounds + rounds + 1
            assert self._turn.wait_for(lambda: self._rounds >= wanted, PATIENCE_SECONDS), "the requests stand still"

    def statuses(self) -> set[int]:
        with self._turn:
            return {status for counted in self.answers.values() for status in counted}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over = True
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._over:
            with self._turn:
                tokens = list(self.answers)
            for token in tokens:
                status = knock(self._client, token).status_code
                with self._turn:
                    self.answers[token][status] += 1
            with self._turn:
                self._rounds += 1
                self._turn.notify_all()
