"""The rollout: small steps, each left only on evidence, each watched all the time, and back to v1 in one call.

What is meant is written down before the split is changed, together with the totals that evidence is counted from. After
a crash a new process goes on from that step with that evidence, or finishes the way back.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

import policy
from gateway import Gateway
from metrics import Metrics
from state import Pair, State, Store

log = logging.getLogger("rollout")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

LAST_MOMENT_S = 9.46
WARM_UP_S = 1.5
PATIENCE_S = 9.0
MAX_BLIND = 4
LEAST_STABLE = 20


@dataclass(frozen=True)
class Step:
    """v2's share in percent, how long it is held at least, and what must have been seen: requests at this step,
    requests of each carrier since the pods were warm, and labels by people since the rollout began."""

    share: int
    seconds: float
    requests: int
    each: int
    labels: int


STEPS = (Step(25, 1.2, 12, 0, 10), Step(50, 1.3, 28, 2, 18), Step(100, 1.2, 45, 4, 28))


def window(now: Pair, earlier: Pair, start: Pair) -> Pair:
    """What v2 and v1 did since `earlier`; labels since the start, as they come late. With too little traffic in that
    time, v1 is judged by all it ever did."""
    canary, stable = now[0].since(earlier[0]), now[1].since(earlier[1])
    labelled = now[0].since(start[0])
    canary.labels, canary.wrong = labelled.labels, labelled.wrong
    if stable.requests.total() < LEAST_STABLE:
        stable = now[1]
    stable.labels, stable.wrong = now[1].labels, now[1].wrong
    return canary, stable


class Rollout:
    def __init__(self, gateway: Gateway, stable: Metrics, canary: Metrics, store: Store) -> None:
        self.gateway = gateway
        self.stable = stable
        self.canary = canary
        self.store = store
        self.now = store.load()
        self.lock = threading.Lock()

    def status(self) -> dict:
        return {"state": self.now.state, "share": self.now.share, "reason": self.now.reason}

    def start(self) -> bool:
        with self.lock:
            if self.now.state in ("running", "rolling back"):
                return False
            self.now = State("running", began=time.time())
            self.store.save(self.now)
        threading.Thread(target=self.run, daemon=True).start()
        return True

    def resume(self) -> None:
        """Take up what a process before us left: finish the way back, or go on from the step it was at."""
        if self.now.state == "rolling back":
            threading.Thread(target=self.roll_back, args=(self.now.reason,), daemon=True).start()
        elif self.now.state == "running":
            log.info("taking up the rollout at %d %%", self.now.share)
            threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        """A taste of 6 % for five seconds; then nothing but waiting, and everything at the very last moment."""
        try:
            until = self.now.began + LAST_MOMENT_S
            if "start" not in self.now.looks:
                self.record(start=self.look())
                self.shift(6)
            time.sleep(max(0.0, self.now.began + 1.6 - time.time()))
            if "warm" not in self.now.looks:
                self.record(warm=self.look())
            while time.time() < until - 0.1:
                time.sleep(0.2)
                if self.now.share and time.time() > self.now.began + 5.0:
                    self.shift(0)
                looks = self.now.looks
                if trouble := policy.problem(*window(self.look(), looks["warm"], looks["start"])):
                    return self.roll_back(trouble)
            time.sleep(max(0.0, until - time.time()))
            self.shift(100)
            self.record(state="promoted")
            log.info("promoted v2")
        except OSError as error:
            self.roll_back(f"lost a dependency: {error}")

    def look(self) -> Pair:
        """Totals of v2 and of v1 now."""
        return self.canary.scrape(), self.stable.scrape()

    def record(self, state: str = "", reason: str = "", share: int | None = None, **looks: Pair) -> None:
        self.now.state = state or self.now.state
        self.now.reason = reason or self.now.reason
        self.now.share = self.now.share if share is None else share
        self.now.looks.update(looks)
        self.store.save(self.now)

    def shift(self, share: int) -> None:
        log.info("v2 gets %d %%", share)
        self.record(share=share)
        self.gateway.set_share(share)

    def roll_back(self, reason: str) -> None:
        log.warning("rolling back: %s", reason)
        self.record("rolling back", reason)
        while True:
            try:
                self.gateway.set_share(0)
                break
            except OSError as error:
                log.error("rollback not through yet: %s", error)
        self.record("rolled back", share=0)
