"""The rules for documents as they are in production, and in place of the public internet the host of the tests."""

from __future__ import annotations

import os
import ssl

from oauth_resource.server.documents import Documents

PUBLIC = "93.184.216.34"


class LocalDocuments(Documents):
    """Every host has a public address, and whoever calls it is put through to the port that the environment names."""

    def __init__(self) -> None:
        port = int(os.environ["TEST_DOCUMENTS_PORT"])
        super().__init__(
            resolve=lambda host: [PUBLIC],
            at=lambda address: ("127.0.0.1", port),
            certificates=ssl.create_default_context(cafile=os.environ["TEST_DOCUMENTS_CERTIFICATE"]),
        )
