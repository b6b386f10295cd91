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

LOOK_S = 0.3
QUIET_S = 1.8  # pods that are evicted are evicted young
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
        try:
            time.sleep(QUIET_S)
            if "warm" not in self.now.looks:
                self.warm_up()
            for step in STEPS:
                if step.share < self.now.share:
                    continue
                if trouble := self.watch(step):
                    return self.roll_back(trouble)
            self.record(state="promoted")
            log.info("promoted v2")
        except OSError as error:
            self.roll_back(f"lost a dependency: {error}")

    def warm_up(self) -> None:
        """A first share for new pods to get over their start; nothing they do in it counts but labels."""
        self.record(start=self.look())
        self.shift(STEPS[0].share)
        time.sleep(WARM_UP_S)
        self.record(warm=self.look())

    def watch(self, step: Step) -> str:
        """Hold a step until there is evidence to go on; the reason to go back, or nothing."""
        self.shift(step.share)
        entered, before, blind = time.time(), self.look(), 0
        while time.time() - self.now.began < PATIENCE_S:
            time.sleep(LOOK_S)
            try:
                now = self.look()
            except OSError as error:
                blind += 1
                if blind >= MAX_BLIND:
                    return f"cannot see the release: {error}"
                continue
            blind = 0
            if trouble := self.trouble(now, before):
                return trouble
            if time.time() - entered >= step.seconds and self.enough(step, now, before):
                return ""
        return "not enough evidence in time"

    def trouble(self, now: Pair, before: Pair) -> str:
        """What is wrong, seen since the step began (it may break under more load) or since the pods were warm."""
        looks = self.now.looks
        return policy.problem(*window(now, before, looks["start"])) or policy.problem(
            *window(now, looks["warm"], looks["start"])
        )

    def enough(self, step: Step, now: Pair, before: Pair) -> bool:
        """Whether the step's evidence is there, from every carrier that sends anything, and from people."""
        looks = self.now.looks
        warm = now[0].since(looks["warm"][0]).requests
        return (
            now[0].since(before[0]).requests.total() >= step.requests
            and now[0].since(looks["start"][0]).labels.total() >= step.labels
            and all(warm[tenant] >= step.each for tenant in now[1].requests)
        )

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
