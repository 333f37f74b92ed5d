"""How a client is shown to a person: what it says of itself, and what is known for sure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from oauth2_provider.models import AbstractApplication, get_application_model

from oauth_resource.server.first_party import CONSOLE, NAME
from oauth_resource.server.toolkit import LOOPBACK

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class ClientShown:
    """``name`` is the client's own claim. ``vouched_by`` is the host whose document says so, empty where nobody does.

    ``goes_to`` is where the answer is sent; ``is_local`` says that this is a program on the person's own machine,
    ``is_console`` that it is the page of this server itself.
    """

    name: str
    vouched_by: str
    goes_to: str
    is_local: bool
    by_operator: bool
    is_console: bool


def shown_client(client_id: str, redirect_uri: str) -> ClientShown:
    """The client of a checked authorization request."""
    application = get_application_model().objects.get(client_id=client_id)
    host = urlsplit(redirect_uri).hostname or ""
    source = AbstractApplication.RegistrationSource
    is_console = client_id == CONSOLE
    return ClientShown(
        name=NAME if is_console else plain_name(application),
        vouched_by=(urlsplit(client_id).hostname or "") if application.registration_source == source.CIMD else "",
        goes_to=host or f"{urlsplit(redirect_uri).scheme}: (a program on this computer)",
        is_local=not is_console and (host in LOOPBACK or urlsplit(redirect_uri).scheme not in ("http", "https")),
        by_operator=application.registration_source == source.MANUAL,
        is_console=is_console,
    )


def plain_name(application: Any) -> str:
    """The name without what could pass for something else: control, format and direction characters, or length."""
    visible = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in application.name)
    name = " ".join(visible.split())
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return short or "A program without a name"
