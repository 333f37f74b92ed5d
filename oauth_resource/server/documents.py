"""Client ID metadata documents (draft-ietf-oauth-client-id-metadata-document): a client is where its description is.

The toolkit fetches them behind its guard: public addresses only, resolved once and connected to as resolved, no
redirects, bounded in size and time. What it would refuse of documents that clients really publish is put right here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from oauth2_provider.cimd import CIMDError, SafeMetadataFetcher

from oauth_resource.server.registration import LONGEST_NAME, Invalid, read

LONGEST_ID: Final = 255
"""Of a client id, as the table of clients has it."""


class Documents(SafeMetadataFetcher):  # type: ignore[misc]
    def fetch(self, client_id: str) -> tuple[dict[str, Any], int]:
        """The document at ``client_id`` as the toolkit takes it, and for how many seconds it is good.

        Raises CIMDError.
        """
        check_address(client_id)
        document, age = super().fetch(client_id)
        return accepted(document), age


def check_address(client_id: str) -> None:
    """Raises CIMDError for what no public client would be at: another port may be some other service's."""
    if len(client_id) > LONGEST_ID or not client_id.isascii() or any(one <= " " or one == "\\" for one in client_id):
        raise CIMDError(f"client_id must be a URL of at most {LONGEST_ID} visible ASCII characters")
    try:
        port = urlsplit(client_id).port
    except ValueError:
        raise CIMDError("client_id is not a URL") from None
    if port not in (None, 443):
        raise CIMDError("client_id must be at port 443")


def accepted(document: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` as that of a public client with an authorization code, if it can be one. Raises CIMDError.

    Some list grants that are for other servers, or prefer an authentication that is not offered here beside none.
    """
    methods = document.get("token_endpoint_auth_methods_supported")
    offers_none = isinstance(methods, list) and "none" in methods
    method = "none" if offers_none else document.get("token_endpoint_auth_method", "none")
    try:
        known = read({**document, "token_endpoint_auth_method": method})
    except Invalid as error:
        raise CIMDError(str(error)) from error
    return {
        **document,
        "client_name": known.name[:LONGEST_NAME],
        "redirect_uris": list(known.redirect_uris),
        "grant_types": list(known.grants),
        "token_endpoint_auth_method": method,
    }
