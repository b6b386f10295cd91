"""A workshop that never was: people who start, save, ask for hints and submit, by a script drawn from a seed.

`Crowd.at` is a pure function of time, so that any moment can be looked at, and an afternoon be watched in a second. It
is what `lab workshop board --demo` shows, and what the board is tested and measured with.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time as now

from grader.classroom.board.history import History, tell
from grader.classroom.cluster.model import Desk, Objective, Participant, Snapshot, State, Submission
from grader.classroom.cluster.names import desk_namespace

WORKSHOP, LAB = "rehearsal", "canary"
TITLES = (
    "Answers at all",
    "Answers in time",
    "Right answers",
    "Every tenant is served",
    "A good version is promoted",
    "A bad version is rolled back",
)
_WORDS = """
Ada Amina Bo Carla Chen Dai Elif Esra Femi Goran Hana Ines Jonas Kofi Lena Luis Maja Nia Noor Olga Pavel Priya Quinn
Rosa Sami Tariq Uma Vera Wanjiru Yuki

Abebe Bauer Costa Dvorak Eriksen Fontaine Garcia Haddad Ivanova Jensen Kaya Lindqvist Moreau Nakamura Okafor Petrov
Quist Rossi Silva Tanaka Ueda Varga Weber Xu Yilmaz Zhang

brisk calm clever dapper eager fuzzy gentle jolly keen lucky mellow nimble plucky quiet rapid sunny

badger crane dingo egret ferret gecko heron ibis jackal koala lemur marten newt otter puffin quokka
"""
GIVEN, FAMILY, FIRST, SECOND = (part.split() for part in _WORDS.split("\n\n"))
EXAM_S = 58.0


def stamp(time: float) -> str:
    """A time as the objects have it."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Script:
    """What one person does; seconds from the workshop's beginning. `asked` has a verdict each: objectives missed."""

    started: float | None
    gone: float
    saves: list[float] = field(default_factory=list)
    hints: list[float] = field(default_factory=list)
    asked: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)


class Crowd:
    """`size` people in a workshop that began at `began` (seconds since the epoch) and lasts `seconds`."""

    def __init__(self, size: int, began: float, seconds: float = 7200.0, seed: int = 1, slots: int = 2) -> None:
        rng = random.Random(f"{size}/{seed}")
        self.began, self.seconds = began, seconds
        self.people = tuple(self._person(n) for n in range(size))
        self.scripts = [_script(rng, n, seconds) for n in range(size)]
        self.exams = _exams(self.scripts, slots * max(1, size // 30))

    def _person(self, n: int) -> Participant:
        name = f"{GIVEN[n % len(GIVEN)]} {FAMILY[(n + n // len(GIVEN)) % len(FAMILY)]}"
        who = f"{name.split()[0].lower()}-{n + 1}"
        nickname = f"{FIRST[n % 16]} {SECOND[(n + n // 16) % 16]}"
        return Participant(who, desk_namespace(WORKSHOP, who), name, nickname)

    def at(self, time: float) -> Snapshot:
        """The workshop at that time (seconds since the epoch)."""
        past = time - self.began
        return Snapshot(
            workshop=WORKSHOP,
            labs=(LAB,),
            began=stamp(self.began),
            ends=stamp(self.began + self.seconds),
            participants=self.people,
            desks=tuple(self._desk(one, s, past) for one, s in zip(self.people, self.scripts, strict=True)),
            submissions=tuple(self._submissions(past)),
        )

    def watch(self, history: History, until: float, every_s: float = 20.0) -> None:
        """Let a history see the workshop from its beginning up to a time."""
        for step in range(1, int((until - self.began) / every_s) + 1):
            time = self.began + step * every_s
            history.add(tell(self.at(time), time, watched=True))

    def _desk(self, one: Participant, script: Script, past: float) -> Desk:
        if script.started is None or script.started > past:
            return Desk(one.namespace, LAB)
        saves, hints = _until(script.saves, past), _until(script.hints, past)
        return Desk(
            namespace=one.namespace,
            lab=LAB,
            started=stamp(self.began + script.started),
            saved=stamp(self.began + saves[-1]) if saves else "",
            seen=stamp(self.began + min(past, script.gone)),
            saves=len(saves),
            changed=("controller/analysis.py", "controller/rollout.py")[: len(saves)],
            hints_wanted=len(hints),
            hints=("Look at the split.",) * len(hints),
        )

    def _submissions(self, past: float) -> Iterable[Submission]:
        handed = [exam for exam in self.exams if exam[0] <= past]
        places = {exam: n for n, exam in enumerate((exam for exam in handed if exam[1] > past), start=1)}
        for created, begins, who, number, missed in handed:
            state = State.QUEUED if begins > past else State.RUNNING if begins + EXAM_S > past else State.DONE
            done = state is State.DONE
            space, name = self.people[who].namespace, f"{LAB}-{who}-{number}"
            yield Submission(
                namespace=space,
                name=name,
                uid=f"{who}.{number}",
                lab=LAB,
                created=stamp(self.began + created),
                archive="",
                state=state,
                position=places.get((created, begins, who, number, missed), 0),
                verdict="" if not done else "fail" if missed else "pass",
                reasons=tuple(f"{title}: promised 98 %, measured 91 %" for title in missed) if done else (),
                objectives=tuple(Objective(t, t, "fail" if t in missed else "pass") for t in TITLES) if done else (),
                started="" if state is State.QUEUED else stamp(self.began + begins),
                finished=stamp(self.began + begins + EXAM_S) if done else "",
                duration_s=EXAM_S if done else 0.0,
                tries=1,
            )


def _until(times: list[float], past: float) -> list[float]:
    return [time for time in times if time <= past]


def _script(rng: random.Random, n: int, seconds: float) -> Script:
    if n % 11 == 7:
        return Script(None, 0.0)
    script = Script(rng.uniform(20, 420), seconds)
    kind = ("steady", "steady", "quick", "blind", "tinker", "asleep", "steady", "lost")[n % 8]
    assert script.started is not None
    if kind == "asleep":
        script.gone = rng.uniform(1500, 3600)
    busy = rng.uniform(900, 1800) if kind == "lost" else script.gone
    time = script.started + rng.uniform(200, 600)
    while time < busy:
        script.saves.append(time)
        time += rng.expovariate(1 / (40 if kind == "tinker" else 120))
    script.hints = sorted(rng.uniform(900, 5400) for _ in range(rng.choice((0, 0, 1, 1, 2, 3))))
    if kind != "tinker":
        _submit(rng, script, kind, busy)
    return script


def _submit(rng: random.Random, script: Script, kind: str, busy: float) -> None:
    left = {"quick": 1, "blind": 9}.get(kind, rng.choice((2, 3, 4)))
    time = script.saves[0] + rng.uniform(300, 1200)
    while time < busy:
        missed = tuple(TITLES[-left:]) if kind != "blind" else (TITLES[1], *rng.sample(TITLES[2:], 1))
        script.asked.append((time, missed if left else ()))
        if not left:
            script.saves = _until(script.saves, time)
            return
        left -= kind != "blind" and rng.random() < 0.6
        time += rng.uniform(300, 900)


def _exams(scripts: list[Script], slots: int) -> list[tuple[float, float, int, int, tuple[str, ...]]]:
    """When each was handed in and when its exam begins, whose it is, its number, and what it misses."""
    free = [0.0] * slots
    asked = [(t, who, n, missed) for who, s in enumerate(scripts) for n, (t, missed) in enumerate(s.asked)]
    found = []
    for created, who, number, missed in sorted(asked):
        slot = free.index(min(free))
        begins = max(created + 1, free[slot])
        free[slot] = begins + EXAM_S + 4
        found.append((created, begins, who, number, missed))
    return found


class Playing:
    """A source: the crowd as it is now."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    def read(self) -> Snapshot:
        """The workshop at this moment."""
        return self._crowd.at(now())
