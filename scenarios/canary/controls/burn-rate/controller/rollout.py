"""The rollout as a timetable with guards: v2's share follows the clock for as long as no error budget burns.

The time of the start and the outcome are on disk; where v2's share should be follows from the clock, so that a new
process is where the old one would have been. Silence is not health: without answers and labels the clock stands.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from pathlib import Path

from budget import Windows
from gateway import Gateway
from metrics import Metrics

log = logging.getLogger("rollout")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

TICK_S = 0.35
WARM_S = 1.6
TIMETABLE = ((0.0, 15), (1.6, 25), (4.0, 50), (5.8, 100))
DONE_S, LATEST_S = 7.2, 9.0
LEAST = {25: (0, 0), 50: (30, 10), 100: (55, 20), 101: (110, 35)}


class Rollout:
    def __init__(self, gateway: Gateway, canary: Metrics, folder: str) -> None:
        self.gateway, self.canary = gateway, canary
        self.file = Path(folder) / "timetable.json"
        self.record = json.loads(self.file.read_text()) if self.file.exists() else {"state": "idle"}
        self.share = self.record.get("share", 0)
        self.recount = self.record["state"] == "running"  # what the guards had seen died with the process before us
        if self.record["state"] in ("running", "rolling back"):
            threading.Thread(target=self.follow, daemon=True).start()

    def status(self) -> dict:
        return {"state": self.record["state"], "share": self.share, "reason": self.record.get("reason", "")}

    def start(self) -> bool:
        if self.record["state"] in ("running", "rolling back"):
            return False
        self.write(state="running", began=time.time(), counted=self.count(self.canary.scrape()), share=0, reason="")
        threading.Thread(target=self.follow, daemon=True).start()
        return True

    def write(self, **changes: object) -> None:
        self.record = {**self.record, **changes}
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.record))
        os.replace(part, self.file)

    def follow(self) -> None:
        windows = Windows()
        while self.record["state"] == "running":
            try:
                self.tick(windows)
            except OSError as error:
                log.error("a tick failed: %s", error)
                if self.elapsed() > LATEST_S:
                    self.write(state="rolling back", reason="blind for too long")
            if self.record["state"] == "running":
                time.sleep(TICK_S)
        while self.record["state"] == "rolling back":
            try:
                self.gateway.set_split(100, 0)
                self.share = 0
                self.write(state="rolled back", share=0)
            except OSError as error:
                log.error("cannot go back yet: %s", error)
                time.sleep(0.1)

    def elapsed(self) -> float:
        return time.time() - self.record["began"]

    def tick(self, windows: Windows) -> None:
        reading = self.canary.scrape()
        if self.recount:
            self.recount = False
            self.write(counted=self.count(reading))
        if self.elapsed() >= WARM_S:
            windows.add(reading)
            if alarm := windows.burning():
                log.warning("going back: %s", alarm)
                return self.write(state="rolling back", reason=alarm)
        answers = self.since_start(reading, "errors")
        labels = self.since_start(reading, "wrong")
        planned = max(share for at, share in TIMETABLE if self.elapsed() >= at)
        allowed = max((s for s, (n, m) in LEAST.items() if answers >= n and labels >= m), default=25)
        self.move(min(planned, allowed) if planned > 25 else planned)
        if self.elapsed() >= DONE_S and self.share == 100 and allowed > 100:
            self.write(state="promoted")
        elif self.elapsed() > LATEST_S:
            self.write(state="rolling back", reason="too little to judge by")

    @staticmethod
    def count(reading: dict) -> dict:
        return {" ".join(key): of for key, (_, of) in reading.items()}

    def since_start(self, reading: dict, signal: str) -> float:
        return reading.get((signal, "all"), (0, 0))[1] - self.record["counted"].get(f"{signal} all", 0)

    def move(self, share: int) -> None:
        share = max(share, self.share)
        if share != self.share:
            log.info("v2 gets %d %%", share)
            self.write(share=share)
            self.gateway.set_split(100 - share, share)
            self.share = share
