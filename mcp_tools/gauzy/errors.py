"""What can go wrong with Gauzy, each with a message fit for the person who asked.

::

    GauzyError
    ├── GauzyUnreachable      no answer: address, network, certificate
    │   └── GauzyTimeout      no answer in time
    ├── GauzyBusy             429 or 503: later, after ``retry_after`` seconds
    ├── CircuitOpen           not asked, because it failed too often just now
    ├── NotSignedIn           the caller has no Gauzy account here
    │   └── NotLinked         and can link one at ``url``
    ├── AccountFixed          the caller's account is not one that a sign-in can change
    ├── NoSession             there is no session whose account or organization could change
    ├── NotYourOrganization   the caller's account does not belong to that organization
    ├── SignInFailed          the account was refused
    ├── GauzyRejected         4xx: Gauzy understood and says no, in its own words
    │   ├── Forbidden         403
    │   ├── NotFound          404
    │   └── Invalid           400, 406, 409, 422
    └── GauzyFault            5xx, or an answer that is none
"""

from __future__ import annotations


class GauzyError(Exception):
    """``message`` never holds a token, a password or SQL. ``status`` is Gauzy's HTTP status, None without an answer."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class GauzyUnreachable(GauzyError):
    """Gauzy could not be reached."""


class GauzyTimeout(GauzyUnreachable):
    """Gauzy did not answer in time; whether it did what was asked is unknown."""


class GauzyBusy(GauzyError):
    """Gauzy asks to come back in ``retry_after`` seconds."""

    def __init__(self, message: str, status: int, retry_after: float) -> None:
        super().__init__(message, status)
        self.retry_after = retry_after


class CircuitOpen(GauzyError):
    """Gauzy failed so often that it is left alone for a moment."""


class NotSignedIn(GauzyError):
    """Nobody is signed in for this caller."""


class NotLinked(NotSignedIn):
    """The caller's principal has no Gauzy account yet; its person can link one at ``url``, once."""

    def __init__(self, message: str, url: str) -> None:
        super().__init__(message)
        self.url = url


class AccountFixed(GauzyError):
    """The caller's access token fixes their account, and somebody tried to sign in with another one."""


class NoSession(GauzyError):
    """The caller keeps no session, so there is nothing that could remember an account or an organization."""


class NotYourOrganization(GauzyError):
    """The account does not belong to the organization that was asked for, or to several of that name."""


class SignInFailed(GauzyError):
    """Gauzy refused the account."""


class GauzyRejected(GauzyError):
    """Gauzy refused the request; ``messages`` are its own, one per reason."""

    def __init__(self, messages: tuple[str, ...], status: int) -> None:
        super().__init__(f"Gauzy refused this ({status}): {'; '.join(messages)}", status)
        self.messages = messages


class Forbidden(GauzyRejected):
    """The signed-in user may not do this."""


class NotFound(GauzyRejected):
    """There is no such record, or it belongs to another tenant."""


class Invalid(GauzyRejected):
    """The request does not fit Gauzy's rules."""


class GauzyFault(GauzyError):
    """Gauzy failed, or answered something that is no answer."""
