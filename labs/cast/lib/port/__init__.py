"""Ports of a sealed part whose calls take time: by the call, the row and the new connection. README.md shows how."""

from port.costs import Cost, Part, Spent
from port.port import Port, Visit

__all__ = ["Cost", "Part", "Port", "Spent", "Visit"]
