"""The history that operators read: sessions and calls, written behind the requests, never on their way.

What a session *is* lives in the session store; a row here is what is known of it, a few seconds late.
"""

from __future__ import annotations

from typing import Final

from django.db import models

from mcp_tools.protocol.revisions import STATELESS

LONGEST_PRINCIPAL: Final = 1000
LONGEST_NAME: Final = 254


class SessionRecord(models.Model):
    """One connected client. ``uid`` is our name of the session; the secret id is never stored.

    A caller that keeps no session has a row too, its visit: ``visitor`` is then our name of the caller.
    ``uses_configured_account`` says that the account is the one of GAUZY_AUTH_EMAIL, which many may share. ``process``
    names the process that keeps the session in its memory, empty where Redis keeps it; ``journal_offset`` is how far
    the journal of a stdio process was read, in bytes.
    """

    class State(models.TextChoices):
        LIVE = "live"
        CLOSED = "closed"
        TERMINATED = "terminated"
        EXPIRED = "expired"

    uid = models.CharField(max_length=32, primary_key=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.LIVE, db_index=True)
    transport = models.CharField(max_length=12, db_index=True)
    revision = models.CharField(max_length=12, blank=True)
    client_name = models.CharField(max_length=120, blank=True, db_index=True)
    client_version = models.CharField(max_length=60, blank=True)
    principal = models.CharField("OAuth principal", max_length=LONGEST_PRINCIPAL, blank=True, db_index=True)
    account = models.CharField("Gauzy account", max_length=254, blank=True, db_index=True)
    organization = models.CharField(max_length=64, blank=True, db_index=True)
    # With defaults in the database, since processes of the version before write rows during a rolling restart.
    account_name = models.CharField("name", max_length=LONGEST_NAME, blank=True, db_default="")
    uses_configured_account = models.BooleanField("acts as the configured account", default=False, db_default=False)
    process = models.CharField(max_length=120, blank=True, db_default="", db_index=True, editable=False)
    journal_offset = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    visitor = models.CharField(max_length=32, blank=True, db_default="", db_index=True, editable=False)
    address = models.CharField("client's address", max_length=64, blank=True, db_default="")
    created = models.DateTimeField(db_index=True)
    last_seen = models.DateTimeField("last activity", db_index=True)
    expires = models.DateTimeField(db_index=True, help_text="Marked expired then, unless there is activity before")
    ended = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    in_flight = models.IntegerField(default=0)

    class Meta:
        verbose_name = "session"
        ordering = ("-last_seen",)
        permissions = (("terminate_sessionrecord", "Can terminate sessions"),)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.client_name or self.address or self.transport} {self.uid}"

    @property
    def era(self) -> str:
        """``handshake``, ``stateless``, or ``plain`` without either; empty before the client said anything."""
        if self.revision in STATELESS:
            return "stateless"
        if self.visitor:
            return "plain"
        return "handshake" if self.revision else ""


class CallRecord(models.Model):
    """One finished tool call, and who made it then: the account of a session may change later.

    ``digest`` is a keyed hash of the arguments; they themselves are kept by opt-in only.
    """

    session = models.ForeignKey(
        SessionRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="timeline", db_constraint=False
    )
    principal = models.CharField("OAuth principal", max_length=LONGEST_PRINCIPAL, blank=True, db_index=True)
    account = models.CharField("Gauzy account", max_length=254, blank=True, db_default="", db_index=True)
    account_name = models.CharField("name", max_length=LONGEST_NAME, blank=True, db_default="")
    organization = models.CharField(max_length=64, blank=True, db_default="")
    client_name = models.CharField(max_length=120, blank=True, db_default="")
    client_version = models.CharField(max_length=60, blank=True, db_default="")
    address = models.CharField("client's address", max_length=64, blank=True, db_default="")
    tool = models.CharField(max_length=64, db_index=True)
    transport = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12, db_index=True)
    began = models.DateTimeField(db_index=True)
    milliseconds = models.PositiveIntegerField()
    upstream = models.PositiveSmallIntegerField("Gauzy's status", null=True, blank=True)
    digest = models.CharField("digest of the arguments", max_length=64, blank=True)
    arguments = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = "call"
        ordering = ("-began",)
        permissions = (("view_arguments", "Can see the arguments of calls"),)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.tool} {self.outcome}"
