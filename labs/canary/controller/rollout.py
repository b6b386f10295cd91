"""The rollout policy: a few steps, a look at the numbers after each, and back to v1 if they are off."""

from __future__ import annotations

import logging
import threading
import time

from gateway import Gateway
from metrics import Metrics

log = logging.getLogger("rollout")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

STEPS = (20, 50, 100)
STEP_SECONDS = 1.2
DRAIN_SECONDS = 1.0
MAX_ERROR_RATE = 0.10
MAX_LATENCY = 0.25
MIN_ACCURACY = 0.90


class Rollout:
    def __init__(self, gateway: Gateway, stable: Metrics, canary: Metrics) -> None:
        self.gateway = gateway
        self.stable = stable
        self.canary = canary
        self.state = "idle"
        self.share = 0
        self.reason = ""
        self.lock = threading.Lock()

    def status(self) -> dict:
        return {"state": self.state, "share": self.share, "reason": self.reason}

    def start(self) -> bool:
        with self.lock:
            if self.state == "running":
                return False
            self.state, self.share, self.reason = "running", 0, ""
        threading.Thread(target=self.run, daemon=True).start()
        return True

    def run(self) -> None:
        try:
            self.canary.reset()
            self.stable.reset()
            for share in STEPS:
                self.shift(share)
                time.sleep(STEP_SECONDS)
                problem = self.problem()
                if problem:
                    self.roll_back(problem)
                    return
            self.state = "promoted"
            log.info("promoted v2")
        except OSError as error:
            self.roll_back(f"lost a dependency: {error}")

    def shift(self, share: int) -> None:
        log.info("v2 gets %d %%", share)
        self.gateway.set_weight("v2", share)
        self.gateway.set_weight("v1", 100 - share)
        self.share = share

    def problem(self) -> str:
        canary = self.canary.snapshot()
        stable = self.stable.snapshot()
        log.info("canary %s stable %s", canary, stable)
        if canary["error_rate"] > max(MAX_ERROR_RATE, 2 * stable["error_rate"]):
            return f"errors {canary['error_rate']:.1%}"
        if canary["latency"] > max(MAX_LATENCY, 2 * stable["latency"]):
            return f"latency {canary['latency']:.3f} s"
        if canary["accuracy"] < min(MIN_ACCURACY, stable["accuracy"]):
            return f"accuracy {canary['accuracy']:.1%}"
        return ""

    def roll_back(self, reason: str) -> None:
        log.warning("rolling back: %s", reason)
        self.state, self.reason = "rolled back", reason
        self.gateway.set_weight("v1", 100)
        time.sleep(DRAIN_SECONDS)
        self.gateway.set_weight("v2", 0)
        self.share = 0
