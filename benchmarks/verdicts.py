"""Error rates of the verdicts of a lab, measured on its controls, and its proof matrix, over and over.

    .venv/bin/python -m benchmarks.verdicts canary --exams 60 --machine busy1

holds exams until the file has that many on this runtime and in this state of the machine: round robin over the
controls, one at a time, each with a seed that follows from commit, runtime, machine and number, so that another series
draws anew even where it begins another file. It can be stopped at any moment and goes on where it was.
`--sound` examines only those that should pass, to see whether the machine can fail them.
`--table` prints what the file holds; run folders of exams that do not hold are kept in results/verdicts.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from benchmarks import rows
from benchmarks.exams import Exam, controls_of, seed_of
from benchmarks.machine import PAIR, ROOT, STATES, in_use, kept, main
from benchmarks.pairs import Order, in_pairs
from benchmarks.tables import publish, quartiles, share, table
from grader.authoring.proving.checkout import commit
from grader.course.catalog import find_lab, find_scenario
from grader.errors import BadInput
from infra.runtime import runtime

RATES = ("exams", "held", "false pass", "false fail", "invalid", "seconds of fail", "seconds of pass")


def missing(controls: Sequence[str], held: Iterable[str], exams: int) -> list[str]:
    """Controls to examine next, in order, so that `exams` are held and all controls have as many, or one more.

    Args:
        held: the control of each exam that was held already; others than `controls` do not count.
    """
    counts = Counter(control for control in held if control in controls)
    wanted = []
    for _ in range(exams - counts.total()):
        control = min(controls, key=lambda name: (counts[name], controls.index(name)))
        counts[control] += 1
        wanted.append(control)
    return wanted


def by_condition(exams: Sequence[Exam]) -> str:
    """Table: a row for each runtime and state of the machine, and one for all together."""
    places = sorted({(e.runtime, list(STATES).index(e.machine)) for e in exams})
    groups = [
        (f"{place}, {name}", [e for e in exams if (e.runtime, e.machine) == (place, name)])
        for place, name in ((place, list(STATES)[state]) for place, state in places)
    ]
    if len(groups) > 1:
        groups.append(("**all**", list(exams)))
    return table(["runtime, machine", *RATES], [rates(name, group) for name, group in groups])


def rates(name: str, exams: Sequence[Exam]) -> list[str]:
    """A line of the table with the columns `RATES`."""
    invalid = sum(e.got == "invalid" for e in exams)
    held = str(sum(e.holds for e in exams))
    return [name, str(len(exams)), held, *errors(exams), share(invalid, len(exams)), *_durations(exams)]


def errors(exams: Sequence[Exam]) -> tuple[str, str]:
    """False passes and false fails, each of the exams that had a verdict and should have had the opposite one."""
    decided = [e for e in exams if e.got in ("pass", "fail")]
    should_fail = [e for e in decided if e.expected == "fail"]
    should_pass = [e for e in decided if e.expected == "pass"]
    return (
        share(sum(e.is_false for e in should_fail), len(should_fail)),
        share(sum(e.is_false for e in should_pass), len(should_pass)),
    )


def by_control(exams: Sequence[Exam]) -> str:
    """Table: a row for each control."""
    names = sorted({(e.expected, e.control) for e in exams})
    head = ["control", "expected", "exams", "held", "pass", "fail", "invalid", "seconds"]
    lines = []
    for expected, name in names:
        group = [e for e in exams if (e.expected, e.control) == (expected, name)]
        got = Counter(e.got for e in group)
        counts = [str(sum(e.holds for e in group)), *(str(got[verdict]) for verdict in ("pass", "fail", "invalid"))]
        lines.append([name, expected, str(len(group)), *counts, quartiles([e.duration_s for e in group])])
    return table(head, lines)


def by_objective(exams: Sequence[Exam]) -> str:
    """Table: how far each objective's bound lies from those that must meet it and from those made to miss it."""
    head = ["objective", "highest of references and alternatives", "lowest of those made to miss it"]
    lines = []
    for name in dict.fromkeys(objective for e in exams for objective in e.burn):
        meets = [e.burn[name] for e in exams if name in e.burn and e.got == e.expected == "pass"]
        misses = [e.burn[name] for e in exams if e.holds and e.aims_at == name]
        lines.append([name, f"{max(meets):.2f}" if meets else "-", f"{min(misses):.2f}" if misses else "-"])
    return table(head, lines)


def stopping(whole: Sequence[Exam], early: Sequence[Exam]) -> str:
    """Table: how long exams last that run to their end and those that stop as soon as the verdict is certain.

    Compared are exams on the same runtime in the same state of the machine; invalid ones are left out.
    """
    if not whole:
        return "no exams yet"
    place = (whole[0].runtime, whole[0].machine)
    head = ["exam of", "whole: exams", "seconds", "stopped early: exams", "seconds"]
    lines = []
    for title, kinds in (("shipped", ["shipped"]), ("fakes", ["fake"]), ("good ones", ["reference", "alternative"])):
        line = [title]
        for exams in (whole, early):
            taken = [e.duration_s for e in _at(place, exams) if e.kind in kinds and e.got == e.expected]
            line += [str(len(taken)), quartiles(taken)]
        lines.append(line)
    command = f"`.venv/bin/python -m benchmarks.verdicts {whole[0].lab} --whole --table`; on {', '.join(place)}. "
    return f"{command}Seconds: quartiles.\n\n{table(head, lines)}"


def _at(place: tuple[str, str], exams: Sequence[Exam]) -> list[Exam]:
    return [e for e in exams if (e.runtime, e.machine) == place]


def _durations(exams: Sequence[Exam]) -> list[str]:
    return [quartiles([e.duration_s for e in exams if e.got == verdict]) for verdict in ("fail", "pass")]


def report(exams: Sequence[Exam], source: str) -> str:
    """Both tables, with what one needs to read them."""
    if not exams:
        return f"no exams in `{source}` yet"
    commits = ", ".join(f"{commit} ({count})" for commit, count in Counter(e.commit for e in exams).items())
    return "\n\n".join(
        [
            f"`.venv/bin/python -m benchmarks.verdicts {exams[0].lab} --table` from `{source}`; commits: {commits}.\n"
            "An exam held when it came out as the proof matrix wants it: a fake fails on the objective that it was\n"
            "made for. A false pass is counted among exams that should fail, a false fail among those that should\n"
            "pass, both without the invalid ones. Bounds: one-sided 95 %, Clopper-Pearson. Seconds: quartiles.",
            by_condition(exams),
            by_control(exams),
            "Ratio of bad events as a multiple of what the objective allows; 1 is the bound:",
            by_objective(exams),
        ]
    )


def load(path: Path, lab: str) -> list[Exam]:
    """Exams of a lab that a file holds.

    Raises:
        BadInput: the file holds something else.
    """
    try:
        return [Exam(**row) for row in rows.read(path) if row["lab"] == lab]
    except (TypeError, KeyError) as error:
        raise BadInput(f"{path}: is not a file of exams: {error}") from error


@dataclass(frozen=True)
class Series:
    """Exams to hold.

    Attributes:
        exams: how many are wanted in all; 0: one of each control.
        sound: only of controls that should pass.
        strangers: of designs of strangers, and of nothing else.
        keep: folder for the run folders of exams that came out otherwise than expected.
        whole: nothing is stopped early.
    """

    lab: str
    runtime: str = "process"
    machine: str = "idle"
    exams: int = 0
    sound: bool = False
    strangers: bool = False
    seed: int = 1
    keep: Path = ROOT / "results" / "verdicts"
    whole: bool = False


def hold(options: Series, into: Path) -> None:
    """Hold the exams of a series that a file does not have yet, and add them to it."""
    scenario = find_scenario(find_lab(options.lab))
    place = runtime(options.runtime)
    place.check()
    there = load(into, options.lab)
    here = [e.control for e in there if (e.runtime, e.machine) == (place.name, options.machine)]
    names = controls_of(scenario, options.strangers)
    controls = [name for name in names if scenario.controls[name].fails is None or not options.sound]
    wanted = missing(controls, here, options.exams or len(controls))
    first = max((e.number for e in there), default=-1) + 1
    _say(f"{len(wanted)} exams to hold, {len(here)} are in {into}; {in_use():.0%} of the machine used by others")
    made = commit()
    orders = [
        Order(
            lab=options.lab,
            control=control,
            runtime=place.name,
            number=number,
            machine=options.machine,
            seed=seed_of(options.seed, made, place.name, options.machine, number),
            keep=str(options.keep),
            whole=options.whole,
        )
        for number, control in enumerate(wanted, first)
    ]
    for held, exam in enumerate(in_pairs(orders) if options.machine == PAIR else _one_by_one(orders), 1):
        rows.append(into, asdict(exam))
        _say(f"{held}/{len(wanted)} {_line(exam)}")


def _one_by_one(orders: Sequence[Order]) -> Iterator[Exam]:
    with kept(orders[0].machine if orders else "idle") as busy:
        for order in orders:
            exam = order.hold()
            busy.check()
            yield exam


def _line(exam: Exam) -> str:
    note = "" if exam.got == exam.expected else f"  EXPECTED {exam.expected}: {', '.join(exam.reasons)}"
    return f"{exam.lab}/{exam.control} {exam.got} {exam.duration_s:.1f} s seed {exam.seed}{note}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def command() -> int:
    """Hold exams and print the tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.verdicts", description="Error rates of a lab's verdicts.")
    parser.add_argument("lab")
    parser.add_argument(
        "--exams", type=int, default=0, metavar="N", help="in all, those in FILE too; default 1 a control"
    )
    parser.add_argument("--runtime", default="process")
    parser.add_argument("--machine", choices=list(STATES), default="idle")
    parser.add_argument("--sound", action="store_true", help="only controls that should pass")
    parser.add_argument("--into", type=Path, metavar="FILE", help="default benchmarks/data/verdicts-LAB.jsonl")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Series.keep, help="for unexpected run folders")
    parser.add_argument("--table", action="store_true", help="only print the tables")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    parser.add_argument("--whole", action="store_true", help="stop nothing early; kept in a file and a table apart")
    options = parser.parse_args()
    name = f"verdicts-{options.lab}{'-whole' if options.whole else ''}"
    into = (options.into or ROOT / "benchmarks" / "data" / f"{name}.jsonl").absolute()
    if not options.table:
        asked = {each.name: getattr(options, each.name) for each in fields(Series) if each.name in options}
        hold(Series(**asked), into)
    source = str(into.relative_to(ROOT)) if into.is_relative_to(ROOT) else str(into)
    exams = load(into, options.lab)
    if options.whole:
        early = load(into.with_name(f"verdicts-{options.lab}.jsonl"), options.lab)
        publish(f"stopping-{options.lab}", stopping(exams, early), options.write)
    else:
        publish(name, report(exams, source), options.write)
    return 0


if __name__ == "__main__":
    main(command)
