"""Lets daphne compress WebSocket messages: a whole list of tools is 390 kB, and 24 kB compressed.

autobahn, on which daphne stands, offers permessage-deflate (RFC 7692) only to who asks its factory for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def compress_messages() -> None:
    """Once per process, and only where daphne serves: other servers compress by themselves."""
    from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
    from daphne.ws_protocol import WebSocketFactory

    def accept(offers: Iterable[Any]) -> Any:
        first = next((offer for offer in offers if isinstance(offer, PerMessageDeflateOffer)), None)
        return None if first is None else PerMessageDeflateOfferAccept(first)

    make = WebSocketFactory.__init__

    def made(factory: Any, *arguments: Any, **options: Any) -> None:
        make(factory, *arguments, **options)
        factory.setProtocolOptions(perMessageCompressionAccept=accept)

    WebSocketFactory.__init__ = made
