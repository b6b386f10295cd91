"""`lab verify`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from grader import catalog, practice
from grader.cli.console import FAIL, next_step, note, plain, say, stop_with
from grader.errors import BadInput
from infra.runtime import runtime

if TYPE_CHECKING:
    from grader.verify import Row

_FIELDS = ("lab", "control", "kind", "expected", "got", "objective", "holds", "duration_s")


def verify(
    lab_ids: list[str],
    every: bool,
    runtime_name: str,
    into: Path | None,
    margins: Path | None,
    seed: int | None,
    only: Sequence[str] = (),
) -> None:
    """Run the proof matrix of some labs or of all, or only the controls of these names; exit 0 only if every row
    holds."""
    if every == bool(lab_ids):
        raise BadInput("name labs to verify, or say --all")
    chosen = _with_exam() if every else [catalog.find_lab(lab_id).id for lab_id in lab_ids]
    if only:
        _check_names(only, chosen)
    if only and margins is not None:
        raise BadInput("--margins: is written from a whole matrix; leave out --control")
    if into is not None:
        _write(into, [])
    if margins is not None:
        _write_margins(margins, [], "")
    place = runtime(practice.runtime_name(runtime_name))
    place.check()
    from grader.verify import verify as prove

    print(f"{'control':34} {'expected':9} {'got':9} {'seconds':>7}  holds")
    rows = prove(chosen, place, seed=secrets.randbelow(2**31) if seed is None else seed, on_row=_show, only=only)
    if into is not None:
        _write(into, rows)
    if margins is not None:
        _write_margins(margins, rows, place.name)
    _conclude(rows)


def _with_exam() -> list[str]:
    """All labs; one without a whole exam is an error of its author, and says so when it is verified."""
    return catalog.lab_ids()


def _check_names(only: Sequence[str], lab_ids: list[str]) -> None:
    """BadInput for a name that no control of these labs has."""
    known = [name for lab_id in lab_ids for name in catalog.find_scenario(catalog.find_lab(lab_id)).controls]
    for name in only:
        if name not in known:
            raise BadInput(f"--control: there is no control {name!r}; {catalog.suggestion(name, known)}")


def _show(row: Row) -> None:
    name = f"{row.lab}/{row.control}"
    print(f"{name:34} {row.expected:9} {row.got:9} {row.duration_s:7.1f}  {'yes' if row.holds else 'NO'}", flush=True)
    if row.note:
        say(f"    {plain(row.note)}")


def _conclude(rows: list[Row]) -> None:
    broken = [row for row in rows if not row.holds]
    if not rows:
        raise BadInput("there is no control to verify; each is a folder in scenarios/ID/controls")
    strangers = sum(row.kind == "stranger" for row in rows)
    counted = f"{len(rows) - strangers} controls" + (f" and {strangers} designs of strangers" if strangers else "")
    if broken:
        say(f"{len(broken)} of {counted} do not hold: {', '.join(f'{r.lab}/{r.control}' for r in broken)}")
        where = f"scenarios/{broken[0].lab}/controls/{broken[0].control}"
        next_step(f"lab grade {broken[0].lab} --submission {where}", "shows why")
        stop_with(FAIL)
    say(f"All {counted} hold.")
    next_step("lab list", "shows the labs")


def _write_margins(path: Path, rows: list[Row], place: str) -> None:
    """Bring the page of margins up to date; called before the work as well."""
    from grader.cli.margins import page

    try:
        old = path.read_text("utf-8") if path.exists() else ""
        path.write_text(page(old, rows, place), "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be brought up to date: {error}") from error


def _write(path: Path, rows: list[Row]) -> None:
    """Write the rows; called before the work as well, so that a bad path costs no minutes."""
    data = [{key: asdict(row)[key] for key in _FIELDS} for row in rows]
    try:
        path.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    except OSError as error:
        note(f"{path} cannot be written")
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error
