"""The OAuth 2.0 resource server: from the token of a request to the principal it stands for, or to the refusal."""
