"""Judge a run folder: read what was kept, judge, write result.json."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from grader import events
from grader.course.reading import parse
from grader.course.slo import load_slos
from grader.course.spec import ScenarioSpec
from grader.errors import BadInput, BadRun
from grader.judge.ledgers import disagreements
from grader.judge.record import load_record
from grader.judge.verdict import Rules, count, judge
from grader.result import OLDER, SCHEMA, Result

_MATHS = "scipy.special"
"""Takes half a second of a core to load, which a system under load would lack."""


def judge_run(run_dir: Path, slos: Path | None = None, out: Path | None = None) -> Result:
    """Judge a finished run again, and write its result.json unless that would say what the run was not held for.

    Args:
        run_dir: a run folder.
        slos: another slo.yaml to judge by; default the run's own copy. The run's result.json then stays as it is.
        out: write the result to this file, and not to the run's result.json.

    Raises:
        BadRun: something the verdict needs is missing or not whole.
        BadInput: the objectives do not fit the run, or `out` cannot be written.
    """
    if out is not None:
        _check_out(out, run_dir, by_others=slos is not None)
    result = _judged(run_dir, slos)
    if out is not None or slos is None:
        write_result(run_dir / "result.json" if out is None else out, result)
    return result


def _judged(run_dir: Path, slos: Path | None) -> Result:
    import duckdb

    threading.Thread(target=import_module, args=(_MATHS,)).start()  # takes as long as the first query
    record = load_record(run_dir)
    rules = load_rules(run_dir / "scenario", slos)
    connection = events.recorded(run_dir)
    try:
        return judge(record, rules, connection)
    except duckdb.Error as error:
        raise BadInput(f"{slos or run_dir / 'scenario' / 'slo.yaml'}: {' '.join(str(error).split())[:300]}") from error
    finally:
        connection.close()


def _check_out(out: Path, run_dir: Path, *, by_others: bool) -> None:
    """Refuse a file that holds anything but an older result, and the run's own one for a result of other objectives."""
    if by_others and out.resolve() == (run_dir / "result.json").resolve():
        raise BadInput(f"{out}: is the result by the run's own objectives; name another file with --out")
    if not out.exists():
        return
    try:
        held = json.loads(out.read_text("utf-8"))
        older = isinstance(held, dict) and held.get("schema") in (SCHEMA, *OLDER)
    except (OSError, ValueError):
        older = False
    if not older:
        raise BadInput(f"{out}: exists and is not a result; name another file with --out")


def load_rules(folder: Path, slos: Path | None = None) -> Rules:
    """The rules in a folder that holds scenario.yaml and slo.yaml.

    Raises:
        BadInput: malformed, or the objectives of the two files differ.
    """
    if not folder.is_dir():
        raise BadRun(f"{folder}: does not exist; this is not the folder of a finished run")
    scenario = parse(ScenarioSpec, folder / "scenario.yaml")
    objectives = load_slos(slos or folder / "slo.yaml")
    if set(objectives) != set(scenario.objectives):
        odd = sorted(set(objectives) ^ set(scenario.objectives))[0]
        raise BadInput(f"{slos or folder / 'slo.yaml'}: objective {odd!r} must be in both slo.yaml and scenario.yaml")
    return Rules(scenario, objectives)


def check_objectives(rules: Rules, path: Path, others: Mapping[str, Path] | None = None) -> None:
    """Try the SQL of every objective and every ledger on no events at all. Loads the database that judging takes.

    Args:
        path: the slo.yaml beside scenario.yaml.
        others: of objectives whose queries are in another file, that file.

    Raises:
        BadInput: it cannot be run; names the file it is from, and the objective or the ledger.
    """
    import duckdb

    connection = events.live([], [])
    try:
        for name, slo in rules.slos.items():
            try:
                count(connection, Rules(rules.scenario, {name: slo}), [])
            except duckdb.Error as error:
                where = (others or {}).get(name, path)
                raise BadInput(f"{where}: {name}: {' '.join(str(error).split())[:300]}") from error
        for ledger in rules.scenario.evidence.ledgers:
            try:
                disagreements(connection, [], [ledger])
            except duckdb.Error as error:
                said = f"{path.with_name('scenario.yaml')}: evidence.ledgers.{ledger.name}"
                raise BadInput(f"{said}: {' '.join(str(error).split())[:300]}") from error
    finally:
        connection.close()


def load_maths() -> None:
    """Load what else judging takes: a fifth of a second of a core, which a first look must not take of busy systems."""
    import_module(_MATHS)


def write_result(path: Path, result: Result) -> None:
    """Write a result as JSON.

    Raises:
        BadInput: the folder does not exist or cannot be written.
    """
    try:
        path.write_text(json.dumps(result.to_json(), indent=2) + "\n", "utf-8")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise BadInput(f"{path}: cannot be written ({error.strerror}); name another file with --out") from error
