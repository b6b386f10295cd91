"""Answering commands on a TCP port: one JSON object a line each way, each carrying the token."""

import hmac
import json
import os
import socket
import threading

LINE_BYTES = 16 << 20


def serve(port, token, answer):
    """Answer connections in threads of their own, for ever; `answer` turns a message into a reply."""
    listener = socket.create_server(("0.0.0.0", port), backlog=64)
    threading.Thread(target=_accept, args=(listener, token, answer), daemon=True).start()


def take_token(name):
    """A secret of ours from the environment, where children shall not find it."""
    return os.environ.pop(name)


def hide():
    """Keep this process's memory and environment from others of the same user (PR_SET_DUMPABLE)."""
    import ctypes

    if ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) != 0:
        raise SystemExit("this process cannot be hidden from its neighbours")


def _accept(listener, token, answer):
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_talk, args=(connection, token, answer), daemon=True).start()


def _talk(connection, token, answer):
    with connection, connection.makefile("rb") as lines:
        try:
            while line := lines.readline(LINE_BYTES):
                message = json.loads(line)
                if not hmac.compare_digest(str(message.pop("token", "")), token):
                    return
                connection.sendall(json.dumps(_guarded(answer, message)).encode() + b"\n")
        except (OSError, ValueError, AttributeError):
            return


def _guarded(answer, message):
    try:
        return {"ok": answer(message)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
