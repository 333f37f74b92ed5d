"""The authorization server in the admin. No page shows a token, a code, a secret, or the digest of one.

It takes the place of the toolkit's own pages. To see things and to end them are two permissions; for the toolkit's
tables, ending goes by the permission to delete.
"""

from __future__ import annotations

from django.contrib import admin
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

for _model in (
    get_application_model(),
    get_access_token_model(),
    get_grant_model(),
    get_id_token_model(),
    get_refresh_token_model(),
):
    admin.site.unregister(_model)

from oauth_resource.server.admin import clients, keys, people, tokens  # noqa: E402 - after what they replace

__all__ = ["clients", "keys", "people", "tokens"]
