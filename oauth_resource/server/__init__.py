"""The embedded authorization server: OAuth 2.0 on django-oauth-toolkit, with a sign-in that is Gauzy's own."""
