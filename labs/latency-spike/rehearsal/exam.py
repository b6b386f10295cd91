"""Observers: what the search node is asked, whether a replica is slow, and a new edition of the articles."""

from __future__ import annotations

import json
import time
from pathlib import Path

from grader.addresses import locate
from grader.exchange import exchange
from grader.faults import control, current
from grader.load.traffic import import_file

PORTS = {"a": 7001, "b": 7002}
MOST_A_SECOND = 40
SLOW_S, TRIES = 0.3, 3
load = import_file(Path(__file__).resolve().parent / "load.py")


def pressure(body: bytes) -> tuple[float, str]:
    """The search node's counts as queries in the last second: `calm`, or `too many queries`."""
    queries = float(json.loads(body)["last_second"])
    return queries, "calm" if queries <= MOST_A_SECOND else "too many queries"


def slow(replica: str) -> bool:
    """Whether a query put to this replica at once, past its queue, takes long, and one to the other does not.

    A machine that stalls can look slow: hence up to three tries.
    """
    other = next(name for name in PORTS if name != replica)
    return any(_seconds(replica) > SLOW_S >= _seconds(other) for _ in range(TRIES))


def swift() -> bool:
    """Whether both replicas answer a query at once."""
    return any(max(_seconds(name) for name in PORTS) <= SLOW_S for _ in range(TRIES))


def publish(edition: int) -> bool:
    """Put an edition of all articles in place; whether it is there afterwards."""
    revision = control("search", 9000, "/articles", load.articles(int(edition)))["revision"]
    url = locate("http://search:7001/revision", current().addresses)
    return bool(json.loads(exchange("GET", url, None, {})[1])["revision"] == revision)


def _seconds(replica: str) -> float:
    context = current()
    url = locate(f"http://search:{PORTS[replica]}/search", context.addresses)
    body = json.dumps({"query": "kettle", "limit": 1}).encode()
    began = time.monotonic()
    status, _ = exchange("POST", url, body, {"x-probe": context.token})
    return time.monotonic() - began if status == 200 else float("inf")
