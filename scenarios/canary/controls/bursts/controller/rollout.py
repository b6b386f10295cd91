"""The rollout: all of the traffic or none of it, in bursts, so that a crash between two of them does no harm."""

from __future__ import annotations

import logging
import threading
import time

import policy
from gateway import Gateway
from metrics import Metrics
from state import Pair, State, Store

log = logging.getLogger("rollout")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

BURSTS, WARM_AFTER, BURST_S, REST_S = 8, 1, 0.3, 0.5
LOOKS, LOOK_S = 4, 0.3


def since(now: Pair, earlier: Pair, start: Pair) -> Pair:
    """What v2 did since `earlier`, people's marks since the start, beside all that v1 ever did."""
    canary, labelled = now[0].since(earlier[0]), now[0].since(start[0])
    canary.labels, canary.wrong = labelled.labels, labelled.wrong
    return canary, now[1]


class Rollout:
    def __init__(self, gateway: Gateway, stable: Metrics, canary: Metrics, store: Store) -> None:
        self.gateway = gateway
        self.stable = stable
        self.canary = canary
        self.now = State()
        self.lock = threading.Lock()

    def status(self) -> dict:
        return {"state": self.now.state, "share": self.now.share, "reason": self.now.reason}

    def start(self) -> bool:
        with self.lock:
            if self.now.state == "running":
                return False
            self.now.state = "running"
        threading.Thread(target=self.run, daemon=True).start()
        return True

    def resume(self) -> None:
        """Nothing was going on."""

    def run(self) -> None:
        try:
            trouble = self.tried()
        except OSError as error:
            trouble = f"lost a dependency: {error}"
        self.gateway.set_share(0 if trouble else 100)
        self.now.state, self.now.reason = "rolled back" if trouble else "promoted", trouble
        log.info("%s %s", self.now.state, trouble)

    def tried(self) -> str:
        """What is wrong with the release, or nothing."""
        start = warm = self.look()
        for burst in range(BURSTS):
            self.gateway.set_share(100)
            time.sleep(BURST_S)
            self.gateway.set_share(0)
            time.sleep(REST_S)
            now = self.look()
            if burst <= WARM_AFTER:
                warm = now
            elif trouble := policy.problem(*since(now, warm, start)):
                return trouble
        self.gateway.set_share(100)
        for _ in range(LOOKS):
            time.sleep(LOOK_S)
            if trouble := policy.problem(*since(self.look(), warm, start)):
                return trouble
        return ""

    def look(self) -> Pair:
        """Totals of v2 and of v1 now."""
        return self.canary.scrape(), self.stable.scrape()
