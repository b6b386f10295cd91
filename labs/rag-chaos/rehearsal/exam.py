"""What is done to the store, to the model and to the passages, and whether they show it."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

from grader.labkit import control, current, exchange, import_rehearsal, locate, read

load = import_rehearsal(__file__, "load")
SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"  # what PostgreSQL answers with one byte, before any password
QUICK_S, LONG_S, TRIES = 0.4, 0.8, 3


def alive(body: bytes) -> tuple[None, str]:
    """A question that was answered past the candidate's code: how late is in the event."""
    return None, "alive"


def break_store(kind: str, size: float) -> None:
    """Between API and store: `slow`, each answer `size` seconds later; `hang`, no answer; `refuse`, no connection."""
    if kind == "refuse":
        control("proxy", 8474, "/proxies/store", {"enabled": False})
        return
    toxic = {"type": "latency", "attributes": {"latency": int(1000 * size)}} if kind == "slow" else {"type": "timeout"}
    control("proxy", 8474, "/proxies/store/toxics", toxic)


def mend_store() -> None:
    """As it was."""
    control("proxy", 8474, "/reset")


def break_llm(kind: str, size: float) -> None:
    """The model's answers: `slow`, `size` seconds later; `malformed`, a third of the JSON is missing."""
    fault: dict[str, Any] = {"kind": kind, "endpoint": "chat"}
    if kind == "slow":
        fault["add_s"] = size
    control("llm", 9000, "/faults", {"faults": [fault]})


def mend_llm() -> None:
    """As it was."""
    control("llm", 9000, "/faults", {"faults": []})


def store_is(kind: str) -> bool:
    """Whether the way to the store is `well`, `slow`, `hang` or `refuse`, by a first word to PostgreSQL of our own.

    A machine that stalls can look slow: hence up to three tries.
    """
    return any(_store() == kind for _ in range(TRIES))


def _store() -> str:
    host, _, port = locate("http://proxy:5432", current().addresses).removeprefix("http://").rpartition(":")
    began = time.monotonic()
    try:
        with socket.create_connection((host, int(port)), timeout=QUICK_S) as connection:
            connection.settimeout(2 * LONG_S + 1.0)
            connection.sendall(SSL_REQUEST)
            answered = bool(connection.recv(1))
    except TimeoutError:
        return "hang"
    except OSError:
        return "refuse"
    if not answered:
        return "refuse"
    return "well" if time.monotonic() - began < QUICK_S else "slow"


def llm_is(kind: str) -> bool:
    """Whether the model is `well`, `slow` or `malformed`, by a call that is billed to nobody."""
    return any(_llm() == kind for _ in range(TRIES))


def _llm() -> str:
    context = current()
    url = locate("http://llm:8000/v1/chat/completions", context.addresses)
    body = {"model": "parley-large", "messages": [{"role": "user", "content": "Is anybody there?"}]}
    headers = {"x-probe": context.token, "content-type": "application/json"}
    began = time.monotonic()
    _, answer = exchange("POST", url, json.dumps(body).encode(), headers)
    try:
        json.loads(answer)
    except ValueError:
        return "malformed"
    return "well" if time.monotonic() - began < LONG_S else "slow"


def sign(seal: str) -> bool:
    """Have the provider sign what its models answer; whether it does."""
    return bool(control("llm", 9000, "/seal", {"key": str(seal)})["sealed"])


def publish(edition: int, model: str, search_after_s: float = 0.0, names: int = 0) -> bool:
    """Put an edition of all passages in place, about lines of these names and with vectors of this model, in the search
    so many seconds later than in the table; whether it is there afterwards."""
    before = _ledger()["edition"]
    passages = load.passages(int(edition), int(names))
    control("library", 9000, "/publish", {"passages": passages, "model": model, "search_after_s": search_after_s})
    now = _ledger()
    return bool(now["model"] == model and now["edition"] == before + 1 and search_lags() == bool(search_after_s))


def search_lags() -> bool:
    """Whether the search still has another edition than the table."""
    now = _ledger()
    return bool(now["searched"] != now["edition"])


def _ledger() -> dict[str, Any]:
    answer: dict[str, Any] = read("library", 9000, "/ledger")
    return answer
