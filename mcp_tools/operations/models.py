"""The history that operators read: sessions and calls, written behind the requests, never on their way.

What a session *is* lives in the session store; a row here is what is known of it, a few seconds late.
"""

from __future__ import annotations

from django.db import models

from mcp_tools.protocol.revisions import STATELESS


class SessionRecord(models.Model):
    """One connected client. ``uid`` is our name of the session; the secret id is never stored."""

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
    principal = models.CharField("OAuth principal", max_length=300, blank=True, db_index=True)
    account = models.CharField("Gauzy account", max_length=254, blank=True, db_index=True)
    organization = models.CharField(max_length=64, blank=True, db_index=True)
    created = models.DateTimeField(db_index=True)
    last_seen = models.DateTimeField("last activity", db_index=True)
    expires = models.DateTimeField(db_index=True, help_text="Taken for gone unless it is heard of before")
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
        return f"{self.client_name or self.transport} {self.uid}"

    @property
    def era(self) -> str:
        """``handshake`` or ``stateless``; empty before the client said anything."""
        if not self.revision:
            return ""
        return "stateless" if self.revision in STATELESS else "handshake"


class CallRecord(models.Model):
    """One finished tool call. ``digest`` is a keyed hash of the arguments; they themselves are kept by opt-in only."""

    session = models.ForeignKey(
        SessionRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="timeline", db_constraint=False
    )
    principal = models.CharField("OAuth principal", max_length=300, blank=True, db_index=True)
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
