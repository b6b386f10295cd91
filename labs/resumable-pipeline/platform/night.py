"""One tenant's night, after two in which little happens: its runs, what befalls them, and what comes of it."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import artefact
from ledger import Ledger
from plan import ASPECTS, LAST, Plan
from runner import Runner, RunnerLost
from tenants import Tenant, fit
from watch import Kernel, Watch

HUNG_S = 20.0
GONE_S = 5.0
CLEAN_RUNS = 2
TRIES = 3
MEET_S = 0.6


@dataclass
class Kills:
    """Kills that were ordered, those that were seen to act (the held call's connection broke) and those that were not;
    and announcements of what could not have been written."""

    ordered: int = 0
    seen: int = 0
    unseen: int = 0
    escaped: int = 0


@dataclass(frozen=True)
class Fault:
    """What befalls a start of the job.

    Attributes:
        what: in words.
        starts: runs that are started.
        joins: how many steps' worth has been paid for when the second is, while the first is held in its call; 0: both
            start at once.
        kill_at: the machine goes down in the paid call with which so many steps' worth are paid for; None: it does
            not, by this.
        announcing: it goes down during an announcement, which is `made` or `lost`; empty: it does not.
        limit: byte of a file past which nothing can be written; None: none.
        at_limit: `kill` or `full`, what happens there.
    """

    what: str = "nothing"
    starts: int = 1
    joins: int = 0
    kill_at: int | None = None
    announcing: str = ""
    limit: int | None = None
    at_limit: str = "kill"


@dataclass
class Attempt:
    """One start of the job: its runs, whether the machine went down, whether that was not its own crash but the third,
    which came before its turn, whether the first run came so far that a second starts, and whether that then paid for
    something or ended."""

    runs: list[str]
    fault: Fault = field(default_factory=Fault)
    killed: bool = False
    third: bool = False
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    met: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Night:
    """The night of one tenant."""

    plan: Plan
    runner: Runner
    folder: Path
    turn: asyncio.Semaphore
    sent: dict[str, str]
    kernel: Kernel
    ledger: Ledger = field(default_factory=Ledger)
    kills: Kills = field(default_factory=Kills)
    state: str = "waiting"
    given_up: str = ""
    content: str = "nothing was announced"
    runs: list[dict[str, Any]] = field(default_factory=list)
    outcomes: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    attempt: Attempt = field(default_factory=lambda: Attempt([]))
    active: float = 0.0
    tenant: Tenant = field(init=False)
    date: str = field(init=False)
    _seen: tuple[int, ...] = ()
    _whole: set[str] = field(default_factory=set)
    _watched: Watch | None = None
    _killed: bool = False
    _labels_met: bool = False
    _third_came: bool = False

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.outcomes = {aspect: loop.create_future() for aspect in ASPECTS}
        self._begin_earlier(0)

    def _begin_earlier(self, number: int) -> None:
        self._begin(self.plan.earlier[number], self.plan.before(self.plan.gaps[number]))

    def _begin(self, tenant: Tenant, date: str) -> None:
        """A night of these documents."""
        self.tenant, self.date, self.content = tenant, date, "nothing was announced"
        self.ledger = Ledger(sent=self.sent, owner=f"{tenant.name}, {date}", torn=self.ledger.torn)

    async def run(self) -> None:
        """From the artefact of an older night to the last outcome."""
        self.state = "running"
        self._place_old()
        self._watched = self.kernel.watch(self.folder / self.plan.tenant.name, artefact.NAME)
        watching = asyncio.create_task(self._watch())
        try:
            finished = await self._earlier() and await self._attempts()
        except RunnerLost:
            finished, self.given_up = False, "whoever runs the job did not answer any more"
        finally:
            watching.cancel()
        self._look()
        self.state = "over"
        self._settle(finished)
        print("; ".join(f"{name} {value}" for name, value in self._in_short().items()), flush=True)

    async def _earlier(self) -> bool:
        """Two earlier nights. In each the job is killed in its first paid call, when it has nothing to go on from, or
        what an older night left only. In the first it is then killed in a later one, or in a write on the way, if a
        file of its notes grows so large, and a second run starts while one works; in the other two start at once, and
        the machine goes down in the announcement, once that is made: if one had ended well by then, nobody comes to
        tidy up. What the job leaves behind is there tonight. Whether both ended well; tonight begins then.
        Tonight is not struck so early: a job that keeps notes from its second start on would lose nothing."""
        first = Fault("the crash in the first paid call", kill_at=1)
        kill_at, limit = self.plan.stops
        later = Fault("the crash in a later paid call", kill_at=kill_at, limit=limit)
        well = await self._befalls(first) and await self._befalls(later)
        well = well and await self._left_alone(joins=self.plan.joins)
        if well:
            self._settle_earlier()
            self._begin_earlier(1)
            well = await self._befalls(first) and await self._left_alone(announcing="made")
            self._settle_earlier()
        if not well:
            self.given_up = self.given_up or f"the night of {self.date}, left alone, had not ended well"
        self._begin(self.plan.tenant, self.plan.night)
        return well

    async def _attempts(self) -> bool:
        """The job is killed in a paid call, three times, the third early if the labels come early, and on the way to
        the second in a write, if a file of its notes grows so large; it is killed in a write, and its disk is full;
        it is killed as it announces, before and after that is made, and between the two in a write, if it writes; its
        disk is full once more; then it may run to its end. Whether it does. A second run starts while the night's first
        one works; two start at once for the third paid call, for one that comes after such a write, and at the end."""
        plan, (first, second) = self.plan, self.plan.announcements
        announcing = {"lost": "the crash before the announcement", "made": "the crash after the announcement"}
        limits = {"kill": "the crash in a write", "full": "the full disk"}
        faults = [
            Fault("the crash in a paid call", starts=2, joins=plan.meets, kill_at=plan.kills[0]),
            Fault("the second crash in a paid call", kill_at=plan.kills[1], limit=plan.growing),
            Fault("the third crash in a paid call", starts=1 if plan.early else 2, kill_at=LAST, limit=plan.early),
            *(Fault(limits[at_limit], limit=limit, at_limit=at_limit) for limit, at_limit in plan.limits),
            Fault(announcing[first], announcing=first),
            Fault("the crash in a late write, or before the announcement", limit=plan.late, announcing="lost"),
            Fault(announcing[second], announcing=second),
            Fault("the full disk, once it is announced", limit=plan.late, at_limit="full"),
        ]
        for fault in faults:
            if fault.kill_at == LAST and self._third_came:
                if fault.limit is None:
                    continue
                fault = replace(fault, kill_at=None)
            if not await self._befalls(fault):
                return False
            paid = fault.kill_at is not None and fault.kill_at < LAST
            if paid and not self._killed and not await self._befalls(replace(fault, limit=None, starts=2)):
                return False  # it had died in a write: the paid call is still to come
        return await self._left_alone()

    async def _left_alone(self, joins: int = 0, announcing: str = "") -> bool:
        """Start the job, as two runs, until one ends well, its artefact announced; False if it does not in time, where
        the start that is killed `announcing`, once, does not count."""
        left = CLEAN_RUNS
        while left:
            hung = not await self._start(Fault(starts=2, joins=joins, announcing=announcing))
            if hung:
                return False
            if any(run["code"] == 0 for run in self.runs[-2:]) and self.ledger.announced:
                return True
            if self._killed:
                announcing = ""
            else:
                left -= 1
        return False

    async def _befalls(self, fault: Fault) -> bool:
        """Start the job until a fault has befallen it: a job that does nothing has not been proven to bear it. False,
        and the night is given up, if that took too many starts, or one hung."""
        for _ in range(TRIES):
            if not await self._start(fault):
                return False
            if self._has_befallen(fault):
                return True
        self.given_up = f"{fault.what} had not befallen it after {TRIES} starts"
        return False

    def _has_befallen(self, fault: Fault) -> bool:
        """Whether the last start met its fault. Of a full disk nothing is seen from outside: a job may bear it by not
        writing. But it may not announce (see `announce`)."""
        if fault.limit is None or self._killed:
            return self._killed
        return fault.at_limit == "full" or bool(self.runs[-1]["signal"] == signal.SIGXFSZ)

    async def _start(self, fault: Fault) -> bool:
        """In its turn, start the job, and wait until all its runs have ended. False if one hung."""
        async with self.turn:
            names = [f"{self.tenant.name}-{secrets.token_hex(3)}" for _ in range(fault.starts)]
            return await self._started(Attempt(names, fault))

    async def _started(self, attempt: Attempt) -> bool:
        self.attempt, self.active = attempt, time.monotonic()
        paid = self.ledger.calls
        orders = [self._order(name, attempt.fault) for name in attempt.runs]
        await self._start_runs(attempt, orders)
        ends = asyncio.gather(*(self._ended(attempt, name) for name in attempt.runs))
        hung = not await self._patiently(ends)
        if hung:
            await self._kill_runs()
            self.given_up = "it made no call for too long"
        ended = await ends
        self.attempt, self._killed = Attempt([]), attempt.killed and not attempt.third
        self._third_came = self._third_came or attempt.third
        self.runs += [{key: run[key] for key in ("name", "code", "signal", "seconds")} for run in ended]
        stopped = (
            attempt.fault.limit is not None
            and not attempt.killed
            and ended[0]["code"] != 0
            and self._has_befallen(attempt.fault)
        )
        if stopped and self.ledger.calls > paid:
            self.ledger.crashes += 1
        self._look()
        return not hung

    async def _start_runs(self, attempt: Attempt, orders: list[dict[str, Any]]) -> None:
        """All at once; or the first, and the second once that is held in a call (see `_meet`), has ended or hangs."""
        if attempt.fault.joins:
            first = orders.pop(0)
            await self.runner.start(first)
            ways = [asyncio.ensure_future(way) for way in (attempt.joined.wait(), self.runner.ended(first["name"]))]
            await asyncio.wait(ways, timeout=HUNG_S, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        await asyncio.gather(*(self.runner.start(order) for order in orders))

    async def _ended(self, attempt: Attempt, name: str) -> dict[str, Any]:
        found = await self.runner.ended(name)
        attempt.met.set()
        return found

    def _order(self, name: str, fault: Fault) -> dict[str, Any]:
        arguments = {"tenant": self.tenant.name, "night": self.date, "run": name}
        limits = {"file_limit": fault.limit, "at_limit": fault.at_limit}
        return {"name": name, "arguments": arguments, **limits}

    async def _patiently(self, ends: asyncio.Future[Any]) -> bool:
        """Whether all ended before nothing had been heard of them for HUNG_S seconds."""
        while not ends.done():
            await asyncio.wait([ends], timeout=0.5)
            if not ends.done() and time.monotonic() - self.active > HUNG_S:
                return False
        return True

    async def _meet(self, run: str) -> None:
        """Hold the first run's call until the second, which starts now, has paid for something, has ended, or waits."""
        attempt = self.attempt
        if not attempt.fault.joins or self.ledger.progress < attempt.fault.joins:
            return
        if run != attempt.runs[0]:
            attempt.met.set()
        attempt.joined.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(attempt.met.wait(), MEET_S)
        attempt.met.set()

    async def call(self, run: str, things: list[str], gone: Callable[[], Awaitable[None]]) -> None:
        """A paid call for `things`. If the machine goes down in it, this returns when the caller is gone."""
        self.active = time.monotonic()
        self.ledger.pay(things)
        self._settle_early()
        await self._meet(run)
        kill_at = self.attempt.fault.kill_at
        if kill_at is None or self.attempt.killed:
            return
        tonight = self.tenant is self.plan.tenant
        due, labels = self.ledger.progress >= kill_at, tonight and self.ledger.labelled >= self.plan.labels
        if due or (labels and not self._labels_met):
            self._labels_met = labels
            self.attempt.third = not due and kill_at < LAST
            await self._crash(run, gone)

    async def announce(self, run: str, key: str | None, sha256: str, gone: Callable[[], Awaitable[None]]) -> str:
        """An announcement of what is on the volume now; empty, or why it is refused."""
        self.active = time.monotonic()
        try:
            found = artefact.read(self.folder, self.tenant.name)
        except artefact.Torn as torn:
            return f"there is no whole artefact: {torn}"
        if found.sha256 != sha256 or found.night != self.date:
            return "that is not the artefact that readers find"
        fault = self.attempt.fault
        if fault.announcing == "lost" and not self.attempt.killed:
            await self._crash(run, gone, excuses=0)
            return "the machine went down"
        news = not self.ledger.announced
        if news:
            self.content = artefact.complaint(found.body, self.tenant)
            self._whole = {sha256}  # readers have done with the one before
        self.ledger.announce(key, sha256)
        self._settle_early()
        if news and fault.limit is not None and found.size > fault.limit:
            self.kills.escaped += 1
        if fault.announcing and not self.attempt.killed:
            await self._crash(run, gone, excuses=0)
        return ""

    async def _crash(self, caller: str, gone: Callable[[], Awaitable[None]], excuses: int = 1) -> None:
        """Take the machine down, and see that the caller is gone; so many steps may be done again for it."""
        self.attempt.killed = True
        self.ledger.crashes += excuses
        self.kills.ordered += 1
        await self._kill_runs(caller)
        try:
            await asyncio.wait_for(gone(), GONE_S)
            self.kills.seen += 1
        except TimeoutError:
            self.kills.unseen += 1

    async def _kill_runs(self, last: str = "") -> None:
        """Kill the attempt's runs, `last` after the others: it is held in its call and does nothing meanwhile, but a
        run that waited for it to die would go to work in its place, on a machine that is down."""
        await asyncio.gather(*(self.runner.kill(name) for name in self.attempt.runs if name != last))
        if last:
            await self.runner.kill(last)

    def _place_old(self) -> None:
        """The artefact of an older night, whole and like any other: an empty one would tell an exam apart."""
        tenant = self.plan.oldest()
        folder = self.folder / tenant.name
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / ".placed"
        night = self.plan.before(self.plan.gaps[0] + 1)
        *weights, bias = fit(tenant)
        draft.write_bytes(artefact.make(tenant, night, weights, bias, tenant.vectors))
        os.replace(draft, folder / artefact.NAME)
        self._whole.add(artefact.read(self.folder, tenant.name).sha256)

    async def _watch(self) -> None:
        """A reader that comes again and again."""
        path = self.folder / self.tenant.name / artefact.NAME
        while True:
            try:
                found = os.lstat(path)
                now: tuple[int, ...] = (found.st_ino, found.st_size, found.st_mtime_ns)
            except OSError:
                now = ()
            if now != self._seen or not now:
                self._seen = now
                self._look()
            self._ask_kernel()
            await asyncio.sleep(0.02)

    def _look(self) -> None:
        """What a reader finds now: the artefact of before, or tonight's, which has to be as agreed."""
        self._ask_kernel()
        try:
            found = artefact.read(self.folder, self.tenant.name)
        except artefact.Torn as torn:
            self._found_torn(str(torn))
            return
        if found.sha256 in self._whole:
            return
        elsewhen = "" if found.night == self.date else f"it says that it is of {found.night:.20}"
        if wrong := elsewhen or artefact.complaint(found.body, self.tenant):
            self._found_torn(wrong)
        self._whole.add(found.sha256)

    def _ask_kernel(self) -> None:
        if self._watched and (said := self.kernel.look(self._watched)):
            self._found_torn(said)

    def _found_torn(self, how: str) -> None:
        self.ledger.found_torn(how)
        self._settle_early()

    def _settle_early(self) -> None:
        """What cannot become good any more need not be waited for."""
        ledger = self.ledger
        if ledger.too_much:
            self._tell("redone", "too-much")
        if len(ledger.announced) > 1:
            self._tell("once", "again")
        if ledger.torn:
            self._tell("whole", "torn")
        if ledger.announced and self.content:
            self._tell("right", "wrong")

    def _settle(self, finished: bool) -> None:
        self._settle_early()
        self._tell("finished", "right" if finished else "unfinished")
        self._tell("once", "right" if len(self.ledger.announced) == 1 else "never")
        self._tell("redone", "right")
        self._tell("whole", "right")
        self._tell("right", "right" if not self._complaint() else "wrong")

    def _settle_earlier(self) -> None:
        """An earlier night's artefact, too, has to be the one that was announced when its runs have ended: a run that
        bought some of it may have made other bytes of it than one that reads all from notes, as tonight's last do."""
        if self.ledger.announced and self._complaint():
            self._tell("right", "wrong")

    def _complaint(self) -> str:
        if self.content:
            return self.content
        try:
            now = artefact.read(self.folder, self.tenant.name).sha256
        except artefact.Torn as torn:
            return str(torn)
        return "" if now in self.ledger.announced.values() else "what readers find is not what was announced"

    def _tell(self, aspect: str, answer: str) -> None:
        if not self.outcomes[aspect].done():
            self.outcomes[aspect].set_result(answer)

    def _in_short(self) -> dict[str, Any]:
        """A line for the log: the night in short, and how each run ended."""
        ends = [f"signal {run['signal']}" if run["signal"] else f"code {run['code']}" for run in self.runs]
        return self.summary() | {"runs": ", ".join(ends)}

    @property
    def proven(self) -> bool:
        """Whether all that was done to it was seen to act, as far as that can be told by now."""
        return not self.kills.unseen and not self.kills.escaped

    def summary(self) -> dict[str, Any]:
        """For the page of nights."""
        ledger = self.ledger
        over = self.state == "over"
        return {
            "tenant": self.plan.tenant.name,
            "night": self.plan.night,
            "state": self.state,
            "runs": self.runs,
            "crashes that may have lost a step": ledger.crashes,
            "paid calls": ledger.calls,
            "steps done again": ledger.redone,
            "more than those by then": ledger.too_much or "never",
            "announcements": len(ledger.announced),
            "readers found": ledger.torn or "whole artefacts",
            "artefact": (self._complaint() or "as agreed") if over else "not judged yet",
            "given up": self.given_up or "no",
        }
