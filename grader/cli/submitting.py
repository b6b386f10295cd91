"""`lab submit`, and `lab report` of a lab that a workshop runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.classroom.cluster import archive, model
from grader.classroom.cluster.model import State, Submission
from grader.classroom.desk import asking, joined
from grader.classroom.desk.kit import Kit
from grader.classroom.desk.seat import seat
from grader.cli import show
from grader.cli.console import browse, next_step, note, plain, rich_console, say, stop_with, table
from grader.course import catalog
from grader.errors import BadInput
from grader.intake import staging
from grader.intake.submission import changes_nothing, stage
from grader.practice import workspace
from grader.report.saved import load_result
from grader.result import Verdict
from infra.errors import PlatformBroken

NOBODY_S = 60.0


def submit(lab_id: str, wait: bool, last: bool) -> None:
    """Submit the workspace, or take up the last submission; show the verdict, and exit as `grade` does."""
    catalog.lab_folder(lab_id)
    kit = joined.require()
    if lab_id not in kit.labs:
        raise BadInput(f"{lab_id} is not in the workshop {kit.workshop}, which has: {', '.join(kit.labs)}")
    one = _last(kit, lab_id) if last else _submit(kit, lab_id)
    if not wait and one.state is not State.DONE:
        say(f"{standing(one)}.")
        next_step(f"lab submit {lab_id} --last", "waits for the verdict")
        return
    _end(kit, _awaited(kit, one))


def _submit(kit: Kit, lab_id: str) -> Submission:
    source = workspace.require(lab_id)
    lab = catalog.find_lab(lab_id)
    with staging.folder() as folder:
        submission = stage(lab, source, folder)
        if changes_nothing(lab, submission):
            note(f"work/{lab_id} changes nothing: this is the lab as shipped")
        one, new = asking.submit(kit, lab_id, archive.pack(submission))
    note(f"submitted as {one.name}" if new else f"the very same files wait for their verdict already, as {one.name}")
    return one


def _last(kit: Kit, lab_id: str) -> Submission:
    found = asking.mine(kit, lab_id)
    if not found:
        raise BadInput(f"nothing of {lab_id} was submitted yet; `lab submit {lab_id}` does")
    return found[-1]


def _awaited(kit: Kit, one: Submission) -> Submission:
    try:
        with _progress() as show_line:
            news = News(show_line)
            news.heard(one, "")
            return asking.await_verdict(kit, one, news.heard)
    except KeyboardInterrupt:
        note(f"{one.name} stays submitted; `lab submit {one.lab} --last` goes on waiting")
        raise


@dataclass
class News:
    """How a submission stands, as one line each time that something changed, and each time on a terminal."""

    show: Callable[[str, bool], None]
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _trouble: str = ""
    _line: str = ""

    def __post_init__(self) -> None:
        self._began = self.clock()

    def heard(self, one: Submission, trouble: str) -> None:
        """Show what is to be shown."""
        if trouble and not self._trouble:
            self.show(f"{trouble}; waiting until it is back", True)
        self._trouble = trouble
        waited = self.clock() - self._began
        line = standing(one)
        if one.state is State.QUEUED and not one.position and waited > NOBODY_S:
            line += "; nobody has looked at it yet, the examiner may be away: tell your teacher"
        changed, self._line = line != self._line, line
        running = f" {_running_s(one):.0f} s" if one.state is State.RUNNING else ""
        self.show(line + running, changed)


def standing(one: Submission) -> str:
    """Such as `canary-x7k2p: queued 3rd`."""
    if one.state is State.QUEUED:
        return f"{one.name}: queued" + (f" {ordinal(one.position)}" if one.position else "")
    again = f", the {ordinal(one.tries)} time" if one.tries > 1 else ""
    return f"{one.name}: {one.state}{again if one.state is State.RUNNING else ''}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, ... 11th, 12th, 13th."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number // 10 % 10 == 1 else ends.get(number % 10, 'th')}"


def _running_s(one: Submission) -> float:
    try:
        began = datetime.fromisoformat(one.started)
        return max(0.0, (datetime.fromisoformat(model.now()) - began).total_seconds())
    except (ValueError, TypeError):
        return 0.0


@contextmanager
def _progress() -> Iterator[Callable[[str, bool], None]]:
    """Gives what shows a line on stderr: on a terminal in place, elsewhere each time that it changed."""
    console = rich_console(stderr=True)
    if not console.is_terminal:
        yield lambda line, changed: note(line) if changed else None
        return
    with console.status("") as spinner:
        yield lambda line, changed: spinner.update(plain(line))


def _end(kit: Kit, one: Submission) -> None:
    """Bring the result here, show it, and exit by it."""
    folder = _folder(one)
    verdict = _remember(one, folder) if asking.fetch(kit, one, folder) else _remember(one, None)
    after = {
        Verdict.PASS: "lab list",
        Verdict.INVALID: f"lab submit {one.lab}",
    }.get(verdict, f"lab report {one.lab}, or lab hint {one.lab}")
    try:
        judged = load_result(folder)
    except BadInput:
        _show_bare(one)
        next_step(after, "goes on")
    else:
        show.result(judged, folder, after)
    if (left_out := folder / asking.LEFT_OUT).is_file():
        note(plain(left_out.read_text("utf-8")))
    stop_with(show.EXIT[verdict])


def _show_bare(one: Submission) -> None:
    """A verdict of which only what the cluster keeps is known."""
    say(f"{one.lab}: {plain(one.word)}")
    for reason in one.reasons:
        say(f"- {plain(reason)}")
    if one.objectives:
        table(("verdict", "objective"), [(plain(o.word), plain(o.title)) for o in one.objectives])


def _remember(one: Submission, folder: Path | None) -> Verdict:
    try:
        verdict = Verdict(one.verdict)
    except ValueError:
        raise PlatformBroken(f"the workshop gave no verdict on {one.name} that this version knows") from None
    known = workspace.load(one.lab)
    where = {"last_run": str(folder)} if folder else {}
    try:
        passed = known.passed or verdict is Verdict.PASS
        workspace.update(one.lab, verdict=verdict.value, close=one.close, passed=passed, **where)
    except BadInput as error:
        note(f"the verdict is not remembered: {error}")
    return verdict


def _folder(one: Submission) -> Path:
    return catalog.root() / "results" / one.lab / one.name


def report(lab_id: str, only_print: bool) -> None:
    """Show the last verdict of the workshop, and its page where there is a screen."""
    kit = joined.require()
    done = [one for one in asking.mine(kit, lab_id) if one.state is State.DONE]
    if not done:
        raise BadInput(f"there is no verdict on {lab_id} yet; `lab submit {lab_id}` asks for one")
    one = done[-1]
    folder = _folder(one)
    page = folder / "report.html"
    if not page.is_file() and not asking.fetch(kit, one, folder):
        _remember(one, None)
        _show_bare(one)
    else:
        _remember(one, folder)
        say(show.summary(folder / asking.RESULT))
        if page.is_file():
            browse(page.as_uri(), only_print)
    next_step(*seat(lab_id).exam_step())
