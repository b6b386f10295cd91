"""The rollout as a state machine: idle -> running -> promoted, or running -> rolling back -> rolled back.

Every transition is stored before it acts, and every look is a checkpoint. The servers' counters go on while we are dead,
so a rollout can be taken up again with all its evidence; where there is no time left for that, or it happens twice, v1 it is.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from analysis import ALL, Doubt, Limits, doubts, exceeds
from gateway import Gateway, GatewayError
from metrics import Collector, Counts, MetricsError, Page
from settings import Policy
from store import Store

log = logging.getLogger("rollout")


class Reject(Exception):
    """v1 it is, and why."""


@dataclass
class Run:
    """All that is known of the running rollout. Times are seconds since its call."""

    stage: int = -1  # none yet
    first_parcel: float | None = None
    last_look: float = 0.0
    v1_base: Page = field(default_factory=Page)
    v2_last: Page = field(default_factory=Page)
    total: dict[str, Counts] = field(default_factory=dict)
    in_stage: dict[str, Counts] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "first_parcel": self.first_parcel,
            "last_look": self.last_look,
            "v1_base": self.v1_base.dump(),
            "v2_last": self.v2_last.dump(),
            "total": {name: asdict(counts) for name, counts in self.total.items()},
            "in_stage": {name: asdict(counts) for name, counts in self.in_stage.items()},
        }

    @classmethod
    def load(cls, raw: dict[str, Any]) -> Run:
        return cls(
            stage=raw["stage"],
            first_parcel=raw["first_parcel"],
            last_look=raw["last_look"],
            v1_base=Page.load(raw["v1_base"]),
            v2_last=Page.load(raw["v2_last"]),
            total={name: Counts(**counts) for name, counts in raw["total"].items()},
            in_stage={name: Counts(**counts) for name, counts in raw["in_stage"].items()},
        )


class Engine:
    """Runs at most one rollout."""

    def __init__(self, policy: Policy, gateway: Gateway, collector: Collector, store: Store) -> None:
        self._policy, self._gateway, self._collector, self._store = policy, gateway, collector, store
        self._state, self._share, self._reason = "recovering", 0, ""
        self._id = 0
        self._began = 0.0
        self._task: asyncio.Task[None] | None = None

    # API -------------------------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether calls can be taken: what the last process left is dealt with, or is being dealt with."""
        return self._state != "recovering"

    def status(self) -> dict[str, Any]:
        return {"state": self._state, "share": self._share, "reason": self._reason}

    def start(self) -> bool:
        """Begin a rollout, unless there is one. (No await in here: two calls cannot both get through.)"""
        if self._state in ("recovering", "running", "rolling back"):
            return False
        self._began = time.monotonic()
        self._id = self._store.begin("v2")
        self._state, self._reason = "running", ""
        self._spawn(self._run(Run()))
        return True

    def boot(self) -> None:
        """At the start of the process."""
        self._spawn(self._recover())

    async def stop(self) -> None:
        """The process ends in good order. A running rollout stays `running` in the store, for the next process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # recovery --------------------------------------------------------------------------------------------------------

    async def _recover(self) -> None:
        try:
            left = self._store.latest()
        except (sqlite3.Error, ValueError, TypeError) as error:
            log.error("store: %s", error)
            return await self._roll_back(f"the store cannot be read: {error}")
        if self._store.lost:
            return await self._roll_back("the store was broken, so nobody knows what was going on")
        if left is None or left.state not in ("running", "rolling back"):
            return await self._tidy(left.state if left else "idle", left.reason if left else "")
        self._id = left.id
        age = time.time() - left.started
        if left.state == "rolling back":
            return await self._roll_back(left.reason)
        if not 0 <= age < self._policy.decide_at_s or left.resumes >= self._policy.max_resumes or left.checkpoint is None:
            return await self._roll_back("the controller died on the way and could not take the rollout up again")
        try:
            run = Run.load(left.checkpoint)
            self._store.resumed(left.id)
        except (KeyError, TypeError, ValueError, sqlite3.Error) as error:
            return await self._roll_back(f"checkpoint: {error!r}")
        self._began = time.monotonic() - age
        self._state = "running"
        log.warning("taken up again after %.1f s, stage %d", age, run.stage)
        await self._run(run, resumed=True)

    async def _tidy(self, state: str, reason: str) -> None:
        """No rollout was running. A split that is whole stays, whoever made it; a mixed one nobody has decided on."""
        while True:
            try:
                v1, v2 = await self._gateway.weights()
                share = 100 if v1 == 0 and v2 > 0 else 0
                if (v1 > 0) == (v2 > 0):
                    share = 100 if state == "promoted" else 0
                    await self._gateway.set_share(share)
                break
            except GatewayError as error:
                log.warning("%s", error)
                await asyncio.sleep(0.2)
        self._state, self._share, self._reason = state, share, reason

    # one rollout -----------------------------------------------------------------------------------------------------

    def _spawn(self, work: Any) -> None:
        self._task = asyncio.create_task(work)
        self._task.add_done_callback(self._done)

    @staticmethod
    def _done(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            log.critical("engine broke", exc_info=task.exception())

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    async def _run(self, run: Run, *, resumed: bool = False) -> None:
        try:
            if resumed:
                await self._take_up(run)
            else:
                await self._open(run)
            await self._watch(run)
            self._store.set_state(self._id, "promoted")
        except Reject as rejected:
            await self._roll_back(str(rejected))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # a fault of ours is no reason to go on
            log.exception("rollout broke")
            await self._roll_back(f"controller: {error!r}")
        else:
            self._state, self._reason = "promoted", ""
            self._note("promoted")

    async def _open(self, run: Run) -> None:
        while True:
            try:
                run.v1_base, run.v2_last = await self._collector.look()
                break
            except MetricsError as error:
                if self._elapsed() > 1.5:
                    raise Reject(f"no metrics: {error}") from error
                await asyncio.sleep(0.1)
        run.last_look = self._elapsed()
        await self._enter(run, 0)

    async def _take_up(self, run: Run) -> None:
        try:
            found = await self._gateway.weights()
        except GatewayError as error:
            raise Reject(str(error)) from error
        if found == (100, 0):
            raise Reject("v1 had all the traffic when the controller came back")
        # The step that was stored may not have been made. Nothing new is tried before the next look.
        await self._shift(self._policy.stages[max(0, run.stage)].share)

    async def _enter(self, run: Run, stage: int) -> None:
        run.stage, run.in_stage = stage, {}
        self._store.checkpoint(self._id, run.dump())  # first the intention, then the deed
        await self._shift(self._policy.stages[stage].share)

    async def _shift(self, share: int) -> None:
        try:
            await self._gateway.set_share_with_retries(share, attempts=3)
        except GatewayError as error:
            raise Reject(str(error)) from error
        self._share = share
        self._note(f"v2 gets {share} %")

    async def _watch(self, run: Run) -> None:
        policy = self._policy
        crowded, seen_at, verified_at, looks = 0, time.monotonic(), self._elapsed(), 0
        while True:
            slept = time.monotonic()
            await asyncio.sleep(policy.look_every_s)
            paused = time.monotonic() - slept > policy.look_every_s + 0.2
            try:
                v1, v2 = await self._collector.look()
            except MetricsError as error:
                if time.monotonic() - seen_at > policy.blind_s or self._elapsed() > policy.decide_at_s:
                    raise Reject(f"no metrics: {error}") from error
                continue
            seen_at, looks = time.monotonic(), looks + 1
            self._take(run, v2, paused=paused)
            warm = run.first_parcel is not None and run.last_look - run.first_parcel > policy.warm_up_s + policy.echo_s
            crowded = crowded + 1 if warm and v2.in_flight >= policy.in_flight else 0
            if crowded >= policy.in_flight_looks:
                raise Reject(f"v2 does not keep up: {v2.in_flight:.0f} parcels in work")

            limits = Limits(policy, v1, Page(v1.since(run.v1_base)))
            found = doubts(policy, limits, run.total) + doubts(policy, limits, run.in_stage)
            worst = max(found, key=lambda doubt: doubt.sure, default=Doubt(0.0, "nothing", 0, 0))
            if worst.sure >= policy.convict:
                raise Reject(str(worst))

            now = self._elapsed()
            if now >= policy.decide_at_s:
                self._acquit(run, v1, limits, worst)
                return
            if run.first_parcel is None and now > policy.first_parcel_by_s:
                raise Reject("v2 gets no parcels")
            if self._may_step(run, worst, now) and looks >= 2:
                await self._enter(run, run.stage + 1)
            elif run.stage + 1 < len(policy.stages) and now > policy.full_by_s:
                raise Reject(f"not convinced in time; {worst}")
            else:
                self._store.checkpoint(self._id, run.dump())
            if now - verified_at > policy.verify_every_s:
                verified_at = now
                await self._verify()

    def _take(self, run: Run, v2: Page, *, paused: bool) -> None:
        """Add what v2 did since the last look. What counts when: marks always, the rest after the warm-up."""
        policy, now = self._policy, self._elapsed()
        if v2.total().parcels < run.v2_last.total().parcels:
            raise Reject("v2 has restarted")
        news = v2.since(run.v2_last)
        if run.first_parcel is None and (v2.in_flight > 0 or sum(each.parcels for each in news.values()) > 0):
            run.first_parcel = now
        warm_since = run.first_parcel + policy.warm_up_s + policy.echo_s if run.first_parcel is not None else None
        counts = warm_since is not None and run.last_look >= warm_since  # all that is new came after the warm-up
        slow_at_most = policy.slow_per_look * max(1, round((now - run.last_look) / policy.look_every_s))
        run.v2_last, run.last_look = v2, now
        pooled = Counts()
        for each in news.values():
            pooled = pooled.plus(each)
        for scope, new in [*news.items(), (ALL, pooled)]:
            if not counts:
                new = Counts(marks=new.marks, wrong=new.wrong)
            elif paused:
                new = Counts(new.parcels, new.errors, 0, 0, new.marks, new.wrong)
            else:
                new = Counts(new.parcels, new.errors, new.timed, min(new.slow, slow_at_most), new.marks, new.wrong)
            for sums in (run.total, run.in_stage):
                sums[scope] = sums.get(scope, Counts()).plus(new)

    def _may_step(self, run: Run, worst: Doubt, now: float) -> bool:
        policy = self._policy
        if run.stage + 1 >= len(policy.stages) or run.first_parcel is None:
            return False
        if now - run.first_parcel <= policy.warm_up_s or worst.sure >= policy.hold:
            return False
        following, seen = policy.stages[run.stage + 1], run.total.get(ALL, Counts())
        return (
            now >= following.not_before_s
            and seen.marks >= following.min_marks
            and seen.parcels >= following.min_parcels
        )

    async def _verify(self) -> None:
        """A gateway that restarted, or a person who put v1 back, ends the rollout."""
        try:
            found = await self._gateway.weights()
        except GatewayError as error:
            log.warning("%s", error)
            return
        if found != (100 - self._share, self._share):
            raise Reject(f"somebody else set the split to {found}")

    def _acquit(self, run: Run, v1: Page, limits: Limits, worst: Doubt) -> None:
        """Time is up: v2 stays only if enough speaks for it."""
        policy, seen = self._policy, run.total.get(ALL, Counts())
        if worst.sure >= policy.acquit_carrier:
            raise Reject(f"in doubt at the end; {worst}")
        if seen.marks < policy.promote_marks or min(seen.parcels, seen.timed) < policy.promote_parcels:
            raise Reject(f"too little evidence: {seen.marks:.0f} marks, {seen.parcels:.0f} parcels")
        for carrier, stable in v1.since(run.v1_base).items():
            if stable.parcels >= 10 and run.total.get(carrier, Counts()).parcels < policy.promote_carrier:
                raise Reject(f"hardly seen: {carrier}")
        for what, bad, total, limit in (
            ("errors", seen.errors, seen.parcels, limits.error),
            ("slow", seen.slow, seen.timed, limits.slow),
            ("wrong digits", seen.wrong, seen.marks, limits.wrong(ALL)),
        ):
            if exceeds(bad, total, limit, 1) > policy.acquit:
                raise Reject(f"{what} at the end: {bad:.0f} of {total:.0f}")

    async def _roll_back(self, reason: str) -> None:
        self._state, self._reason = "rolling back", reason
        self._note(f"rolling back: {reason}")
        self._save_state("rolling back", reason)
        await self._gateway.set_share_with_retries(0, attempts=None)
        self._share = 0
        self._save_state("rolled back", reason)
        self._state = "rolled back"
        self._note("v1 has all the traffic")

    def _save_state(self, state: str, reason: str) -> None:
        try:
            self._store.set_state(self._id, state, reason)
        except sqlite3.Error as error:  # the way back does not wait for the store
            log.error("store: %s", error)

    def _note(self, what: str) -> None:
        log.info("%s", what)
        try:
            self._store.note(self._id, what)
        except sqlite3.Error as error:
            log.error("store: %s", error)
