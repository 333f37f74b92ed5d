"""A server's certificate in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name


@dataclass(frozen=True, slots=True)
class Told:
    """``names`` the certificate is for, ``issuer`` who signed it, ``days`` that it is still valid, ``begun``
    whether it is already."""

    names: tuple[str, ...]
    issuer: str
    ends: datetime.date
    days: int
    signed_itself: bool
    begun: bool

    @classmethod
    def of(cls, der: bytes) -> Self:
        from cryptography import x509

        read = x509.load_der_x509_certificate(der)
        now = datetime.datetime.now(datetime.UTC)
        left = read.not_valid_after_utc - now
        return cls(
            _names(read) or (_called(read.subject),),
            _called(read.issuer),
            read.not_valid_after_utc.date(),
            left.days,
            read.issuer == read.subject,
            read.not_valid_before_utc <= now,
        )

    def __str__(self) -> str:
        signer = "itself" if self.signed_itself else self.issuer
        ends = f"valid until {self.ends}" if self.days >= 0 else f"expired on {self.ends}"
        return f"certificate for {', '.join(self.names[:4])}, signed by {signer}, {ends}"


def _names(read: Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        listed = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = (str(address) for address in listed.get_values_for_type(x509.IPAddress))
    return (*listed.get_values_for_type(x509.DNSName), *addresses)


def _called(name: Name) -> str:
    from cryptography.x509.oid import NameOID

    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return str(attribute.value)
    return name.rfc4514_string() or "nobody"
