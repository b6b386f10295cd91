"""`lab play`: how much of each budget a submission burns, over plans that are drawn for it, without an exam."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli import signals
from grader.cli.console import FAIL, note, plain, say, stop_with, table
from grader.course import catalog
from grader.course.control import SHIPPED
from grader.course.files import shown
from grader.errors import BadInput
from grader.intake import staging
from grader.intake.controls import control_at, stage_control
from grader.intake.handed_in import opened
from grader.intake.submission import stage
from grader.practice import workspace

if TYPE_CHECKING:
    from grader.authoring.play.counting import Burn
    from grader.authoring.play.crew import Played
    from grader.course.spec import Scenario

MOST_WORDS = 4
BUSY = 1.5
"""From so many processes a core on that want to run."""


@dataclass(frozen=True)
class What:
    """What is played: a control of that name, or a folder or an archive; of two in `compare`, both. Empty: the
    workspace."""

    control: str = ""
    submission: Path | None = None
    compare: tuple[str, str] = ("", "")

    def names(self) -> list[str]:
        """As they were given; BadInput if more than one way was."""
        given = [way for way in (self.control, self.submission, any(self.compare)) if way]
        if len(given) > 1:
            raise BadInput("--control, --submission, --compare: say one of them")
        if any(self.compare):
            return list(self.compare)
        return [self.control or str(self.submission or "")]


def play(lab_id: str, what: What, seeds: int, jobs: int, case: str, as_json: bool) -> None:
    """Play drawn plans and show what came of it; exit 1 unless each submission keeps every objective in most plans."""
    scenario = catalog.find_scenario(catalog.find_lab(lab_id))
    names = what.names()
    from grader.authoring.play.crew import play_all
    from grader.authoring.play.season import unplayed

    if why := unplayed(scenario):
        exam = f"lab verify {lab_id} --control {what.control}" if what.control else f"lab grade {lab_id}"
        raise BadInput(f"lab {lab_id} {why}: only an exam tells what becomes of a submission; take `{exam}`")
    _tell_if_busy()
    begun = time.monotonic()
    numbers = [_with_case(scenario, case, seeds)] if case else list(range(1, seeds + 1))
    found: dict[str, list[Played]] = {}
    with staging.folder() as folder, ExitStack() as held:
        staged = [_staged(scenario, name, folder / str(place), held) for place, name in enumerate(names)]
        with signals.ending(f"the play of {lab_id}; its systems are removed"):
            for place, (name, files) in enumerate(staged):
                tell = _Telling(f"{lab_id}/{name}", len(numbers))
                found[name] = play_all(scenario, files, numbers, jobs, folder / f"log-{place}", tell)
                tell.over()
    seconds = time.monotonic() - begun
    if case:
        _show_case(scenario, case, numbers[0], found, as_json)
        return
    whole = {name: _Summary(scenario, name, played) for name, played in found.items()}
    if as_json:
        told = {"lab": lab_id, "seeds": len(numbers), "seconds": round(seconds, 1)}
        print(json.dumps(told | {"played": {name: one.to_json() for name, one in whole.items()}}, indent=1))
    else:
        _show(scenario, whole)
        say(f"{len(numbers)} plans, {seconds:.0f} s.")
    if not all(one.kept for one in whole.values()):
        stop_with(FAIL)


def _tell_if_busy() -> None:
    """Worlds that have time limits have them here too, and no metronome makes a play invalid."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > BUSY * cores:
        note(f"this machine is busy (load {load:.0f}, {cores} cores): where a world has a time limit, figures suffer")


class _Telling:
    """Progress on stderr: on a terminal a line that changes, else a line for each quarter."""

    def __init__(self, what: str, plans: int) -> None:
        self._what, self._plans = what, plans
        self._played = 0
        self._begun = time.monotonic()

    def __call__(self, _: Played) -> None:
        self._played += 1
        said = f"{self._what}: {self._played} of {self._plans} plans, {time.monotonic() - self._begun:.0f} s"
        if sys.stderr.isatty():
            print(f"\r{said}", end="", file=sys.stderr, flush=True)
        elif self._played % max(1, self._plans // 4) == 0:
            note(said)

    def over(self) -> None:
        """Leave the line."""
        if sys.stderr.isatty():
            print(file=sys.stderr)


class _Summary:
    """What came of several plans of one submission."""

    def __init__(self, scenario: Scenario, name: str, played: Sequence[Played]) -> None:
        from grader.authoring.play.counting import burns, passes
        from grader.authoring.play.room import misfits

        self.burns: dict[str, Burn] = burns(scenario, [one.tallies for one in played])
        self.passed = sum(passes(scenario, one.tallies) for one in played)
        self.misfits: list[str] = []
        if control := scenario.controls.get(name):
            self.misfits = misfits(scenario, control, [one.tallies for one in played])
        self.plans = len(played)
        self.seconds = sum(one.seconds for one in played) / len(played)
        self.example = {name: _example(played, name) for name in scenario.slos}

    @property
    def kept(self) -> bool:
        """Whether most of the plans are passed."""
        return 2 * self.passed > self.plans

    def to_json(self) -> dict[str, Any]:
        """For scripts; a figure that there is not is null."""
        objectives = {
            name: {key: None if value != value else value for key, value in asdict(one).items()}
            for name, one in self.burns.items()
        }
        figures = {"passed": self.passed, "plan_seconds": round(self.seconds, 2)}
        return figures | {"objectives": objectives, "too_little_room": self.misfits}


def _example(played: Sequence[Played], objective: str) -> str:
    """The first bad event of an objective."""
    for one in played:
        if (place := one.tallies[objective].first) >= 0:
            told = one.told[place]
            return plain(f"{told.case}: {told.word} ({told.note})" if told.note else f"{told.case}: {told.word}")
    return ""


def _staged(scenario: Scenario, name: str, into: Path, held: ExitStack) -> tuple[str, Path]:
    """What a name stands for, and its files: a control, else a folder or an archive, else the workspace."""
    lab = scenario.lab
    if name in scenario.controls or name == SHIPPED:
        return name, stage_control(scenario, name, into).path
    source = Path(name) if name else workspace.require(lab.id)
    if not source.exists():
        near = catalog.suggestion(name, list(scenario.controls))
        raise BadInput(f"{name!r} is neither a control of {lab.id} nor a file here; {near}")
    if control := control_at(scenario, source):
        return control, stage_control(scenario, control, into).path
    handed = held.enter_context(opened(source, lab.id, into.with_name(f"{into.name}-in"), strict=False))
    return shown(source), stage(lab, handed, into).path


def _show(scenario: Scenario, whole: dict[str, _Summary]) -> None:
    """A table: an objective a line, and of each submission what it burns."""
    if len(whole) == 1:
        [(name, one)] = whole.items()
        say(f"{scenario.lab.id}/{name}: {one.passed} of {one.plans} plans passed, {one.seconds:.1f} s each")
        rows = [[objective, *_figures(burn), _words(burn)] for objective, burn in one.burns.items()]
        table(["objective", "median", "worst", "words"], rows)
        for objective, burn in one.burns.items():
            if burn.worst > 1:
                say(f"  - {objective}, for example {one.example[objective]}")
        for said in one.misfits:
            say(f"  - too little room, {said}")
        return
    for name, one in whole.items():
        say(f"{scenario.lab.id}/{name}: {one.passed} of {one.plans} plans passed, {one.seconds:.1f} s each")
    head = ["objective", *(f"{name} {figure}" for name in whole for figure in ("median", "worst")), ""]
    table(
        head, [[name, *(f for one in whole.values() for f in _figures(one.burns[name])), ""] for name in scenario.slos]
    )


def _figures(burn: Burn) -> list[str]:
    return ["-" if math.isnan(figure) else f"{figure:.2f}" for figure in (burn.median, burn.worst)]


def _words(burn: Burn) -> str:
    told = [f"{plain(word) or '-'} {count}" for word, count in burn.words.items()]
    more = [f"{len(told) - MOST_WORDS} more words"] if len(told) > MOST_WORDS else []
    return ", ".join([*told[:MOST_WORDS], *more])


def _with_case(scenario: Scenario, case: str, seeds: int) -> int:
    """The first plan that has a case; BadInput if none has."""
    from grader.authoring.play.season import cases

    for number in range(1, seeds + 1):
        if case in cases(scenario, number):
            return number
    raise BadInput(f"--case: none of {seeds} plans has a case {case!r}; `lab play {scenario.lab.id}` names some")


def _show_case(scenario: Scenario, case: str, number: int, found: dict[str, list[Played]], as_json: bool) -> None:
    """What is drawn of a case, and each word that was told of it."""
    from grader.authoring.play.season import cases

    drawn = cases(scenario, number)[case]
    told = {name: [one for one in played[0].told if one.case == case] for name, played in found.items()}
    if as_json:
        words = {name: [asdict(one) for one in ones] for name, ones in told.items()}
        print(json.dumps({"lab": scenario.lab.id, "plan": number, "case": drawn, "told": words}, indent=1))
        return
    say(f"Case {plain(case)} of plan {number}, as it was drawn:")
    print(json.dumps(drawn, indent=1))
    for name, ones in told.items():
        say(f"{scenario.lab.id}/{name}:")
        table(["objective", "word", "note"], [[one.aspect, plain(one.word), plain(one.note)] for one in ones])
