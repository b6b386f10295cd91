"""How a supervisor is spoken to: one JSON object a line each way over a loopback port, with a token.

Asked: `{"token", "do", "service"?, "replicas"?}`, where `do` is a method of `infra.runtime.Deployment`. Answered:
`{"ok": value}`, or `{"error": name of an exception of infra.errors, ...}`.
"""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.errors import PlatformBroken, ServiceFailed
from infra.process.identity import Identity
from infra.process.plan import STATE, read_json
from infra.process.rewrite import LOOPBACK

TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Endpoint:
    """Where a supervisor answers, and who it is."""

    port: int
    token: str
    supervisor: Identity

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have something done.

        Raises:
            ServiceFailed: as the command says; without the log.
            PlatformBroken: the supervisor is gone, or reports trouble with the machine.
        """
        try:
            with socket.create_connection((LOOPBACK, self.port), TIMEOUT_S) as connection:
                connection.sendall(json.dumps({"token": self.token, "do": do, **arguments}).encode() + b"\n")
                with connection.makefile("rb") as lines:
                    line = lines.readline()
        except OSError as error:
            raise PlatformBroken(f"the deployment's supervisor does not answer ({error}): deploy again") from error
        if not line:
            raise PlatformBroken("the deployment's supervisor is gone: deploy again")
        return _result(json.loads(line))


def _result(answer: dict[str, Any]) -> Any:
    if "ok" in answer:
        return answer["ok"]
    if answer["error"] == "ServiceFailed":
        raise ServiceFailed(answer["service"], answer["exit_code"], "")
    raise PlatformBroken(answer["message"])


def read_endpoint(folder: Path) -> Endpoint | None:
    """The endpoint in a state folder, or None if there is none yet."""
    raw = read_json(folder / STATE)
    return None if raw is None else Endpoint(raw["port"], raw["token"], Identity(**raw["supervisor"]))
