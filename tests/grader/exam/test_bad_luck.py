"""What goes wrong while an exam runs: who is blamed, and what is said."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
import yaml

from grader.errors import Unproven
from grader.exam import outpost
from grader.exam import run as exam_run
from grader.exam.trial import Stage, TrialRun
from grader.report.schema import result_schema
from grader.result import Progress, Result, Verdict
from infra.process.logfile import HALF_BYTES
from infra.runtime import Deployment, Here, Post, Request
from infra.system import System
from tests.grader.exam.toy import RATE, SECONDS, VAULT, Processes, Toy, action, codes, one_sentence, probe

WELL = probe("http://vault:9000/healthz", True)


class Impatient(Processes):
    """Services have a second to become ready."""

    def deploy(self, system: System, request: Request) -> Deployment:
        deployment: Deployment = self._place.deploy(system, dataclasses.replace(request, ready_timeout_s=1.0))
        return deployment


# the candidate's code


def test_code_that_does_not_parse_is_a_fail_that_names_file_line_and_service(toy: Toy) -> None:
    toy.candidate(before="x = 1\ndef oops(:\n")

    done = toy.course.lab(*toy.command())

    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    result = toy.written()
    [reason] = result["reasons"]
    assert result["verdict"] == "fail" and reason["code"] == "not-started"
    assert all(part in reason["message"] for part in ("service desk", "routing.py", "line 2", "SyntaxError"))


ORDERS = "::set-output name=verdict::pass", "x ::stop-commands::y", "##vso[task.complete]", "a ##[group]b"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_a_ci_system_would_obey_is_quoted_and_disarmed(toy: Toy, options: tuple[str, ...]) -> None:
    said = "\n".join([*ORDERS, "\r" + ORDERS[0], "\x1b[2K" + ORDERS[0]])
    toy.candidate(before=f"print({said!r}, flush=True)\nraise SystemExit(0)\n")

    done = toy.course.lab(*toy.command(), *options)

    assert done.returncode == 1, done.stderr
    kept = [(toy.out / name).read_text() for name in ("result.json", "run.json", "junit.xml", "report.html")]
    for line in "\n".join([done.stdout, done.stderr, *kept]).splitlines():
        assert not line.lstrip().startswith("::"), line
        assert not any(order in line for order in ("##vso[", "##[")), line
    assert "set-output name=verdict" in done.stdout


def test_a_service_that_never_gets_ready_is_a_fail(toy: Toy) -> None:
    toy.candidate(before="import time\nprint('waiting for the moon', flush=True)\ntime.sleep(3600)\n")
    place: Any = Impatient()

    result = toy.grade(place=place)

    assert result.verdict is Verdict.FAIL and codes(result) == ["not-started"]
    assert "service desk was not ready" in result.reasons[0].message
    assert "waiting for the moon" in result.reasons[0].message


def test_a_service_that_exits_in_mid_trial_is_a_fail_that_says_so(toy: Toy) -> None:
    toy.candidate(before="import itertools, os\nseen = itertools.count()", at_each="next(seen) < 30 or os._exit(7)")

    result = toy.grade()

    assert result.verdict is Verdict.FAIL
    assert {"objective-missed", "service-ended"} == set(codes(result))
    assert "service desk had ended by itself (exit code 7)" in result.reasons[-1].message


def test_a_service_that_floods_its_log_is_capped_and_changes_nothing(toy: Toy, own_home: Path) -> None:
    toy.candidate(
        before="import itertools, sys\nseen = itertools.count()",
        at_each="sys.stdout.write(f'{\"x\" * 65536} {next(seen)}\\n')",  # one write, or two threads mix their lines
    )
    largest = 0

    def watch(_: Progress) -> None:
        nonlocal largest
        kept = own_home.glob("deployments/*/logs/desk/*")
        largest = max(largest, sum(path.stat().st_size for path in kept if path.exists()))

    result = toy.grade(on_progress=watch)

    assert result.verdict is Verdict.PASS
    assert HALF_BYTES / 2 < largest <= 2 * HALF_BYTES
    log = toy.log("hidden-day.0")
    assert len(log) <= 256 * 1024
    assert int(log.split()[-1]) >= 190


# the sealed parts


def test_a_sealed_service_that_does_not_start_is_tried_three_times_and_is_invalid(toy: Toy) -> None:
    toy.seal("raise SystemExit('the vault is jammed')")

    done = toy.course.lab(*toy.command("--json"))

    assert done.returncode == 3, done.stderr
    result = toy.written()
    assert result["verdict"] == "invalid"
    assert [trial["id"] for trial in result["trials"]] == ["hidden-day.0", "hidden-day.1", "hidden-day.2"]
    assert [trial["attempt"] for trial in result["trials"]] == [1, 2, 3]
    sealed = [reason for reason in result["reasons"] if reason["code"] == "sealed-failed"]
    assert len(sealed) == 3 and all("the vault is jammed" in reason["message"] for reason in sealed)
    assert len({trial["seed"] for trial in toy.written("run.json")["trials"]}) == 1, "nobody chooses a draw"


FELLABLE = VAULT.replace("do_POST = do_GET", "def do_POST(self):\n        import os\n        os._exit(9)")
FELL = """import itertools, os, urllib.request
seen = itertools.count()
def fell():
    try: urllib.request.urlopen(os.environ['VAULT'], data=b'x', timeout=1)
    except OSError: pass"""


def test_who_ends_a_sealed_service_again_is_suspect_and_gets_no_further_try(toy: Toy) -> None:
    toy.seal(FELLABLE)
    compose = yaml.safe_load((toy.lab / "compose.yaml").read_text())
    compose["services"]["desk"]["environment"] = {"VAULT": "http://vault:9000/"}
    (toy.lab / "compose.yaml").write_text(yaml.safe_dump(compose))
    toy.candidate(before=FELL, at_each="next(seen) != 20 or fell()")

    result = toy.grade()

    assert result.verdict is Verdict.INVALID and codes(result) == ["suspect", "sealed-ended", "sealed-ended"]
    assert [trial.attempt for trial in result.trials] == [1, 2]
    assert "service vault had ended by itself (exit code 9)" in result.reasons[1].message


@pytest.mark.slow
def test_trials_that_proved_nothing_are_tried_again_with_fewer_at_once(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.seal("raise SystemExit('the vault is jammed')")
    kinds = ["calm", "busy", "late"]
    toy.scenario(
        parallel=4,
        trials=[{"id": kind} for kind in kinds],
        objectives={name: {"trials": kinds} for name in ("answered", "fair")},
    )
    gangs = _noted(monkeypatch)

    assert toy.grade().verdict is Verdict.INVALID
    assert gangs == [kinds, ["calm", "busy"], ["late"], ["calm"], ["busy"], ["late"]]


@pytest.mark.slow
@pytest.mark.parametrize(("need", "first"), [(0.02, 3), (1.0, 2), (64.0, 1)])
def test_no_more_trials_run_at_once_than_the_machine_has_room_for(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, need: float, first: int
) -> None:
    """A machine of one core, two thirds of which may be taken."""
    kinds = ["calm", "busy", "late"]
    windows = {name: {"trials": kinds} for name in ("answered", "fair")}
    toy.scenario(parallel=4, cores=need, trials=[{"id": kind} for kind in kinds], objectives=windows)
    monkeypatch.setattr("grader.exam.outpost.start_metronome", _with_room(1.0))
    gangs = _noted(monkeypatch)

    toy.grade()

    assert len(gangs[0]) == first


@pytest.mark.slow
def test_room_is_asked_for_where_a_scenario_says_what_it_needs(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ["calm", "busy", "late"]
    windows = {name: {"trials": kinds} for name in ("answered", "fair")}
    toy.scenario(parallel=4, cores=64, trials=[{"id": kind} for kind in kinds], objectives=windows)
    monkeypatch.setattr("grader.exam.run.SHARE", 1e-3)
    gangs = _noted(monkeypatch)

    assert toy.grade().verdict is Verdict.PASS
    assert gangs == [["calm"], ["busy"], ["late"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("telling", "gangs"),
    [(["late"], [["late"], ["calm", "busy"]]), (["busy", "late"], [["calm", "busy", "late"]])],
)
def test_the_few_trials_that_tell_the_objective_of_a_control_run_apart(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, telling: list[str], gangs: list[list[str]]
) -> None:
    _told_by(toy, telling)
    seen = _noted(monkeypatch)

    assert toy.grade(until="fair", apart=True).verdict is Verdict.PASS
    assert seen == gangs


@pytest.mark.slow
def test_a_control_that_misses_its_objective_is_spared_the_other_trials(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    _told_by(toy, ["late"])
    toy.candidate(at_each="return 'nobody'")
    seen = _noted(monkeypatch)

    assert toy.grade(until="fair", apart=True).verdict is Verdict.FAIL
    assert seen == [["late"]]


@pytest.mark.slow
def test_without_being_told_so_nothing_runs_apart(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    _told_by(toy, ["late"])
    seen = _noted(monkeypatch)

    assert toy.grade(until="fair").verdict is Verdict.PASS
    assert seen == [["calm", "busy", "late"]]


@pytest.mark.slow
def test_trials_apart_need_not_ask_for_room_and_others_after_them_take_half(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    _told_by(toy, ["late"], cores=64, parallel=2)
    monkeypatch.setattr("grader.exam.outpost.start_metronome", _without_sound())
    seen = _noted(monkeypatch)

    assert toy.grade(until="fair", apart=True).verdict is Verdict.PASS
    assert seen == [["late"], ["calm"], ["busy"]]


@pytest.mark.slow
def test_trials_apart_are_tried_again_before_others_begin(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.seal("raise SystemExit('the vault is jammed')")
    _told_by(toy, ["busy"], parallel=1)
    gangs = _noted(monkeypatch)

    assert toy.grade(until="fair", apart=True).verdict is Verdict.INVALID
    assert gangs == [["busy"]] * 3 + [["calm"], ["late"]] + [["calm"], ["late"]] * 2


def _told_by(toy: Toy, telling: list[str], **changes: Any) -> None:
    """Three trials, of which these tell what is fair."""
    windows = {"answered": {"trials": ["calm", "busy", "late"]}, "fair": {"trials": telling}}
    trials = [{"id": kind} for kind in ("calm", "busy", "late")]
    toy.scenario(**{"parallel": 4, "trials": trials, "objectives": windows} | changes)


@pytest.mark.slow
def test_a_metronome_that_does_not_start_is_started_again(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    original, tries = outpost.start_metronome, itertools.count()

    def moody(raw: Path, post: Post, *, sound: bool) -> Any:
        if next(tries) == 0:
            raise Unproven("load-broken", "the metronome is out of tune")
        return original(raw, post, sound=sound)

    monkeypatch.setattr("grader.exam.outpost.start_metronome", moody)

    result = toy.grade()

    assert result.verdict is Verdict.PASS
    assert [trial.id for trial in result.trials] == ["hidden-day.0", "hidden-day.1"]
    assert any("out of tune" in reason.message for reason in result.trials[0].reasons)


@pytest.mark.slow
def test_an_exam_whose_load_is_over_does_not_wait_for_the_next_look(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.exam.gang.LOOK_SHARE", 1e-6)  # hours between two looks

    assert toy.grade().verdict is Verdict.PASS


def _noted(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The kinds of the trials of each gang, as they are run."""
    gangs: list[list[str]] = []
    original = exam_run.run_gang

    def noted(stage: Stage, runs: Sequence[TrialRun], *more: Any) -> None:
        gangs.append([run.record.kind for run in runs])
        original(stage, runs, *more)

    monkeypatch.setattr("grader.exam.run.run_gang", noted)
    return gangs


def _with_room(room: float) -> Any:
    """A start of the metronome that finds so much room."""
    original = outpost.start_metronome
    return lambda raw, post, *, sound: (*original(raw, post, sound=sound)[:2], room)


def _without_sound() -> Any:
    """A start of the metronome that must not be asked how much room there is."""
    original = outpost.start_metronome

    def start(raw: Path, post: Post, *, sound: bool) -> Any:
        assert not sound
        return original(raw, post, sound=sound)

    return start


@pytest.fixture(scope="module")
def mishaps(own_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Toy, Result]:
    """One exam, its trials side by side, each with an experiment that goes wrong in its own way; none tried again."""
    toy = Toy(tmp_path_factory.mktemp("mishaps"))
    toy.seal()
    fault = action("control", service="vault", port=9000, path="/healthz")
    files = {
        "calm": toy.experiment("calm", []),
        "whole": toy.experiment("whole", [fault, WELL, action("at", seconds=4.0)], [WELL]),
        "unwell": toy.experiment("unwell", [], [probe("http://vault:9000/dial", True)]),
        "unseen": toy.experiment("unseen", [fault, probe("http://vault:9000/healthz", False)], [WELL]),
        "early": toy.experiment("early", [fault, WELL], [WELL]),
    }
    toy.scenario(
        parallel=len(files),
        rounds=1,
        timeline=[{"phase": "steady", "seconds": 4.0, "rate": 30}],
        trials=[{"id": kind, "experiment": file} for kind, file in files.items()],
        objectives={name: {"trials": ["calm", "whole"]} for name in ("answered", "fair")},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.exam.run.MAX_ATTEMPTS", 1)
        result = toy.grade()
    return toy, result


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        ("unwell", "unhealthy-before", "http://vault:9000/dial answers"),
        ("unseen", "fault-unseen", "http://vault:9000/healthz answers"),
        ("early", "fault-unseen", "the experiment was over at"),
    ],
)
def test_an_experiment_that_goes_wrong_proves_nothing(
    mishaps: tuple[Toy, Result], kind: str, code: str, says: str
) -> None:
    _, result = mishaps

    [trial] = [trial for trial in result.trials if trial.id == f"{kind}.0"]

    assert trial.verdict is Verdict.INVALID
    assert [reason.code for reason in trial.reasons] == [code]
    assert says in trial.reasons[0].message


@pytest.mark.slow
@pytest.mark.usefixtures("one_try")
def test_an_experiment_that_ended_early_is_noticed_however_late_one_looks(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.seal()
    fault = action("control", service="vault", port=9000, path="/healthz")
    early = toy.experiment("early", [fault, WELL], [WELL])
    toy.scenario(parallel=1, rounds=1, trials=[{"id": "early", "experiment": early}])
    toy.scenario(objectives={name: {"trials": ["early"]} for name in ("answered", "fair")})
    monkeypatch.setattr("grader.exam.gang.TICK_S", SECONDS + 1.0)

    result = toy.grade()

    assert result.verdict is Verdict.INVALID
    assert [reason.code for reason in result.reasons if reason.trial] == ["fault-unseen"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["calm", "whole"])
def test_without_faults_or_with_faults_to_the_end_a_trial_counts(mishaps: tuple[Toy, Result], kind: str) -> None:
    _, result = mishaps

    [trial] = [trial for trial in result.trials if trial.id == f"{kind}.0"]

    assert trial.verdict is Verdict.PASS and trial.reasons == ()


@pytest.mark.slow
def test_one_kind_without_a_usable_trial_makes_the_run_invalid(mishaps: tuple[Toy, Result]) -> None:
    toy, result = mishaps

    assert result.verdict is Verdict.INVALID
    assert {reason.trial for reason in result.reasons} == {"unwell.0", "unseen.0", "early.0"}
    assert all(objective.verdict is Verdict.PASS for objective in result.objectives)
    assert_published(toy)


def assert_published(toy: Toy) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator(result_schema()).validate(toy.written())


# the load


@pytest.mark.usefixtures("one_try")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import json\n", "import json\n\n1 / 0\n"),
        (
            "    late_share = 0.25\n",
            "\n    def request(self, n):\n        assert n < 50\n        return super().request(n)\n",
        ),
        ("        if status != 200:", "        if n_th(request) > 50:"),
    ],
    ids=["at its import", "at a request", "at an answer"],
)
def test_a_broken_load_file_is_no_fault_of_the_candidate(toy: Toy, old: str, new: str) -> None:
    broken = toy.edit("load.py", old, new)

    result = toy.grade()

    assert result.verdict is Verdict.INVALID
    reasons = [reason for reason in result.reasons if reason.code == "load-broken"]
    assert len(reasons) == 1 and str(broken) in reasons[0].message


@pytest.mark.slow
@pytest.mark.usefixtures("one_try")
def test_a_probe_without_its_function_is_no_fault_of_the_candidate(toy: Toy) -> None:
    toy.scenario(probes=[{"name": "look", "url": "http://desk:8080/healthz", "every_s": 0.5, "check": "look"}])

    result = toy.grade()

    assert result.verdict is Verdict.INVALID
    reasons = [reason for reason in result.reasons if reason.code == "load-broken"]
    assert len(reasons) == 1 and str(toy.folder / "exam.py") in reasons[0].message


@pytest.fixture
def assassin(toy: Toy) -> Iterator[None]:
    """Kills the first load generator of an exam as soon as it has written an event, by a thread of its own: progress is
    told twice a second and may come when the trial is over."""
    raw, over = toy.out / "raw", threading.Event()

    def kill() -> None:
        while not over.wait(0.01):
            if any(path.stat().st_size for path in raw.glob("*.events.jsonl")):
                for process in psutil.Process().children():
                    with suppress(psutil.Error):  # the runner of an experiment without steps ends at once
                        if "grader.load" in (words := process.cmdline()) and words[-1].startswith(str(raw)):
                            process.kill()
                            return

    thread = threading.Thread(target=kill)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("one_try", "assassin")
def test_a_killed_load_generator_makes_the_run_invalid(toy: Toy) -> None:
    result = toy.grade()

    assert result.verdict is Verdict.INVALID
    assert "load-broken" in codes(result)
    assert any("ended with code -9" in reason.message for reason in result.reasons)


@pytest.mark.usefixtures("assassin")
def test_an_invalid_trial_is_made_up_for_by_a_new_sample(toy: Toy) -> None:
    stages: list[str] = []

    result = toy.grade(on_progress=lambda progress: stages.append(progress.stage))

    assert result.verdict is Verdict.PASS and "running" in stages
    assert "running, 1 trial again, try 2 of 3: the load generator ended" in stages
    first, second = result.trials
    assert (first.verdict, first.attempt) == (Verdict.INVALID, 1)
    assert (second.verdict, second.attempt) == (Verdict.PASS, 2)


@pytest.mark.slow
def test_no_answer_is_judged_that_was_given_while_faults_were_lifted(toy: Toy) -> None:
    (toy.folder / "exam.py").write_text("import time\n\n\ndef lift():\n    time.sleep(1.0)\n")
    name = toy.experiment("slowly", [action("at", seconds=6.0)])
    document = yaml.safe_load((toy.folder / name).read_text())
    lift = {"type": "action", "name": "lift", "provider": {"type": "python", "module": "exam", "func": "lift"}}
    (toy.folder / name).write_text(yaml.safe_dump({**document, "rollbacks": [lift]}))
    toy.scenario(
        timeline=[{"phase": "steady", "seconds": 6.0, "rate": RATE}],
        trials=[{"id": "slowly", "experiment": name}],
        objectives={name: {"trials": ["slowly"]} for name in ("answered", "fair")},
    )
    toy.candidate(at_each="return 'nobody'")

    result = toy.grade()

    assert result.verdict is Verdict.FAIL
    with duckdb.connect() as database:
        events = database.read_parquet(str(toy.out / "events.parquet"))
        rows = events.project("kind, name, sent, done, error").fetchall()
    [lifted] = [sent for kind, name, sent, *_ in rows if (kind, name) == ("fault", "lift")]
    answers = [done for kind, _, _, done, error in rows if kind == "request" and error != "cut" and done is not None]
    assert lifted < 5.0
    assert max(answers) <= lifted


# the post


class Courier(Here):
    """A post that brings files again and again for as long as it is open, as one in a cluster does."""

    def __init__(self, writes: Path) -> None:
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._bring, args=(writes / "brought",))
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _bring(self, folder: Path) -> None:
        for number in itertools.cycle(range(100)):
            if self._closed.wait(0.0001):
                return
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                (folder / f"{number}.txt").touch()


class Couriers(Processes):
    """Its posts are couriers."""

    def post(self, name: str, reads: Sequence[Path], writes: Path) -> Courier:
        return Courier(writes)


@pytest.mark.slow
def test_a_run_folder_is_written_once_nothing_is_brought_there_any_more(toy: Toy) -> None:
    place: Any = Couriers()

    result = toy.grade(place=place)

    assert result.verdict is Verdict.PASS
    assert not (toy.out / "raw").exists()


# the disk


@pytest.fixture(params=["48k", "144k"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder that holds little: not the plan, or not the events."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={request.param}", "brownout-test", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_the_machine_s_fault(toy: Toy, small_disk: Path) -> None:
    done = toy.course.lab(*toy.command(out=small_disk / "run"))

    assert done.returncode == 3, done.stderr
    assert one_sentence(done.stderr) and "disk is full" in done.stderr
