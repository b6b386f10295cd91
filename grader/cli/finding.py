"""`lab logs --find`: where a text, such as the id of a request, stands in logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.cli.console import next_step, note, plain
from grader.cli.grading import results_of
from grader.course import catalog, systems
from grader.errors import BadInput
from grader.practice import rig, workspace
from grader.report.saved import load_result
from grader.report.summary import trial_titles
from infra.runtime import Deployment

MOST_BYTES = 4_000_000


def find(lab_id: str, service: str, text: str, most: int) -> None:
    """Print the lines with a text of the system that runs, of the last rehearsal and of the last exam, the last so many
    of each log, behind the name of where they were found.

    Raises:
        BadInput: no such lab or service.
    """
    lab = catalog.find_lab(lab_id)
    deployment = rig.attached(lab_id)
    known = tuple(systems.system(lab).services)
    if service and service not in known:
        raise BadInput(f"there is no service {service!r}; there are: {', '.join(known)}")
    looked, lines, left_out = [], 0, 0
    for place, name, log in _logs(lab_id, deployment):
        if service and name != service:
            continue
        looked.append(place)
        found = [line for line in log.splitlines() if text in line]
        for line in found[-most:]:
            print(f"{place}, {name} | {plain(line)}", flush=True)
        lines += len(found)
        left_out = max(left_out, len(found) - most)
    if not lines:
        where = ", ".join(dict.fromkeys(looked)) or "no log: nothing runs, and nothing was run"
        note(f"nothing with {text!r} in {where}")
    if left_out > 0:
        note(f"the last {most} lines of each log; for more add --lines {most + left_out}")
    next_step(f"lab check {lab_id}", "rehearses again")


def _logs(lab_id: str, deployment: Deployment | None) -> Iterator[tuple[str, str, str]]:
    """Of each log: where it is from, the service, and its end."""
    for name in deployment.services() if deployment else ():
        yield "now", name, deployment.logs(name, MOST_BYTES) if deployment else ""
    last = workspace.load(lab_id).last_run
    runs = {"rehearsal": results_of(lab_id) / "rehearsal", "last exam": Path(last) if last else None}
    for place, run in runs.items():
        if run is None or not (run / "logs").is_dir():
            continue
        titles = _titles(run)
        for path in sorted((run / "logs").glob("*/*.log")):
            if path.is_file() and not path.is_symlink():
                yield f"{place}, {titles.get(path.parent.name, 'a trial')}", path.stem, _end(path)


def _titles(run: Path) -> Mapping[str, str]:
    """What the trials of a run are called; nothing where that cannot be read."""
    try:
        return trial_titles(load_result(run).trials)
    except BadInput:
        return {}


def _end(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - MOST_BYTES))
        return file.read().decode("utf-8", "replace")
