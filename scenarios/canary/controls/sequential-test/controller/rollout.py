"""The rollout as a sequential test: traffic rises when every test acquits v2, and goes back when one condemns it.

A loop that never ends compares what is (the tests) with what is meant (a file) and moves the split; starting the
process again is the same as going on.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from pathlib import Path

from evidence import Kind, Tests
from gateway import Gateway
from metrics import Counts, Metrics, minus, total

log = logging.getLogger("rollout")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

SHARES = (30, 60, 100)
ACQUITTED = (0.0, -0.35, -0.35)
LOOK_S = 0.35
GRACE_S = 1.6
HOLD_S = (1.8, 1.3, 1.0)
DEADLINE_S = 9.2
ERRORS, LATE = Kind("errors", 0.01, 0.10), Kind("late answers", 0.03, 0.18)
TENANT_ERRORS = Kind("errors", 0.03, 0.6)
WRONG_MARGIN = 0.25
EMPTY = {"phase": "idle", "level": 0, "began": 0.0, "reason": ""}


class Rollout:
    def __init__(self, gateway: Gateway, stable: Metrics, canary: Metrics, folder: str) -> None:
        self.gateway, self.stable, self.canary = gateway, stable, canary
        self.path = Path(folder) / "rollout.json"
        self.lock = threading.Lock()
        try:
            self.plan = {**EMPTY, **json.loads(self.path.read_text())}
        except (OSError, ValueError):
            self.plan = dict(EMPTY)
        self.tests = Tests()
        self.seen: Counts = Counts()
        self.wrong_rate = 0.05
        self.entered = time.time()
        threading.Thread(target=self.loop, daemon=True).start()

    def status(self) -> dict:
        share = SHARES[self.plan["level"]] if self.plan["phase"] in ("running", "promoted") else 0
        return {"state": self.plan["phase"], "share": share, "reason": self.plan["reason"]}

    def start(self) -> bool:
        with self.lock:
            if self.plan["phase"] in ("running", "rolling back"):
                return False
            self.tests, self.seen, self.entered = Tests(), self.canary.scrape(), time.time()
            self.write(phase="running", level=0, began=time.time(), reason="")
        return True

    def write(self, **changes: object) -> None:
        self.plan = {**self.plan, **changes}
        draft = self.path.with_suffix(".new")
        with draft.open("w") as file:
            json.dump(self.plan, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    def loop(self) -> None:
        while True:
            with self.lock:
                try:
                    self.turn()
                except OSError as error:
                    log.error("cannot look or steer: %s", error)
                    if self.plan["phase"] == "running" and time.time() - self.plan["began"] > DEADLINE_S:
                        self.write(phase="rolling back", reason=f"lost sight: {error}")
            time.sleep(LOOK_S if self.plan["phase"] == "running" else 0.1)

    def turn(self) -> None:
        if self.plan["phase"] == "rolling back":
            self.gateway.set_split(100, 0)
            self.write(phase="rolled back")
        if self.plan["phase"] != "running":
            return
        share = SHARES[self.plan["level"]]
        self.gateway.set_split(100 - share, share)
        tenants = self.learn()
        if verdict := self.tests.condemned():
            self.back(verdict)
        elif time.time() - self.entered >= HOLD_S[self.plan["level"]] and self.acquitted(tenants):
            self.climb()
        elif time.time() - self.plan["began"] > DEADLINE_S:
            self.back("undecided in time")

    def back(self, reason: str) -> None:
        log.warning("going back: %s", reason)
        self.gateway.set_split(100, 0)
        self.write(phase="rolled back", reason=reason)

    def climb(self) -> None:
        log.info("acquitted at %d %%", SHARES[self.plan["level"]])
        if self.plan["level"] + 1 == len(SHARES):
            return self.write(phase="promoted")
        self.write(level=self.plan["level"] + 1)
        self.entered = time.time()

    def learn(self) -> list[str]:
        """Feed the tests with what is new since the last look; returns the carriers that v1 knows."""
        now, stable = self.canary.scrape(), self.stable.scrape()
        new, self.seen = minus(now, self.seen), now
        if labels := total(stable, "labels"):
            self.wrong_rate = min(0.2, max(0.06, total(stable, "wrong") / labels))
        wrong = Kind("wrong digits", self.wrong_rate, self.wrong_rate + WRONG_MARGIN)
        self.tests.add(wrong, "all", total(new, "wrong"), total(new, "labels"))
        tenants = sorted(tenant for what, tenant in stable if what == "requests")
        if time.time() - self.plan["began"] >= GRACE_S:
            self.tests.add(ERRORS, "all", total(new, "errors"), total(new, "requests"))
            self.tests.add(LATE, "all", total(new, "late"), total(new, "requests"))
            for tenant in tenants:
                self.tests.add(TENANT_ERRORS, tenant, new["errors", tenant], new["requests", tenant])
        return tenants

    def acquitted(self, tenants: list[str]) -> bool:
        bound, wrong = ACQUITTED[self.plan["level"]], Kind("wrong digits", 0, 0)
        everyone = self.tests.acquitted(bound, (ERRORS, LATE, wrong), ["all"])
        return everyone and self.tests.acquitted(bound, (TENANT_ERRORS,), tenants)
