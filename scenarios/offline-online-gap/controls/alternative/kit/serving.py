"""Features for the site: one request."""

from row import row as serve

__all__ = ["serve"]
