"""Observers: what search and the provider are asked, whether a replica is slow; and catalogue, edition and seal."""

from __future__ import annotations

import json
import time

from signed_answers import signed, unsigned

from grader.labkit import control, current, exchange, import_rehearsal, locate

PORTS = {"a": 7001, "b": 7002}
MOST_A_SECOND = 40
MOST_REFUSED, MOST_REFUSALS = 0.05, 20
SLOW_S, TRIES, MOMENT_S = 0.3, 3, 0.2
load = import_rehearsal(__file__, "load")


def pressure(body: bytes) -> tuple[float, str]:
    """The search node's counts as queries in the last second: `calm`, or `too many queries`."""
    queries = float(json.loads(body)["last_second"])
    return queries, "calm" if queries <= MOST_A_SECOND else "too many queries"


def contract(body: bytes) -> tuple[float, str]:
    """The provider's counts as the ratio of its calls so far that it refused: `kept`, or `too many refusals`.

    Who asks for nothing, again and again, makes calls as well: hence no more than `MOST_REFUSALS` of any number.
    """
    counts = json.loads(body)
    ratio = float(counts["limited"]) / max(1.0, float(counts["calls"]))
    kept = ratio <= MOST_REFUSED and counts["limited"] <= MOST_REFUSALS
    return ratio, "kept" if kept else "too many refusals"


def asked(body: bytes) -> tuple[None, str]:
    """A look of which only the status counts."""
    return None, "asked"


def slow(replica: str) -> bool:
    """Whether a query put to this replica at once, past its queue, takes long, and one to the other does not.

    A machine that stalls can look slow: hence up to three tries.
    """
    other = next(name for name in PORTS if name != replica)
    return any(_seconds(replica) > SLOW_S >= _seconds(other) for _ in range(TRIES))


def swift() -> bool:
    """Whether both replicas answer a query at once."""
    return any(max(_seconds(name) for name in PORTS) <= SLOW_S for _ in range(TRIES))


def sign(seal: str) -> None:
    """Have the provider sign what its model says."""
    control("llm", 9000, "/seal", {"key": str(seal)})


def signs(seal: str) -> bool:
    """Whether it does, by a call that is billed to nobody."""
    context = current()
    url = locate("http://llm:8000/v1/chat/completions", context.addresses)
    body = {"model": "parley-large", "messages": [{"role": "user", "content": "Is anybody there?"}]}
    headers = {"x-probe": context.token, "content-type": "application/json"}
    status, answer = exchange("POST", url, json.dumps(body).encode(), headers)
    if status != 200:
        return False
    said = str(json.loads(answer)["choices"][0]["message"]["content"])
    return bool(said == signed(unsigned(said), str(seal)))


def publish(edition: int, catalogue: int) -> bool:
    """Put an edition of a catalogue's articles in place; whether it is there afterwards."""
    articles = load.articles(int(edition), int(catalogue))
    revision = control("search", 9000, "/articles", articles)["revision"]
    url = locate("http://search:7001/revision", current().addresses)
    return bool(json.loads(exchange("GET", url, None, {})[1])["revision"] == revision)


def republish(times: int, catalogue: int) -> bool:
    """Publish a catalogue's articles as they are so many times more, a moment apart: editions that change nothing."""
    for _ in range(int(times)):
        time.sleep(MOMENT_S)
        publish(0, catalogue)
    return True


def _seconds(replica: str) -> float:
    context = current()
    url = locate(f"http://search:{PORTS[replica]}/search", context.addresses)
    body = json.dumps({"query": "kettle", "limit": 1}).encode()
    began = time.monotonic()
    status, _ = exchange("POST", url, body, {"x-probe": context.token})
    return time.monotonic() - began if status == 200 else float("inf")
