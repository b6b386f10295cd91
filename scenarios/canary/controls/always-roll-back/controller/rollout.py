"""The rollout: when in doubt, stay with v1."""

from __future__ import annotations

import logging
import threading
import time

from gateway import Gateway
from metrics import Metrics
from state import Pair, State, Store

log = logging.getLogger("rollout")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")


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
        self.shift(25)
        time.sleep(2.0)
        self.roll_back("v2 is not clearly better")

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
