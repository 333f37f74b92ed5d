"""Wiring: settings, the table of variables, urls, asgi, logging. It knows every room; no room knows it."""

__version__ = "0.1.0"
