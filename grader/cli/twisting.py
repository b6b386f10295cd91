"""`lab twist`: a further change of the world against a submission, live, for the talk with who made it."""

from __future__ import annotations

import random
import secrets
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom.desk.seat import seat
from grader.cli import grading, show
from grader.cli.console import next_step, note, rich_console, say, stop_with, table
from grader.cli.show import EXIT
from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace
from grader.result import Result

if TYPE_CHECKING:
    from grader.course.spec import Scenario
    from grader.course.twist import Twist
    from grader.report.pulse import Pulse


@dataclass(frozen=True)
class How:
    """Against what (default: the workspace), where, with which draw, and how it is told."""

    submission: Path | None
    out: Path | None
    runtime: str
    seed: int | None
    strict: bool
    json_only: bool


def list_(lab_id: str) -> None:
    """The twists of a lab, by name."""
    from grader.course import twist

    exam = _exam(lab_id)
    _check_any(exam)
    rows = [[name, twist.Twist(exam, path).told.title] for name, path in twist.find(exam).items()]
    table(["NAME", "TITLE"], rows)
    next_step(f"lab twist {lab_id} NAME", "without NAME one is drawn")


def notes(lab_id: str, name: str) -> None:
    """What only the interviewer should read: what good answers name, and what is known to stand or fall."""
    chosen = _chosen(_exam(lab_id), name, secrets.randbelow(2**31))
    say(f"{chosen.name}: {chosen.told.title}. {chosen.told.brief}")
    for question in chosen.told.questions:
        say()
        say(question.ask)
        say(f"  A good answer names {question.names}")
    say()
    for control, outcome in chosen.told.proof.items():
        say(f"- {control} {outcome if outcome == 'stands' else f'misses {outcome}'}")
    if chosen.mend.is_file():
        print(f"\n{chosen.mend.read_text('utf-8')}")
    next_step(f"lab twist {lab_id} {chosen.name} --submission X", "starts it")


def twist(lab_id: str, name: str, how: How) -> None:
    """Change the world; exits as `grade` does, and is not remembered."""
    exam = _exam(lab_id)
    seed = secrets.randbelow(2**31) if how.seed is None else how.seed
    chosen = _chosen(exam, name, seed)
    source = how.submission or workspace.require(lab_id)
    folder = (how.out or grading.results_of(lab_id) / f"twist-{chosen.name}-{grading.run_name()}").absolute()
    (note if how.json_only else say)(f"Twist {chosen.name}: {chosen.told.title}. {chosen.told.brief}")
    from grader.report.pulse import Pulse

    pulse = Pulse()
    place = seat(lab_id).runtime(how.runtime)
    result = grading.run(chosen, source, place, seed, folder, strict=how.strict, pulse=pulse)
    if how.json_only:
        sys.stdout.write((folder / "result.json").read_text("utf-8"))
    else:
        _tell(chosen, result, folder, pulse, how)
    stop_with(EXIT[result.verdict])


def _exam(lab_id: str) -> Scenario:
    lab = catalog.find_lab(lab_id)
    seat(lab_id).refuse_exam()
    return catalog.find_scenario(lab)


def _check_any(exam: Scenario) -> None:
    """Raises BadInput for a lab that has no twists; names the labs that have some."""
    from grader.course.twist import TWISTS, find

    if find(exam):
        return
    having = sorted({path.parents[1].name for path in exam.folder.parent.glob(f"*/{TWISTS}/*.yaml")})
    instead = f"these labs have some: {', '.join(having)}" if having else f"each is a file in {exam.folder / 'twists'}"
    raise BadInput(f"lab {exam.lab.id} has no twists; {instead}")


def _chosen(exam: Scenario, name: str, seed: int) -> Twist:
    """The twist of that name; without one, one that the seed draws."""
    from grader.course.twist import Twist, find

    known = find(exam)
    _check_any(exam)
    if name and name not in known:
        raise BadInput(f"there is no twist {name!r}; {catalog.suggestion(name, list(known))}")
    return Twist(exam, known[name or random.Random(f"twist:{seed}").choice(list(known))])


def _tell(chosen: Twist, result: Result, folder: Path, pulse: Pulse, how: How) -> None:
    from grader.report.terminal import print_pulse, print_worst_second

    console = rich_console()
    console.print()
    print_pulse(console, pulse)
    again = ["lab", "twist", chosen.lab.id, chosen.name, "--seed", str(result.seed)]
    again += ["--submission", str(how.submission)] if how.submission else []
    again += ["--strict"] if how.strict else []
    again += ["--runtime", how.runtime] if how.runtime else []
    again += ["--out", str(how.out)] if how.out else []
    show.result(result, folder, f"edit, then {shlex.join(again)}", quote=not how.strict)
    print_worst_second(console, result, folder, quote=not how.strict)
    console.print()
    for question in chosen.told.questions:
        say(f"- {question.ask}")
