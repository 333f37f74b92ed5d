"""What is kept of linked accounts. Nothing here can be read without the key ring."""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

from django.db import models

LONGEST_PERSON: Final = 150
LONGEST_LABEL: Final = 254
"""Characters of an e-mail address (RFC 5321 section 4.5.3.1)."""


class Credential(models.Model):
    """The Gauzy account of one principal at one API host.

    While it is linked, ``sealed`` holds its tokens and ``person`` is empty. After a client unlinked it, ``sealed``
    holds an empty object and ``person`` is whose account it was (tenant and user): no client can link another one then.
    An operator who unlinks it deletes the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64)
    """SHA-256 of the principal's key, in hexadecimal: names as long as issuers like still have an index."""
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    api = models.CharField("Gauzy API", max_length=300)
    account = models.CharField("Gauzy account", max_length=LONGEST_LABEL, blank=True)
    # Defaults of the database here and below, so that a process of the version before can still add rows.
    person = models.CharField(max_length=LONGEST_PERSON, blank=True, default="", db_default="")
    sealed = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "linked account"
        ordering = ("-updated",)
        permissions = (("unlink_credential", "Can unlink accounts"),)
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "api"], name="one_credential_per_owner_and_api")
        ]

    def __str__(self) -> str:
        return f"{self.account} for {self.subject}"


class PendingLink(models.Model):
    """A sign-in at the link page that waits for its code. ``ticket`` makes the page's address good for one sign-in.

    ``replaces`` is whose account the principal had when the person signed in, empty for none. If that is somebody
    else's, the person is asked first: ``confirmation`` is the digest of what only the browser that signed in can
    answer, and there is no ``code`` until it did, with a sign-in to that account. ``proved`` is whose sign-in that was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.CharField(max_length=64, unique=True)
    owner = models.CharField(max_length=64, db_index=True)
    api = models.CharField(max_length=300)
    account = models.CharField(max_length=LONGEST_LABEL, blank=True)
    code = models.CharField(max_length=64)
    sealed = models.BinaryField()
    expires = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    replaces = models.CharField(max_length=LONGEST_PERSON, blank=True, default="", db_default="")
    confirmation = models.CharField(max_length=64, blank=True, default="", db_default="")
    proved = models.CharField(max_length=LONGEST_PERSON, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.account}, until {self.expires}"
