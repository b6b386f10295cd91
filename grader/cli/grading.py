"""`lab check`, `grade`, `judge` and `report`."""

from __future__ import annotations

import json
import secrets
import shlex
import sys
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from grader.classroom.desk.seat import seat
from grader.cli import show, signals, taking_home
from grader.cli.console import browse, next_step, note, say, stop_with
from grader.cli.show import EXIT
from grader.cli.taking_home import Draw
from grader.course import catalog, files, systems
from grader.course.spec import Lab, Scenario
from grader.errors import BadInput
from grader.intake import staging
from grader.intake.controls import control_at, stage_control
from grader.intake.handed_in import opened
from grader.intake.submission import Submission, changes_nothing, stage
from grader.practice import rehearsing, workspace
from grader.practice.live import journal
from grader.proof.digests import digest_of
from grader.report import summary
from grader.report.saved import load_result
from grader.result import Progress, Result, Verdict
from infra.errors import RuntimeUnavailable, SystemRefused
from infra.runtime import runtime

if TYPE_CHECKING:
    from grader.judge.record import Close
    from grader.report.excerpt import Excerpt
    from grader.report.pulse import Pulse

MOST_NAMED = 5


@dataclass(frozen=True)
class How:
    """How an exam is taken: on which runtime (empty: the usual one), as of a stranger's code, only until the first
    missed objective, with nothing but JSON on stdout, and what a close call comes to."""

    runtime: str = ""
    strict: bool = False
    stop_early: bool = False
    json_only: bool = False
    close: Close = "decide"


def check(lab_id: str, runtime_name: str, seed: int | None) -> None:
    """Run the public rehearsal against the workspace; exits as `grade` does, and is not remembered."""
    lab = catalog.find_lab(lab_id)
    source = workspace.require(lab_id)
    out = results_of(lab_id) / "rehearsal"
    with rehearsing.alone(lab_id, out):
        _check(lab, source, runtime_name, seed, out)


def _check(lab: Lab, source: Path, runtime_name: str, seed: int | None, out: Path) -> None:
    lab_id, before = lab.id, _last(out)
    try:
        result = run(catalog.rehearsal(lab), source, seat(lab_id).runtime(runtime_name), seed, out, told_as="rehearsal")
    except (RuntimeUnavailable, SystemRefused) as error:
        raise seat(lab_id).without_rehearsal(error) from error
    again = once_more(result, f"lab check {lab_id}", {lab_id})
    after = {Verdict.PASS: seat(lab_id).exam_step()[0], Verdict.INVALID: again}
    hint = f", or lab hint {lab_id}" if catalog.has_exam(lab_id) else ""
    read = to_read(lab, result, out)
    find = f" --find {read.word}" if read and read.word else ""
    next_command = after.get(result.verdict, f"lab logs {lab_id}{find}{hint}")
    show.result(result, out, next_command, untried(lab, result), before=before, excerpt=read)
    stop_with(EXIT[result.verdict])


def once_more(result: Result, again: str, needed: set[str]) -> str:
    """What to do after a run that proves nothing, said by the command that holds it again."""
    return again if summary.too_close(result) else alone(again, needed)


def alone(again: str, needed: set[str]) -> str:
    """What to do after a run that proves nothing: end what runs of our own beside it, but what is needed, and say it
    again; where nothing does, ask what else is in the way."""
    return f"{', '.join(_stops(needed) or ['lab doctor'])}, then {again}"


def _stops(needed: Collection[str] = ()) -> list[str]:
    """Commands that end the labs of ours that run, but those that are needed."""
    running = [lab_id for lab_id in catalog.lab_ids() if workspace.running(workspace.load(lab_id))]
    return [f"lab stop {lab_id}" for lab_id in running if lab_id not in needed]


def to_read(lab: Lab, result: Result, out: Path) -> Excerpt | None:
    """What the candidate's own service wrote where a failed rehearsal went wrong most."""
    if result.verdict is not Verdict.FAIL:
        return None
    from grader.report.excerpt import excerpt

    try:
        return excerpt(out, result, systems.open_services(lab))
    except BadInput:
        return None


def untried(lab: Lab, result: Result) -> list[str]:
    """Titles of the exam's objectives that a rehearsal did not judge; none where the exam is not here."""
    if not catalog.has_exam(lab.id):
        return []
    tried = {objective.id for objective in result.objectives}
    return [slo.title for slo in catalog.find_scenario(lab).slos.values() if slo.id not in tried]


def grade(
    lab_id: str,
    submission: Path | None,
    out: Path | None,
    how: How,
    *,
    draw: Draw,
    sign: Path | None,
) -> None:
    """Take the exam; exits 0 pass, 1 fail, 3 invalid."""
    lab = catalog.find_lab(lab_id)
    seat(lab_id).refuse_exam()
    scenario = catalog.find_scenario(lab)
    source = submission or workspace.require(lab_id)
    folder = (out or results_of(lab_id) / run_name()).absolute()
    staged: list[str] = []
    place = seat(lab_id).runtime(how.runtime)
    if stops := _stops():
        note(f"this machine runs a lab beside the exam; to end it: {', '.join(stops)}")
    before = _last(workspace.load(lab_id).last_run) if submission is None else None

    def seed_of(handed: Submission) -> int | None:
        staged.append(digest_of(handed))
        return draw.of(staged[0]) if draw.of else draw.seed

    result = run(
        scenario,
        source,
        place,
        seed_of,
        folder,
        strict=how.strict,
        early=how.stop_early,
        close=how.close,
        told_as="" if submission else "exam",
    )
    if sign is not None:
        taking_home.sign(scenario, folder, result, sign, draw, staged[0])
    if submission is None:
        _remember(lab_id, result, folder)
    if how.json_only:
        sys.stdout.write((folder / "result.json").read_text("utf-8"))
    else:
        again = once_more(result, shlex.join(["lab", *sys.argv[1:]]), set())
        after = {Verdict.PASS: f"lab debrief {lab_id}", Verdict.FAIL: f"lab report {lab_id}, or lab hint {lab_id}"}
        if submission:  # somebody else's: whoever grades it wants no hint
            after = dict.fromkeys(after, shlex.join(["lab", "review", f"{folder}", "--submission", f"{submission}"]))
        next_command = after.get(result.verdict, again)
        show.result(result, folder, next_command, before=before, quote=not how.strict)
    stop_with(EXIT[result.verdict])


def run(
    scenario: Scenario,
    source: Path,
    runtime_name: str,
    seed: int | Callable[[Submission], int | None] | None,
    out: Path,
    *,
    strict: bool = False,
    early: bool = False,
    close: Close = "decide",
    pulse: Pulse | None = None,
    told_as: str = "",
) -> Result:
    """Stage a submission, run a scenario on it with live progress on stderr, and leave nothing running. `seed` may be
    asked of the staged copy, which is gone afterwards. `strict`, `early`: as for `lab grade`. With a
    `pulse` there is a chart. `told_as`: what it is called on the lab's live page; not told of there if that is empty.
    What a signal ends is said to have been stopped, and leaves no folder.

    Raises:
        BadInput: the submission, or the output folder, cannot be used; or `strict`, and the runtime has no walls.
    """
    from grader.exam import Ends, longest_s
    from grader.exam import grade as run_exam

    place = runtime(runtime_name)
    if strict:
        check_walls(runtime_name)
    with (
        staging.folder() as folder,
        opened(source, scenario.lab.id, folder.with_name("handed-in"), strict=strict) as handed,
    ):
        control = None if strict else control_at(scenario, source)
        submission = (
            stage_control(scenario, control, folder) if control else stage(scenario.lab, handed, folder, strict=strict)
        )
        _tell(scenario.lab, source, submission)
        asked = seed(submission) if callable(seed) else seed
        chosen = secrets.randbelow(2**31) if asked is None else asked
        telling = journal.run(scenario.lab.id, told_as, out) if told_as else nullcontext(lambda _: None)
        stopped = f"the {told_as or 'exam'} of {scenario.lab.id}; its systems are removed, and no result is kept"
        ended = signals.ending(stopped)
        with signals.within(longest_s(scenario)), ended, show.live(pulse) as view, telling as tell:

            def on_progress(progress: Progress) -> None:
                view(progress)
                tell(progress)

            ends = Ends.VERDICT if early else Ends.OBJECTIVES
            return run_exam(
                scenario,
                submission,
                place,
                seed=chosen,
                out=out,
                on_progress=on_progress,
                ends=ends,
                quote=not strict,
                close=close,
            )


def check_walls(runtime_name: str) -> None:
    """Refuse to run strangers' code where nothing keeps it from this machine.

    Raises:
        BadInput: the runtime has no walls.
    """
    if not runtime(runtime_name).walled:
        raise BadInput(
            f"--strict is for strangers' code, and on {runtime_name} that runs as you; add --runtime compose"
        )


def _tell(lab: Lab, source: Path, submission: Submission) -> None:
    """What of a submission somebody may have meant to count and does not."""
    if submission.aside:
        note(f"left aside, for only {', '.join(lab.spec.open)} may be changed: {_named(submission.aside)}")
    if submission.kept:
        note(
            f"as shipped, for they were not handed in: {_named(submission.kept)}; if you deleted them, hand in what "
            f"`lab pack {lab.id}` makes"
        )
    shipped = {found.path for found in files.walk(lab.folder) if files.is_open(found.path, lab.spec.open)}
    if gone := sorted(shipped - set(submission.files)):
        note(f"deleted, for all else was handed in: {_named(gone)}")
    if changes_nothing(lab, submission):
        note(f"{files.shown(source)} changes nothing: this is the lab as shipped")


def _named(paths: Sequence[PurePosixPath]) -> str:
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    return ", ".join(map(files.shown, paths[:MOST_NAMED])) + more


def results_of(lab_id: str) -> Path:
    return catalog.root() / "results" / lab_id


def run_name() -> str:
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"


def _last(run_dir: Path | str) -> Result | None:
    """The result that lies there, if one does that can be read."""
    try:
        return load_result(Path(run_dir)) if run_dir else None
    except BadInput:
        return None


def _remember(lab_id: str, result: Result, folder: Path) -> None:
    passed = workspace.load(lab_id).passed or result.verdict is Verdict.PASS
    try:
        ended = {"verdict": result.verdict.value, "close": result.close}
        workspace.update(lab_id, **ended, passed=passed, last_run=str(folder))
    except BadInput as error:
        note(f"the result is not remembered: {error}")


def judge(run_dir: Path, slos: Path | None, out: Path | None, json_only: bool) -> None:
    """Judge a recorded run again, by other objectives if asked; exits as `grade` does."""
    from grader.judge.run import judge_run

    if not run_dir.is_dir():
        raise BadInput(f"{run_dir} is not the folder of a run; each is in results/ID/RUN")
    result = judge_run(run_dir, slos, out)
    if json_only:
        sys.stdout.write(json.dumps(result.to_json(), indent=2) + "\n")
    else:
        show.result(result, run_dir if slos is None else None, _after_judging(result, run_dir, slos, out))
    stop_with(EXIT[result.verdict])


def _after_judging(result: Result, run_dir: Path, slos: Path | None, out: Path | None) -> str:
    if out is not None:
        return f"lab diff-results {run_dir} {out}"
    return (
        f"lab report {result.lab} {run_dir}"
        if slos is None
        else f"lab judge {run_dir} --slo {slos} --out FILE (keeps it)"
    )


def report(lab_id: str, run_dir: Path | None, only_print: bool) -> None:
    """Show the result of a run, by default of the last exam, and its page where there is a screen."""
    run = _run_dir(lab_id, run_dir)
    say(show.summary(run / "result.json"))
    browse((run.absolute() / "report.html").as_uri(), only_print)
    next_step(f"lab judge {run}", "judges the same evidence again")


def copy_for_candidate(lab_id: str, run_dir: Path | None, into: Path) -> None:
    """Write what a candidate may see of a run, by default of the last exam."""
    from grader.report.candidate import write_copy
    from infra.system import load_system

    run, lab = _run_dir(lab_id, run_dir), catalog.find_lab(lab_id)
    system = load_system(lab.folder / "compose.yaml", lab.spec.open)
    write_copy(run, into, [service.name for service in system.services.values() if service.open])
    say(f"{files.shown(into)} has the verdict, the objectives, and the logs of their services; nothing of the exam.")


def _run_dir(lab_id: str, run_dir: Path | None) -> Path:
    """The folder of a run with a report, by default of the last exam."""
    lab: Lab = catalog.find_lab(lab_id)
    last = workspace.load(lab.id).last_run
    run = run_dir or Path(last)
    page = run / "report.html"
    if run_dir and not page.is_file():
        raise BadInput(f"{run_dir} holds no report; each run's is in results/{lab_id}/RUN")
    if not (run_dir or last) or not page.is_file():
        raise BadInput(f"there is no exam of {lab_id} to report yet; take it with `lab grade {lab_id}`")
    return run
