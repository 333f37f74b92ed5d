"""Who is calling: the one value every room passes on. This module imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated caller of a request.

    ``issuer`` and ``subject`` together name the user (RFC 7519 section 4.1.1 and 4.1.2), ``client_id`` the
    OAuth client (RFC 9068 section 2.2), ``scopes`` what the access token grants (RFC 6749 section 3.3).
    """

    issuer: str
    subject: str
    client_id: str
    scopes: frozenset[str]

    @property
    def is_anonymous(self) -> bool:
        return not self.subject

    @property
    def key(self) -> str:
        """A stable text for comparing and storing, empty for the anonymous caller."""
        return "" if self.is_anonymous else f"{self.issuer}|{self.subject}"


ANONYMOUS = Principal(issuer="", subject="", client_id="", scopes=frozenset())
