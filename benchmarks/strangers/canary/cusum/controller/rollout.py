"""The rollout policy. Time is the budget of a decision, never a reason for one.

v2 gets more traffic only while nothing speaks against it, and keeps it only if enough speaks for it when time is up.
Everything else, also our own death or a lost dependency, ends with v1.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from pathlib import Path

from evidence import SIGNALS, Evidence
from gateway import UNREACHABLE, Gateway
from metrics import Page, Seen, scrape

log = logging.getLogger("rollout")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

ERRORS, SLOW, WRONG = SIGNALS
TICK = 0.12
WARM_UP = 1.5  # from v2's first parcel; its errors and delays are a fresh pod's
ECHO = 0.4  # what was accepted in the warm-up may still end in this time
# share, not before (seconds since the call), and v2's marks and parcels (after the warm-up) that it takes
STEPS = ((25, 0.0, 0, 0), (50, 3.6, 8, 15), (100, 5.4, 20, 50))
FIRST_SHARE = 12
ALL_BY = 7.2  # who does not have all the traffic by now could not be watched with it
DECIDE_AT = 8.7
FIRST_PARCEL_BY = 3.5
BLIND_FOR = 0.8

CONVICTED, CALM, ACQUITTED = 6.5, 4.0, 4.0
IN_FLIGHT, IN_FLIGHT_LOOKS = 10, 3
# at the end, over all of v2's parcels; v1's share of wrong digits comes on top of the last
MAX_ERRORS, MAX_SLOW, MAX_WRONG_MORE = 0.03, 0.05, 0.05
MISREAD, MISREAD_MORE = 5, 0.15  # of one carrier
MIN_MARKS, MIN_PARCELS, MIN_CARRIER = 40, 100, 3


class RolledBack(Exception):
    """The release is bad, or we cannot tell."""


class Journal:
    """The last state on disk, replaced as a whole."""

    def __init__(self, folder: str) -> None:
        self.path = Path(folder) / "rollout.json"

    def save(self, state: str, reason: str = "") -> None:
        new = self.path.with_suffix(".new")
        with new.open("w") as file:
            json.dump({"state": state, "reason": reason}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def load(self) -> dict:
        try:
            found = json.loads(self.path.read_text())
            return {"state": str(found["state"]), "reason": str(found.get("reason", ""))}
        except FileNotFoundError:
            return {"state": "idle", "reason": ""}
        except (OSError, ValueError, KeyError, TypeError):
            return {"state": "unknown", "reason": "unreadable journal"}


class Rollout:
    def __init__(self, gateway: Gateway, stable: str, canary: str, folder: str) -> None:
        self.gateway, self.stable, self.canary = gateway, stable, canary
        self.journal = Journal(folder)
        self.lock = threading.Lock()
        self.state, self.share, self.reason = "recovering", 0, ""

    # -- what the API calls ---------------------------------------------------------------------------------------

    def status(self) -> dict:
        return {"state": self.state, "share": self.share, "reason": self.reason}

    def start(self) -> bool:
        began = time.monotonic()
        with self.lock:
            if self.state in ("recovering", "running", "rolling back"):
                return False
            self.journal.save("running")  # before the first parcel moves
            self.state, self.reason = "running", ""
        threading.Thread(target=self.run, args=(began,), daemon=True).start()
        return True

    def recover(self) -> None:
        """After a start of the process: nothing may stay half done."""
        left = self.journal.load()
        if left["state"] in ("running", "rolling back", "unknown"):
            self.roll_back("the controller died in the middle of the rollout")
            return
        while True:
            try:
                v1, v2 = self.gateway.weights()
                if v1 > 0 and v2 > 0 or v1 == v2:  # nobody decided on that; a whole split, also one by hand, is kept
                    v2 = 100 if left["state"] == "promoted" else 0
                    self.gateway.set_share(v2)
                self.share = 100 if v2 else 0
                break
            except UNREACHABLE as error:
                log.warning("no gateway yet: %s", error)
                time.sleep(0.2)
        self.state, self.reason = left["state"], left["reason"]

    # -- one rollout ----------------------------------------------------------------------------------------------

    def run(self, began: float) -> None:
        try:
            self.drive(began)
            self.journal.save("promoted")
            self.state = "promoted"
            log.info("promoted v2")
        except RolledBack as problem:
            self.roll_back(str(problem))
        except Exception as error:  # whatever it was, v1 is the answer
            log.exception("rollout broke")
            self.roll_back(f"controller: {error!r}")

    def drive(self, began: float) -> None:
        def elapsed() -> float:
            return time.monotonic() - began

        v1_start, v2_start = self.look_until(began + 1.5)
        v2_last = v2_start
        evidence = Evidence()
        judged = Seen()  # v2's parcels after the warm-up
        marked = Seen()  # v2's marks, all of them: a cold pod does not misread
        carriers: dict[str, Seen] = {}  # both, by carrier
        steps = list(STEPS)
        first_parcel = None
        crowded = 0
        self.shift(FIRST_SHARE)
        last_look = time.monotonic()

        while True:
            slept = time.monotonic()
            time.sleep(TICK)
            stalled = time.monotonic() - slept > TICK + 0.2  # we were not run, so v2 may not have been either
            try:
                v2 = scrape(self.canary)
                v1 = scrape(self.stable)
            except UNREACHABLE as error:
                if time.monotonic() - last_look > BLIND_FOR:
                    raise RolledBack(f"no metrics: {error}") from error
                if elapsed() > DECIDE_AT:
                    raise RolledBack("no metrics when time was up") from error
                continue
            last_look = time.monotonic()
            news = v2.since(v2_last)
            if v2.total().requests < v2_last.total().requests:
                raise RolledBack("v2 has restarted")
            v2_last = v2

            if first_parcel is None:
                if v2.in_flight or v2.total().requests > v2_start.total().requests:
                    first_parcel = last_look
                elif elapsed() > FIRST_PARCEL_BY:
                    raise RolledBack("v2 gets no parcels")
            age = last_look - first_parcel if first_parcel is not None else 0.0

            for carrier, seen in news.items():
                carriers[carrier] = carriers.get(carrier, Seen()) + Seen(marks=seen.marks, wrong=seen.wrong)
            evidence.add(WRONG, news, v1)  # v1's marks of its whole life: the more, the better
            fresh = sum(news.values(), Seen())
            marked += fresh
            if age > WARM_UP + ECHO:
                v1_lately = Page(v1.since(v1_start))
                evidence.add(ERRORS, news, v1_lately)
                if not stalled:
                    evidence.add(SLOW, news, v1_lately)
                    judged += fresh
                else:
                    log.info("this machine stalled; delays of this look do not count")
                    judged += Seen(requests=fresh.requests, errors=fresh.errors)
                for carrier, seen in news.items():
                    carriers[carrier] += Seen(requests=seen.requests, errors=seen.errors)
                crowded = crowded + 1 if v2.in_flight >= IN_FLIGHT else 0

            worst, whose = evidence.worst()
            if worst >= CONVICTED:
                raise RolledBack(f"{whose}: score {worst:.1f}; {marked.wrong:.0f} of {marked.marks:.0f} marks wrong, "
                                 f"{judged.errors:.0f} errors and {judged.slow:.0f} slow of {judged.requests:.0f}")
            if crowded >= IN_FLIGHT_LOOKS:
                raise RolledBack(f"v2 does not keep up: {v2.in_flight:.0f} parcels in work")

            if elapsed() >= DECIDE_AT:
                self.final_gate(evidence, judged, marked, carriers, v1, v1_start)
                return
            if steps and age > WARM_UP:
                share, not_before, marks, parcels = steps[0]
                enough = marked.marks >= marks and judged.requests >= parcels
                if elapsed() >= not_before and enough and worst < CALM:
                    self.shift(share)
                    steps.pop(0)
            if steps and elapsed() > ALL_BY:
                raise RolledBack(f"not convinced in time: {whose} score {worst:.1f}, {marked.marks:.0f} marks")

    def final_gate(
        self, evidence: Evidence, judged: Seen, marked: Seen, carriers: dict[str, Seen], v1: Page, v1_start: Page
    ) -> None:
        """Promotion needs proof, not the absence of complaints."""
        worst, whose = evidence.worst()
        if worst >= ACQUITTED:
            raise RolledBack(f"in doubt at the end: {whose} score {worst:.1f}")
        if marked.marks < MIN_MARKS or min(judged.requests, judged.answers) < MIN_PARCELS:
            raise RolledBack(f"too little evidence: {marked.marks:.0f} marks, {judged.requests:.0f} parcels")
        active = (name for name, seen in v1.since(v1_start).items() if seen.requests >= 10)
        rare = [name for name in active if carriers.get(name, Seen()).requests < MIN_CARRIER]
        if rare:
            raise RolledBack(f"hardly seen: {', '.join(rare)}")
        stable = v1.total()
        v1_wrong = (stable.wrong + 8) / (stable.marks + 200)
        for name, seen in carriers.items():  # a score may have missed bad luck that came spread out
            own = v1.carriers.get(name, Seen())
            usual = (own.wrong + 30 * v1_wrong) / (own.marks + 30)
            if seen.wrong >= MISREAD and seen.wrong / seen.marks > usual + MISREAD_MORE:
                raise RolledBack(f"{name}: {seen.wrong:.0f} of {seen.marks:.0f} marks wrong")
        if marked.wrong / marked.marks > v1_wrong + MAX_WRONG_MORE:
            raise RolledBack(f"{marked.wrong / marked.marks:.1%} wrong, v1 {v1_wrong:.1%}")
        if judged.errors / judged.requests > MAX_ERRORS:
            raise RolledBack(f"{judged.errors / judged.requests:.1%} errors")
        if judged.slow / judged.answers > MAX_SLOW:
            raise RolledBack(f"{judged.slow / judged.answers:.1%} slow")

    def look_until(self, deadline: float) -> tuple[Page, Page]:
        while True:
            try:
                return scrape(self.stable), scrape(self.canary)
            except UNREACHABLE as error:
                if time.monotonic() > deadline:
                    raise RolledBack(f"no metrics: {error}") from error
                time.sleep(0.1)

    def shift(self, share: int) -> None:
        for attempt in range(4):
            try:
                self.gateway.set_share(share)
                break
            except UNREACHABLE as error:
                if attempt == 3:
                    raise RolledBack(f"the gateway does not obey: {error}") from error
                time.sleep(0.05)
        self.share = share
        log.info("v2 gets %d %%", share)

    def roll_back(self, reason: str) -> None:
        """All to v1, until the gateway says that it is so."""
        log.warning("rolling back: %s", reason)
        self.state, self.reason = "rolling back", reason
        self.try_to_save("rolling back", reason)
        while True:
            try:
                self.gateway.set_share(0)
                if self.gateway.weights() == (100, 0):
                    break
            except UNREACHABLE as error:
                log.warning("the gateway does not obey: %s", error)
            time.sleep(0.1)
        self.share = 0
        self.try_to_save("rolled back", reason)
        self.state = "rolled back"
        log.info("v1 has all the traffic")

    def try_to_save(self, state: str, reason: str) -> None:
        try:
            self.journal.save(state, reason)
        except OSError as error:  # then a restart rolls back once more, which does no harm
            log.error("journal: %s", error)
