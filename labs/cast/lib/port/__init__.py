"""Ports of a sealed part whose calls take time: by the call, the row and the new connection. README.md shows how."""
