"""Features for the site: the row of one request, by the definition that training has."""

from features import row as serve

__all__ = ["serve"]
