"""The loop: look, decide, act, again."""

from __future__ import annotations

import faulthandler
import time
from collections.abc import Callable
from functools import cache

from grader.classroom.cluster import model
from grader.classroom.cluster.look import Look
from grader.classroom.cluster.model import Desk, Snapshot, State, now
from grader.classroom.examiner import capacity, inside, results, spaces
from grader.classroom.examiner.act import Hands
from grader.classroom.examiner.decide import Seen, decide
from grader.classroom.examiner.exams import Exam
from grader.classroom.examiner.notice import Board, Notice
from grader.classroom.examiner.pods import Setting
from grader.classroom.examiner.pulse import Pulse
from grader.course import catalog
from grader.course.hints import hints
from grader.errors import BadInput
from grader.result import named
from infra.errors import InfraError
from infra.k8s import cluster

EVERY_S = 1.0
STUCK_S = 180
"""A look takes well below a second; a loop that hangs for so long is ended, and the cluster starts it again."""

RENEW_S = 600.0


class Loop:
    """Examines one workshop.

    Args:
        exams: how many at once; 0 for as many as the cluster has room for.
        busy: the stretch above which none begins.
        pulse: feels how busy the cluster is.
        say: told a line about everything that is done.
    """

    def __init__(
        self, context: str, setting: Setting, *, exams: int, busy: float, pulse: Pulse, say: Callable[[str], None]
    ) -> None:
        self._context, self._workshop = context, setting.workshop
        self._exams, self._busy, self._pulse, self._say = exams, busy, pulse, say
        self._look = Look(context, setting.workshop)
        self._hands = Hands(context, setting, say)
        self._board = Board(context, setting.workshop)
        self._held = ""
        self._trouble = ""

    def run(self) -> None:
        """For ever; a cluster that is away is waited for."""
        renewed = time.monotonic()
        while True:
            faulthandler.dump_traceback_later(STUCK_S, exit=True)
            began = time.monotonic()
            self._turn()
            if began - renewed > RENEW_S:
                inside.renew()
                renewed = began
            time.sleep(max(0.1, EVERY_S - (time.monotonic() - began)))

    def _turn(self) -> None:
        try:
            self.once()
        except InfraError as error:
            trouble = str(error)
        else:
            trouble = ""
        if trouble != self._trouble:
            self._say(trouble or "the cluster answers again")
        self._trouble = trouble

    def once(self) -> None:
        """Look, decide and act once.

        Raises:
            PlatformBroken: the cluster is away or refused.
        """
        seen = self.seen()
        if bool(seen.held) != bool(self._held):
            self._say(seen.held or "the cluster is calm enough for exams again")
        self._held = seen.held
        for name, outcome in seen.outcomes.items():
            size = f"{outcome.memory_bytes >> 20} MiB"
            self._say(f"{name}: {named(outcome.verdict, outcome.close)} after {outcome.duration_s:.0f} s, in {size}")
        self._hands.do_all(decide(seen))
        self._board.put(_notice(seen))

    def seen(self) -> Seen:
        """Everything at this moment. What came later is looked at first: namespaces, their jobs, what these said."""
        made = [space for _, space in spaces.made(self._context, self._workshop)]
        held = spaces.held(self._context, self._workshop)
        snapshot = self._look.snapshot()
        with cluster.talking("looking at the nodes"):
            nodes = cluster.call(self._context, "GET", "/api/v1/nodes")["items"]
            said = {
                exam.name: results.outcome_of(self._context, self._workshop, exam.name)
                for exam in _open(held, snapshot)
            }
        return Seen(
            snapshot=snapshot,
            exams=tuple(held),
            outcomes={name: outcome for name, outcome in said.items() if outcome is not None},
            at_once=capacity.at_once(capacity.cores(nodes), self._exams),
            now=now(),
            spaces=tuple(made),
            hints={desk.lab: _hints(desk.lab) for desk in snapshot.desks if _asks(desk, snapshot)},
            held=capacity.held(self._pulse.feel(), self._busy),
        )


def _open(held: list[Exam], snapshot: Snapshot) -> list[Exam]:
    """Exams whose submission waits for what they say."""
    running = {(one.uid, one.tries) for one in snapshot.submissions if one.state is State.RUNNING}
    return [exam for exam in held if (exam.uid, exam.number) in running]


def _asks(desk: Desk, snapshot: Snapshot) -> bool:
    return desk.hints_wanted > len(desk.hints) and desk.lab in snapshot.labs


@cache
def _hints(lab: str) -> tuple[str, ...]:
    """All hints of a lab, each as long as a desk can hold; none where there are none."""
    try:
        found = hints(catalog.root() / "scenarios" / lab / "hints.md")
    except BadInput:
        return ()
    return tuple(one[: model.MOST_HINT] for one in found[: model.MOST_HINTS])


def _notice(seen: Seen) -> Notice:
    states = [one.state for one in seen.snapshot.submissions]
    return Notice(seen.now, seen.at_once, states.count(State.RUNNING), states.count(State.QUEUED), seen.held)
