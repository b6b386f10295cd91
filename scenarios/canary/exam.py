"""Observers of the canary exam: the split at the gateway, and whether v2's fault acts."""

from __future__ import annotations

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor

from grader.labkit import answers, current, exchange, kill_service, lab_of, locate, start_service

PARCELS = lab_of(__file__).parent / "cast" / "model-server" / "models" / "parcels.json.gz"
TELLING = 1  # a parcel that v2 reads right and v2-wrong reads wrong
PROBES, CROWD, TRIES, LATE_S = 6, 14, 3, 0.2  # a crowd is more than the longest queue of an exam
BETWEEN = "split still between the versions"
GATEWAY, LOOK_S = "http://gateway:9901/runtime?format=json", 0.05
CONTROLLER = "http://gateway:8080/rollout/healthz"
UP_S, NO_MORE_S = 1.5, 8.5
SIGHTS = {
    "none": "fine",
    "tail": "late",
    "overload": "error",
    "wrong": "wrong",
    "tenant": "error",
    "errors": "error",
    "noisy-start": "error",
}


def split(body: bytes) -> tuple[float | None, str]:
    """Envoy's runtime page as v2's share of traffic, 0 to 1: `settled` when one has it all, else `BETWEEN`.

    No weight at all is not half way: that nobody answers then is for other objectives to see.
    """
    entries = json.loads(body)["entries"]
    stable, canary = (float(entries[f"split.{version}"]["final_value"]) for version in ("v1", "v2"))
    if stable + canary <= 0:
        return None, "settled"
    share = canary / (stable + canary)
    return share, "settled" if share in (0.0, 1.0) else BETWEEN


def alive(_: bytes) -> tuple[None, str]:
    """What came by the way of a parcel, whatever it says: how long it took tells how busy the machine is."""
    return None, "right"


def under_way(for_s: float, by_s: float) -> bool:
    """Wait until v2 has had some traffic for so long, or until this trial time; whether it has had."""
    context = current()
    url = locate(GATEWAY, context.addresses)
    while split(exchange("GET", url, None, {})[1])[0] == 0:
        if context.now() >= by_s or context.hurry.wait(LOOK_S):
            return False
    context.hurry.wait(for_s)
    return True


def turned(by_s: float) -> bool:
    """Wait until v2's share of traffic falls, or until this trial time; whether it has fallen."""
    context = current()
    url = locate(GATEWAY, context.addresses)
    most = 0.0
    while (share := split(exchange("GET", url, None, {})[1])[0] or 0.0) >= most:
        most = share
        if context.now() >= by_s or context.hurry.wait(LOOK_S):
            return False
    return True


def killed(dead_s: float, after_s: float | None = None, by_s: float = NO_MORE_S) -> bool:
    """Kill the controller and start it `dead_s` later; whether that was done.

    With `after_s`, so long after it is up again (or has had its time for that), and not after `by_s`: a decision, or
    the end of the trial, is near.
    """
    context = current()
    if after_s is not None:
        up_by = context.now() + UP_S
        while context.now() < up_by and not answers(CONTROLLER, timeout_s=0.5) and not context.hurry.wait(LOOK_S):
            pass
        if context.now() + after_s > by_s:
            return False
        context.hurry.wait(after_s)
    kill_service("controller")
    back = context.now() + dead_s
    gone = not answers(CONTROLLER, timeout_s=0.3)
    context.hurry.wait(max(0.0, back - context.now()))
    start_service("controller")
    if not gone:
        raise RuntimeError("the controller answered after it was killed")
    return True


def seen(fault: str, tenant: str) -> bool:
    """Whether v2, asked directly and at once by a few probes of `tenant`, shows what a release with `fault` shows.

    Probes always meet the fault, and are counted nowhere. A machine that stalls can look late: hence up to three tries.
    """
    probes = CROWD if fault == "overload" else PROBES
    return any(_sight(tenant, probes) == SIGHTS[fault] for _ in range(TRIES))


def _sight(tenant: str, probes: int) -> str:
    pixels, truth, _ = json.loads(gzip.decompress(PARCELS.read_bytes()))[TELLING]
    body = json.dumps({"item": TELLING, "pixels": list(bytes.fromhex(pixels))}).encode()
    with ThreadPoolExecutor(probes) as pool:
        got = list(pool.map(lambda n: _probe(body, tenant, n), range(probes)))
    if any(status >= 500 for status, _, _ in got):
        return "error"
    if max(seconds for _, seconds, _ in got) > LATE_S:
        return "late"
    return "fine" if all(digit == truth for _, _, digit in got) else "wrong"


def _probe(body: bytes, tenant: str, n: int) -> tuple[int, float, int | None]:
    """Status, seconds and digit of one probe."""
    context = current()
    url = locate("http://model-v2:8000/v1/predict", context.addresses)
    headers = {"x-probe": context.token, "x-tenant": tenant, "x-request-id": f"probe-{n}"}
    began = time.monotonic()
    status, answer = exchange("POST", url, body, headers)
    return status, time.monotonic() - began, json.loads(answer).get("digit")
