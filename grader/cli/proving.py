"""`lab verify`: examines controls and keeps what came out in each lab's ledger."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.console import FAIL, INVALID, next_step, note, plain, say, stop_with
from grader.course import catalog
from grader.errors import BadInput
from grader.practice import rig
from grader.result import Verdict
from infra.runtime import runtime, runtimes

if TYPE_CHECKING:
    from grader.authoring.proving.examine import Told
    from grader.authoring.proving.matrix import Row
    from grader.authoring.proving.standing import Place
    from grader.course.spec import Scenario

STDOUT = Path("-")
UNTIL = "BROWNOUT_PROOF_UNTIL"
_FIELDS = ("lab", "control", "kind", "expected", "got", "objective", "holds", "duration_s")


@dataclass(frozen=True)
class Choice:
    """Which rows: of these labs (ids), those that are not held (`changed`), those that are, for so many minutes
    (`sample`), of key controls alone (`keys`), or of controls of these names."""

    labs: Sequence[str]
    every: bool
    changed: bool = False
    sample: float | None = None
    keys: bool = False
    only: Sequence[str] = ()


def verify(choice: Choice, runtime_name: str, into: Path | None, seed: int | None) -> None:
    """Examine the rows that were chosen; exit 0 only if every one holds."""
    scenarios = _scenarios(choice)
    if into == STDOUT:
        raise BadInput("--json: needs a file, since rows are shown on stdout while they are examined")
    if into is not None:
        _write(into, [])
    place = runtime(rig.runtime_name(runtime_name))
    place.check()
    from grader.authoring.proving.examine import AGAIN, examine

    rows = _chosen(choice, scenarios, place.name)
    if rows:
        print(f"{'control':34} {'expected':9} {'got':9} {'seconds':>7}  holds")
    again = AGAIN if choice.changed or choice.sample is not None else 0
    told = examine(rows, place, until=_until(choice.sample), seed=seed, again=again, on_row=_show)
    if into is not None:
        _write(into, [{key: asdict(row)[key] for key in _FIELDS} for row in told.examined])
    _conclude(told, choice, len(rows))


def twists(choice: Choice, runtime_name: str, into: Path | None, seed: int | None) -> None:
    """Hold every twist of the labs against the controls that it names; exit as `verify`. No ledger keeps it."""
    from grader.authoring.proving.matrix import verify_twist
    from grader.course.twist import Twist, find

    found = [Twist(exam, path) for exam in _scenarios(choice) for path in find(exam).values()]
    place = runtime(rig.runtime_name(runtime_name))
    place.check()
    first = secrets.randbelow(2**31) if seed is None else seed
    rows = [row for twist in found for row in verify_twist(twist, place, seed=first, on_row=_show)]
    if into is not None:
        _write(into, [{key: asdict(row)[key] for key in _FIELDS} for row in rows])
    wrong = [row for row in rows if not row.holds]
    say(f"{len(rows) - len(wrong)} of {len(rows)} hold, of {len(found)} twists.")
    if wrong:
        stop_with(INVALID if all(row.got == Verdict.INVALID for row in wrong) else FAIL)


def status(choice: Choice, into: Path | None) -> None:
    """How every row of the labs stands, as a table, or as JSON into a file (`-`: stdout); exit 1 while one on processes
    or compose is not held."""
    from grader.authoring.proving.standing import PROVEN, State, places

    names = [*PROVEN, *sorted(set(runtimes()) - set(PROVEN))]
    found = [place for scenario in _scenarios(choice) for place in places(scenario, names)]
    if into is not None:
        _write(into, [_as_data(place) for place in found])
    else:
        _print_status(found)
    if any(place.state is not State.HELD and place.runtime in PROVEN for place in found):
        stop_with(FAIL)


def _as_data(place: Place) -> dict[str, object]:
    entry = None if place.entry is None else asdict(place.entry)
    return {**asdict(place), "entry": entry}


def _print_status(found: Sequence[Place]) -> None:
    print(f"{'lab':24} {'runtime':9} {'controls':>8} {'held':>6} {'stale':>6} {'broken':>6} {'never':>6}")
    for lab, place in dict.fromkeys((one.lab, one.runtime) for one in found):
        states = Counter(one.state.value for one in found if (one.lab, one.runtime) == (lab, place))
        counts = " ".join(f"{states[name]:6}" for name in ("held", "stale", "broken", "never"))
        print(f"{lab:24} {place:9} {states.total():8} {counts}")
    for one in found:
        if one.note:
            say(f"{one.runtime}/{one.lab}/{one.control} does not hold: {plain(one.note)}")


def _scenarios(choice: Choice) -> list[Scenario]:
    if choice.every == bool(choice.labs):
        raise BadInput("name labs to verify, or say --all")
    if choice.changed and choice.sample is not None:
        raise BadInput(
            "--changed and --sample: say one; the first examines rows that are not held, the second those that are"
        )
    if choice.sample is not None and choice.sample <= 0:
        raise BadInput("--sample: needs minutes, more than 0")
    proven = [lab_id for lab_id in catalog.lab_ids() if not catalog.is_draft(lab_id)]
    ids = proven if choice.every else [catalog.find_lab(lab_id).id for lab_id in choice.labs]
    found = [catalog.find_scenario(catalog.find_lab(lab_id)) for lab_id in ids]
    known = [name for scenario in found for name in scenario.controls]
    for name in choice.only:
        if name not in known:
            raise BadInput(f"--control: there is no control {name!r}; {catalog.suggestion(name, known)}")
    if not known:
        raise BadInput("there is no control to verify; each is a folder in scenarios/ID/controls")
    return found


def _chosen(choice: Choice, scenarios: Sequence[Scenario], place: str) -> list[Place]:
    from grader.authoring.proving.checkout import commit
    from grader.authoring.proving.standing import State, places, sample
    from grader.proof import ledger

    for scenario in scenarios:
        ledger.keep(scenario.folder, scenario.controls)
    rows = [row for scenario in scenarios for row in places(scenario, [place], _which(choice))]
    if choice.changed:
        return [row for row in rows if row.state is not State.HELD]
    if choice.sample is not None:
        return list(sample([row for row in rows if row.state is State.HELD], commit()))
    return rows


def _which(choice: Choice) -> Callable[[Scenario, str], Sequence[str]]:
    """Names of the controls of a lab on a runtime that are looked at."""
    from grader.authoring.proving.standing import key_controls, wanted

    if choice.only:
        return lambda scenario, _: [name for name in scenario.controls if name in choice.only]
    if choice.keys:
        return lambda scenario, _: key_controls(scenario.controls)
    return wanted if choice.changed or choice.sample is not None else lambda scenario, _: list(scenario.controls)


def _until(minutes: float | None) -> float:
    """When no further row is begun, seconds since 1970."""
    given = os.environ.get(UNTIL, "inf")
    try:
        until = float(given)
    except ValueError:
        raise BadInput(f"{UNTIL}: is {given!r}; it has to be seconds since 1970") from None
    return until if minutes is None else min(until, time.time() + 60 * minutes)


def _show(row: Row) -> None:
    name = f"{row.lab}/{row.control}"
    print(f"{name:34} {row.expected:9} {row.got:9} {row.duration_s:7.1f}  {'yes' if row.holds else 'NO'}", flush=True)
    if row.note:
        say(f"    {plain(row.note)}")


def _conclude(told: Told, choice: Choice, chosen: int) -> None:
    names = (
        ("do not hold", told.broken),
        ("are not what the ledger says", told.lied),
        ("held only when examined again", told.again),
        ("have no verdict, because of the machine", told.unproven),
        ("were not examined: no time was left", told.left if choice.sample is None else []),
    )
    for what, rows in names:
        for number, row in enumerate(rows):
            say(plain(f"{len(rows)} {what}: {row}" if not number else f"    {row}"))
    if told.broken:
        _, lab, control = told.broken[0].partition(":")[0].split("/")
        next_step(f"lab grade {lab} --submission scenarios/{lab}/controls/{control}", "shows why")
    if told.broken or told.lied:
        stop_with(FAIL)
    if told.too_many_unproven:
        stop_with(INVALID)
    strangers = sum(row.kind == "stranger" for row in told.examined)
    apart = f", {strangers} of them strangers" if strangers else ""
    if not chosen:
        say("Every row is held." if choice.changed else "No row is held yet: there is nothing to sample.")
    elif held := [row for row in told.examined if row.holds]:
        say(f"All {chosen} controls hold{apart}." if len(held) == chosen else f"{len(held)} of {chosen} hold{apart}.")
    next_step("lab verify --all --status", "shows what is proven")


def _write(path: Path, data: Sequence[Mapping[str, object]]) -> None:
    """Write rows; called before the work as well, so that a bad path costs no minutes."""
    text = json.dumps(data, indent=2) + "\n"
    if path == STDOUT:
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        note(f"{path} cannot be written")
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error
