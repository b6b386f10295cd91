"""Looks at a lab about once a second and publishes what its page shows; goes on whatever happens to the system.

While no page is open it only takes in the traffic, so that there is something to be seen when one opens. What costs
more is looked at the less often the longer it takes: at most a fiftieth of the time.
"""

from __future__ import annotations

import math
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader import invocation
from grader.course import catalog, systems
from grader.course.hints import hints
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.pages.feed import Feed
from grader.practice import acting, background, rig, workspace
from grader.practice.live import figures, journal, saves, season, shown, traces
from grader.practice.live.attempts import Attempts
from grader.practice.live.commands import Commands
from grader.practice.live.debrief import debrief
from grader.practice.live.logs import Logs, find
from grader.practice.live.promises import promises, rehearses
from grader.practice.live.prose import tree
from grader.practice.live.services import Services
from grader.practice.live.sources import EVERYDAY, Everyday, Rehearsal
from grader.practice.live.table import Events, not_fine
from grader.practice.seat import Seat
from grader.safe import visible
from infra.errors import InfraError
from infra.runtime import Deployment

EVERY_S, RUN_S = 1.0, 0.5
SELDOM_S = 4.0
SHARE = 50
MARKS_S = 600.0
MOST_BAD = 20
NEWS_S = 1800.0
"""How long what a run came to stays at the top."""

LATE_S = 2 * SELDOM_S + 2
"""A restart is seen at most so long after it was done."""

TIDY_S = 1.0
"""An answer is written down up to so long after it came."""


class Often:
    """Says when it is time to look again at something that costs."""

    def __init__(self, least_s: float) -> None:
        self._least_s, self._next = least_s, 0.0

    def due(self) -> bool:
        return time.monotonic() >= self._next

    def took(self, began: float) -> None:
        now = time.monotonic()
        self._next = now + max(self._least_s, SHARE * (now - began))


class Watcher:
    """Attributes:
    feed: what the page is told.
    read: when the lab was last looked at, seconds since the epoch; 0 for never.
    gone: set once the lab does not run any more.
    """

    def __init__(self, lab: Lab, commands: Commands, seat: Seat) -> None:
        self._lab, self._commands, self._lent = lab, commands, seat.lent
        self._deployment: Deployment = rig.require(lab.id)
        self._open = systems.open_services(lab)
        self._code = systems.code_services(lab)
        self._events = Events()
        self._everyday = Everyday(lab.id)
        self._rehearsal = Rehearsal(catalog.rehearsal(lab), Path()) if rehearses(lab) else None
        self._rehearsed = 0.0
        self._promises = promises(lab, self._events)
        self._everyday_misses = not_fine(self._promises)
        self._judge = season.Judge(self._events, self._promises)
        self._casebook = systems.season(catalog.rehearsal(lab)) if rehearses(lab) else None
        self._season = season.Season()
        self._board = figures.Board(lab.spec.watch)
        self._logs = Logs(self._open)
        self._services = Services(self._open)
        self._saves = saves.Saves(lab)
        self._marks: list[dict[str, Any]] = []
        self._anew: list[tuple[float, str]] = []
        self._saved: list[float] = []
        self._costly, self._files, self._reading, self._laps = (Often(s) for s in (SELDOM_S, EVERY_S, EVERY_S, EVERY_S))
        self._figures = Often(EVERY_S)
        self._page_began = time.time()
        self._parts: dict[str, Any] = {"about": self._about(), "brief": tree(invocation.pasteable(lab.contract))}
        self._said = ""
        self._stale = True
        self.attempts = Attempts(lab.id)
        self.feed = Feed()
        self.read = 0.0
        self.gone = threading.Event()

    def run(self, stop: threading.Event, watched: Callable[[], bool] = lambda: True) -> None:
        """Look until told to stop, or the lab was stopped."""
        while not stop.is_set() and not self.gone.is_set():
            began = time.monotonic()
            self.look(watched())
            every = RUN_S if (self._parts.get("run") or {}).get("running") else EVERY_S
            stop.wait(max(0.05, began + every - time.monotonic()))

    def look(self, watched: bool = True) -> None:
        """Once; without anybody who watches, only what must not be missed."""
        if workspace.load(self._lab.id).deployment != self._deployment.name:
            self.gone.set()
            return
        trouble = ""
        try:
            self._take(watched)
            self.read = time.time()
        except InfraError as error:
            trouble = f"your system does not answer: {error}"
            self._deployment = rig.attached(self._lab.id) or self._deployment
        except Exception as error:  # one odd line must not end the page
            trouble = f"the page cannot make sense of the lab ({type(error).__name__}): please report it"
            if trouble != self._said:
                traceback.print_exc(file=sys.stderr)
        self._said = trouble
        self._parts["health"] = {"trouble": visible(trouble, 400), "since": round(self.read) if trouble else None}
        self.feed.publish(self._parts)

    def find(self, words: str) -> list[tuple[str, str]]:
        """Lines of all services' logs with these words."""
        return find(self._deployment, self._deployment.services(), words[:200])

    def collector(self) -> str:
        """The address of the system's collector of traces.

        Raises:
            BadInput: it has none.
        """
        url = rig.pages(self._lab, self._deployment).get(traces.PAGE)
        if url is None:
            raise BadInput(f"lab {self._lab.id} has no collector of traces")
        return url

    def act(self, name: str) -> dict[str, str]:
        """Carry out one of the lab's actions.

        Raises:
            BadInput: it has none of that name, is lent, or the system refuses.
        """
        if self._lent:
            raise BadInput("this system is your teacher's: nothing is done to it from here")
        action = acting.act(self._lab, self._deployment, name)
        self._marks.append({"at": round(time.time(), 1), "what": "act", "text": visible(action.title, 60)})
        return {"done": visible(action.does, 240)}

    def close(self) -> None:
        """Let go of files."""
        self._everyday.close()
        if self._rehearsal:
            self._rehearsal.forget(self._events)
        self._events.close()

    def _take(self, watched: bool) -> None:
        now = time.time()
        self._everyday.look(self._events, now)
        self._follow_run()
        if self._files.due():
            began = time.monotonic()
            self._look_at_files(now)
            self._files.took(began)
        if self._casebook and self._laps.due():
            began = time.monotonic()
            self._look_at_season(watched)
            self._laps.took(began)
        if not watched:
            self._stale = True
            return
        self._show_traffic(now)
        if self._board.watches:
            self._show_figures(now)
        if self._reading.due() or self._stale:
            began = time.monotonic()
            self._logs.look(self._deployment)
            self._reading.took(began)
        if self._costly.due() or self._stale:
            began = time.monotonic()
            self._look_at_services()
            self._costly.took(began)
        self._stale = False
        self._show(now)

    def _show_traffic(self, now: float) -> None:
        settled = now - self._everyday.start_s - TIDY_S
        since = max(self._restarts(), default=0.0) - self._everyday.start_s
        counts = self._events.kept(EVERYDAY, self._promises, settled, shown.WINDOW_S, since)
        self._parts["objectives"] = shown.objectives(self._promises, counts)
        start, missed = self._everyday.start_s, self._everyday_misses
        for name, width in shown.WINDOWS.items():
            self._parts[f"chart/everyday/{name}"] = shown.everyday(self._events, start, now, width, missed)
        bad = self._events.missed(EVERYDAY, MOST_BAD, missed)
        self._parts["bad"] = [{**one, "at": round(one.pop("due") + self._everyday.start_s, 1)} for one in bad]

    def _show_figures(self, now: float) -> None:
        if self._figures.due():
            began = time.monotonic()
            self._board.look(rig.addresses(self._lab, self._deployment), now)
            self._figures.took(began)
        for name, width in shown.WINDOWS.items():
            self._parts[f"watch/{name}"] = self._board.chart(now, width, shown.EVERYDAY_BINS)
        self._parts["watched"] = {"trouble": [visible(one, 120) for one in self._board.trouble.values()]}

    def _follow_run(self) -> None:
        about = journal.now(self._lab.id)
        if about and time.time() - float(about.get("ended") or math.inf) > NEWS_S:
            about = None
        if about and about.get("what") == "rehearsal" and self._rehearsal:
            if about.get("began") != self._rehearsed:
                self._rehearsed = float(about.get("began") or 0)
                self._rehearsal.forget(self._events)
                self._rehearsal = Rehearsal(catalog.rehearsal(self._lab), Path(str(about.get("out"))))
            if about["running"] or self._parts.get("run", {}).get("running"):
                self._rehearsal.look(self._events)
            played = self._rehearsal.played()
            charts = {
                f"chart/{n}": shown.trial(self._events, one, not_fine(self._promises, one.kind))
                for n, one in enumerate(played)
            }
            old = [name for name in self._parts if name.startswith("chart/") and not name.startswith("chart/everyday")]
            for name in old:
                del self._parts[name]
            self._parts |= charts
        result = self.attempts.result(Path(str(about.get("out")))) if about and not about["running"] else None
        self._parts["run"] = shown.run(about, result) or {}

    def _look_at_files(self, now: float) -> None:
        saved = self._saves.look()
        if saved:
            self._saved.append(now)
            self._marks.append({"at": round(now, 1), "what": "save", "text": f"saved {shown.several(saved)}"})
        if saved or saved is None:
            self._parts["diff"] = saves.difference(self._lab.id)
        self._parts["attempts"] = self.attempts.look()

    def _restarts(self, key: str = "at") -> list[float]:
        """When code of the candidate's was started anew, as far as is known; seconds since the epoch. `key`: at, or
        began, for when a command had done it or began to."""
        marks = journal.marks(self._lab.id)
        asked = [float(mark[key]) for mark in marks if {*mark["services"]} & {*self._code}]
        return asked + [at for at, name in shown.untold(marks, self._anew, LATE_S) if name in self._code]

    def _old_code(self) -> float | None:
        """When a file was saved that the running code has not; None if it has all, or reads files each time."""
        since = max(self._restarts("began"), default=self._everyday.start_s or self._page_began)
        saved = self._saves.last_s
        return round(saved, 1) if self._code and saved > since and not self._lent else None

    def _look_at_season(self, watched: bool) -> None:
        assert self._casebook is not None
        service, port = self._casebook
        try:
            self._season.look(self._deployment.address(service, port).url, watched)
        except BadInput as error:
            self._parts["season"] = {"trouble": visible(str(error), 200)}
            return
        if watched and self._season.laps:
            lap = self._season.laps[-1]
            changes = sorted([*self._restarts(), *(() if self._code else self._saved)])
            self._parts["season"] = {"trouble": "", **season.progress(lap)}
            self._parts["season/objectives"] = season.objectives(lap, self._judge)
            self._parts["season/rows"] = season.rows(lap, self._judge)
            self._parts["season/change"] = season.change(self._season.laps, changes, self._judge)
            self._parts["season/pictures"] = self._season.pictures

    def _look_at_services(self) -> None:
        seen, anew = self._services.look(self._deployment)
        self._anew += [(time.time(), name) for name in anew]
        said = Counter(name for mark in journal.marks(self._lab.id) for name in mark["services"])
        self._parts["services"] = shown.services(seen, said)

    def _show(self, now: float) -> None:
        for name in [name for name in self._parts if name.startswith("log/")]:
            del self._parts[name]
        self._parts |= self._logs.chunks()
        # What a command said is read first: a restart is told before its command ends.
        self._parts["said"] = self._commands.said()
        marks = [*self._marks, *shown.restarts(journal.marks(self._lab.id), self._anew, LATE_S)]
        self._parts["marks"] = sorted(
            (mark for mark in marks if mark["at"] > now - MARKS_S), key=lambda mark: float(mark["at"])
        )
        self._parts["state"] = self._state()
        if self._parts["state"]["debriefed"] and "debrief" not in self._parts:
            self._parts["debrief"] = debrief(self._lab)

    def _state(self) -> dict[str, Any]:
        state = workspace.load(self._lab.id)
        return {
            "verdict": visible(state.verdict, 20),
            "passed": state.passed,
            "debriefed": state.passed and catalog.has_exam(self._lab.id) and not self._lent,
            "traffic": background.runs(state.traffic),
            "began": round(self._everyday.start_s),
            "busy": self._commands.runs,
            "old": self._old_code(),
            "restarted": round(max(self._restarts(), default=0.0)),
            "hints": self._hints(state),
        }

    def _hints(self, state: workspace.State) -> dict[str, Any]:
        if self._lent:
            price = "Your teacher sees how many you took."
            return {"taken": state.hints, "of": None, "texts": [], "price": price, "asked": True}
        if not catalog.has_exam(self._lab.id):
            return {"taken": 0, "of": 0, "texts": [], "price": "Hints come with the exam, which is not here."}
        try:
            found = hints(catalog.root() / "scenarios" / self._lab.id / "hints.md")
        except BadInput as error:
            return {"taken": 0, "of": 0, "texts": [], "price": visible(str(error), 300)}
        taken = min(state.hints, len(found))
        price = "An interviewer would note it; each one gives away more."
        if state.passed:
            price = "You have passed: it costs nothing."
        texts = [tree(invocation.pasteable(text)) for text in found[:taken]]
        return {"taken": taken, "of": len(found), "texts": texts, "price": price}

    def _about(self) -> dict[str, Any]:
        lab, control = self._lab, workspace.load(self._lab.id).control
        pages = rig.pages(lab, self._deployment)
        exam = "submit" if self._lent else "grade" if catalog.has_exam(lab.id) else ""
        return {
            "lab": lab.id,
            "called": visible(invocation.name(), 200),
            "title": visible(lab.spec.title, 120),
            "question": visible(lab.spec.question, 240),
            "minutes": lab.spec.minutes,
            "level": lab.spec.level,
            "runtime": self._deployment.runtime + (f", as the control {control}" if control else ""),
            "workshop": self._lent,
            "open": [f"work/{lab.id}/{entry}" for entry in lab.spec.open],
            "services": list(self._open),
            "pages": [[visible(name, 40), url] for name, url in pages.items()],
            "traces": traces.PAGE in pages,
            "rehearses": self._rehearsal is not None,
            "exam": exam,
            "decides": self._casebook is not None,
            "windows": list(shown.WINDOWS),
            "watches": bool(self._board.watches),
            "actions": [
                {"id": one.id, "title": visible(one.title, 60), "does": visible(one.does, 240)}
                for one in (() if self._lent else lab.spec.actions)
            ],
        }
