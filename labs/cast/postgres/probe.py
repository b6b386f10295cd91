"""Whether PostgreSQL takes sessions now: what pg_isready does."""

from __future__ import annotations

import socket
import struct

PROTOCOL_3 = 196608
TIMEOUT_S = 0.5


def accepts(listen: tuple[str, int], user: str, database: str) -> bool:
    """Begin a session and see whether the server asks for a password, or says that it cannot serve yet.

    The message is described at https://www.postgresql.org/docs/18/protocol-message-formats.html (StartupMessage).
    """
    fields = b"".join(part.encode() + b"\0" for part in ("user", user, "database", database))
    message = struct.pack("!ii", len(fields) + 9, PROTOCOL_3) + fields + b"\0"
    host = "127.0.0.1" if listen[0] == "0.0.0.0" else listen[0]  # noqa: S104 - nothing is bound here
    try:
        with socket.create_connection((host, listen[1]), timeout=TIMEOUT_S) as server:
            server.sendall(message)
            return server.recv(1024)[:1] == b"R"
    except OSError:
        return False
