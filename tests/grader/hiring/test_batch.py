"""A batch gives every submission its verdict, once, however often it is killed."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import psutil
import pytest

from grader.cli import batching
from grader.errors import BadInput
from grader.hiring.batch import flow, planning, tables
from grader.hiring.batch.alike import MOST_TEXT, own_text
from grader.hiring.batch.rows import Row, digest, read
from grader.hiring.batch.running import Batch, Outcome, begin
from grader.proof.digests import lab_digest
from grader.result import Result
from infra.home import home
from tests.grader.course import Course
from tests.grader.course import begin as begin_lab
from tests.grader.report.conftest import failed, passed
from tests.waiting import eventually

__all__ = ["failed", "passed"]

RENAMED = {"TABLE": "WHO_TAKES", "letter": "initial", "at,": "number,", "at *": "number *"}
PATIENCE_S = 300.0
NEAR = {"code": "close", "message": "Fair: 94.7 % of 171 good, 90 % promised: kept, but too near to call it proven"}
OPEN = {"code": "undecided", "message": "Fair: 162 of 171 good lies too close to the promised 90 % to tell"}
BUSY = {"code": "machine-busy", "message": "work took 5 times as long as alone"}
EXPECTED = {
    "ada": "pass",
    "bob": "pass",
    "cleo": "pass",
    "dan": "fail",
    "eve": "fail",
    "finn": "refused",
    "gil": "refused",
    "hana": "refused",
}


def hand_in(folder: Path, routing: str, at: str = "desk/routing.py") -> Path:
    (folder / at).parent.mkdir(parents=True)
    (folder / at).write_text(routing)
    return folder


def damaged(whole: Path) -> bytes:
    """A zip whose first bytes no program can unpack."""
    data = bytearray(whole.read_bytes())
    data[45:53] = b"\xff" * 8
    return bytes(data)


@pytest.fixture
def mixed(desk: Course, tmp_path: Path) -> Path:
    """Good, alike, fake, broken, malformed and odd ones."""
    there = tmp_path / "handed-in"
    reference = desk.routing("reference")
    hand_in(there / "ada", reference)
    alternative = hand_in(tmp_path / "bob", desk.routing("alternative"), "work/desk/desk/routing.py")
    with tarfile.open(there / "bob.tar.gz", "w:gz") as packed:
        packed.add(alternative, "task")
    for old, new in RENAMED.items():
        reference = reference.replace(old, new)
    with zipfile.ZipFile(there / "cleo.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("desk/routing.py", f"# my own work\n{reference}")
    hand_in(there / "dan", desk.routing("fake-swallow"))
    hand_in(there / "eve", "def (\n")
    (there / "finn.zip").write_bytes(damaged(there / "cleo.zip"))
    (hand_in(there / "gil", "") / "desk" / "more.py").symlink_to("/etc/passwd")
    hand_in(there / "hana", "print('hello')", "notes.py")
    return there


def batch(source: Path, to: Path, *more: str) -> list[str]:
    return ["batch", str(source), "--lab", "desk", "--runtime", "process", "--to", str(to), *more]


def outcomes(to: Path) -> dict[str, dict[str, object]]:
    return {path.stem: json.loads(path.read_text()) for path in (to / "outcomes").glob("*.json")}


def marks(to: Path) -> dict[str, tuple[int, ...]]:
    """What no second grading leaves as it was, of each submission that is through."""
    found = {}
    for path in (to / "outcomes").glob("*.json"):
        parts = [path, to / "logs" / f"{path.stem}.log", to / "runs" / path.stem / "run.json"]
        found[path.stem] = tuple(part.stat().st_mtime_ns for part in parts if part.exists())
    return found


def table(to: Path) -> dict[str, dict[str, str]]:
    return {row["candidate"]: row for row in csv.DictReader(io.StringIO((to / "batch.csv").read_text()))}


def running(place: Path) -> list[str]:
    """Processes that have to do with a folder: by command, working directory or environment; and deployments."""
    found = [path.name for path in (home() / "deployments").glob("*")]
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), process.cwd(), *process.environ().values()]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(str(place) in word for word in told):
            found.append(f"{process.pid} {' '.join(told[:6])}")
    return found


def killed(course: Course, source: Path, to: Path, moment: Callable[[], object], flow_too: bool, *more: str) -> None:
    """Begin a batch, kill it and perhaps its flow too at a moment, and see everything gone."""
    process = begin_lab(batch(source, to, *more), course.environment, stderr=subprocess.PIPE)
    try:
        eventually(moment, PATIENCE_S)
        flow = [child for child in psutil.Process(process.pid).children() if "flow.py" in " ".join(child.cmdline())]
        assert flow
        process.send_signal(signal.SIGSTOP if flow_too else signal.SIGKILL)
        for child in flow if flow_too else ():
            child.kill()
    finally:
        process.kill()
        process.wait()
    eventually(lambda: not running(to), PATIENCE_S)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_mixed_batch_that_is_killed_twice_has_every_verdict_once(desk: Course, mixed: Path, tmp_path: Path) -> None:
    to = tmp_path / "batch"

    def at_work(through: int) -> Callable[[], object]:
        """Whether so many are through, and another exam is in the middle."""
        return lambda: len(outcomes(to)) >= through and list(to.glob("runs/*/raw/*"))

    killed(desk, mixed, to, at_work(1), False)
    first = marks(to)
    assert set(table(to)) & set(EXPECTED), "tables are written as verdicts come"
    assert 1 <= len(first) < len(EXPECTED)
    refused = desk.lab(*batch(mixed, to), timeout_s=PATIENCE_S)
    assert refused.returncode == 2 and "holds a batch already" in refused.stderr
    killed(desk, mixed, to, at_work(len(first) + 1), True, "--resume")
    second = marks(to)
    assert len(first) < len(second) < len(EXPECTED) and first.items() <= second.items()

    done = desk.lab(*batch(mixed, to, "--resume"), timeout_s=PATIENCE_S)

    assert done.returncode == 0, done.stderr
    assert "3 pass, 2 fail, 3 refused, 0 invalid" in done.stdout
    assert {name: row["verdict"] for name, row in table(to).items()} == EXPECTED
    assert second.items() <= marks(to).items()
    assert running(to) == []
    assert all(outcome["tries"] == 1 for outcome in outcomes(to).values())

    rows = table(to)
    assert "damaged, or not a zip or tar" in rows["finn"]["reason"] and "symbolic link" in rows["gil"]["reason"]
    assert rows["dan"]["missed"] == "fair" and rows["hana"]["desk.fair"] == ""
    with duckdb.connect() as database:
        fair = dict(database.read_parquet(str(to / "batch.parquet")).project('candidate, "desk.fair"').fetchall())
    assert fair["ada"] > 0.95 and fair["dan"] < 0.95 and fair["eve"] is None
    page = (to / "batch.html").read_text()
    assert "<td>ada</td><td>cleo</td>" in page and "<td>ada</td><td>bob</td>" not in page
    assert all(f">{name}<" in page for name in EXPECTED)
    assert all(line.startswith('"') for line in (to / "batch.csv").read_text().splitlines())

    before = marks(to)
    again = desk.lab(*batch(mixed, to, "--resume"), timeout_s=PATIENCE_S)
    assert again.returncode == 0 and "to grade" not in again.stderr and marks(to) == before
    assert (to / "batch.html").as_uri() in again.stdout
    [review] = re.findall(r"Next: lab review (\S+) --submission (\S+)", " ".join(again.stdout.split()))
    assert Path(review[0]).parent == to / "runs" and Path(review[1]).parent == mixed
    (mixed / "finn.zip").unlink()
    shutil.copy(mixed / "cleo.zip", mixed / "finn.zip")
    other = desk.lab(*batch(mixed, to, "--resume"), timeout_s=PATIENCE_S)
    assert other.returncode == 0 and "1 submission to grade" in other.stderr and table(to)["finn"]["verdict"] == "pass"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_proves_nothing_is_tried_three_times_and_is_no_fail(desk: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "ada", desk.routing("reference"))
    (desk.root / "scenarios" / "desk" / "load.py").write_text("raise OSError('this machine is broken')\n")
    (tmp_path / "list.csv").write_text("candidate;lab;path\n=1+1;desk;ada\n")
    to = tmp_path / "batch"

    for more in ([], ["--resume"]):
        done = desk.lab(*batch(tmp_path / "list.csv", to, *more), timeout_s=PATIENCE_S)

        assert done.returncode == 3, done.stderr
        assert "1 invalid" in done.stdout
        [outcome] = outcomes(to).values()
        assert (outcome["verdict"], outcome["tries"]) == ("invalid", 3)
        [row] = table(to).values()
        assert row["candidate"] == "'=1+1" and row["missed"] == "" and not [name for name in row if "desk." in name]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column candidate and no column path"),
        ("candidate,where\nada,ada\n", "no column path"),
        ("candidate,lab,path\nada,desc,ada\n", "there is no lab 'desc'; did you mean desk"),
        ("candidate,lab,path\nada,desk,\n", "line 2: has no path"),
        ("candidate,lab,path\n,desk,ada\n", "line 2: a candidate's name"),
        ("candidate,lab,path\nada,desk,nowhere\n", "nowhere is no folder and no plain file"),
        ("candidate,lab,path\nada,desk,link\n", "link is no folder and no plain file"),
        ("candidate,lab,path\nada,desk,ada\n\nada,desk,ada\n", "line 4: ada has handed in desk already, in"),
        ('candidate,lab,path\nada,desk,"ada\n', "is not CSV"),
        ("candidate,lab,path\n", "holds no submission"),
    ],
)
def test_a_bad_csv_is_refused_in_one_sentence(desk: Course, tmp_path: Path, text: str, says: str) -> None:
    hand_in(tmp_path / "ada", "")
    (tmp_path / "link").symlink_to(tmp_path / "ada")
    (tmp_path / "list.csv").write_text(text)

    with pytest.raises(BadInput, match="^[^\n]*$") as refused:
        read(tmp_path / "list.csv", "desk")

    assert says in str(refused.value)


def test_what_is_no_csv_is_refused(desk: Course, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadInput, match="no CSV in UTF-8"):
        read(tmp_path / "list.csv", "desk")


def test_candidates_are_named_by_their_folder_or_archive(desk: Course, tmp_path: Path) -> None:
    there = tmp_path / "handed-in"
    for name in ("ada", ".git", "__pycache__", "__MACOSX"):
        (there / name).mkdir(parents=True)
    for name in ("bob.tar.gz", "c. d.zip", "README~"):
        (there / name).write_text("")

    rows = read(there, "desk")

    assert [row.candidate for row in rows] == ["ada", "bob", "c. d"]
    assert rows[2].name.startswith("c.-d-") and len({row.name for row in rows}) == 3
    (there / "ada.zip").write_text("")
    with pytest.raises(BadInput, match="ada has handed in desk already"):
        read(there, "desk")
    with pytest.raises(BadInput, match="names no lab; add --lab ID"):
        read(there, "")


def test_a_submission_is_no_folder_of_submissions(desk: Course) -> None:
    with pytest.raises(BadInput, match="is one submission"):
        read(desk.root / "labs" / "desk", "desk")


def test_another_byte_exam_or_runtime_is_another_digest(tmp_path: Path) -> None:
    row = Row("ada", "desk", hand_in(tmp_path / "ada", "a = 1"))
    first = digest(row, "v1", "process")

    assert first == digest(row, "v1", "process")
    assert len({first, digest(row, "v2", "process"), digest(row, "v1", "compose")}) == 3
    (row.path / "desk" / "routing.py").write_text("a = 2")
    assert digest(row, "v1", "process") != first
    (row.path / "desk" / "link").symlink_to("/nowhere")
    assert digest(row, "v1", "process")


@pytest.mark.parametrize(
    ("inside", "resume", "says"),
    [
        (["outcomes"], False, "holds a batch already; go on with --resume"),
        (["thesis"], True, "is not empty and no batch"),
    ],
)
def test_a_folder_with_other_things_in_it_is_refused(
    tmp_path: Path, inside: list[str], resume: bool, says: str
) -> None:
    for name in inside:
        (tmp_path / "batch" / name).mkdir(parents=True)

    with pytest.raises(BadInput, match=says):
        begin(tmp_path / "batch", tmp_path / "handed-in", resume)
    with pytest.raises(BadInput, match="lies among the submissions"):
        begin(tmp_path / "handed-in" / "batch", tmp_path / "handed-in", resume)


def test_a_batch_is_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "handed-in").mkdir()

    begin(tmp_path / "batch", tmp_path / "handed-in", False)

    assert (tmp_path / "batch").stat().st_mode & 0o777 == 0o700


def test_a_damaged_archive_is_compared_with_nothing_and_ends_nothing(desk: Course, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bob.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("desk/routing.py", "TEAMS = []\n" * 9)
    (tmp_path / "bob.zip").write_bytes(damaged(tmp_path / "bob.zip"))

    assert own_text(Row("bob", "desk", tmp_path / "bob.zip")) == ""


def test_no_file_hides_another_from_the_comparison(desk: Course, tmp_path: Path) -> None:
    there = hand_in(tmp_path / "ada", "own = 'routing'\n")
    (there / "desk" / "aaa.py").write_text("".join(f"line = {number}\n" for number in range(50_000)))
    (there / "desk" / "large.py").write_bytes(bytes(2 << 20))

    text = own_text(Row("ada", "desk", there))

    assert "own = 'routing'" in text and "line = 0" in text and len(text) <= MOST_TEXT + 1


def graded(result: dict[str, object], code: int, place: Path, near: bool = False) -> Outcome:
    """What a batch keeps of a grading that says this result and ends with this code."""
    command = [sys.executable, "-c", f"print({json.dumps(result)!r}); raise SystemExit({code})"]
    row = {"run": str(place / "run"), "log": str(place / "log"), "command": command, "limit_s": 20, "near": near}
    with (place / "lock").open("w") as lock:
        found = flow._grade(row, {"prefect": str(place), "lock": lock.fileno()}, dict(os.environ))
    return Outcome("ada", "desk", "", tries=1, **found)


@pytest.mark.parametrize(("code", "again"), [("suspect", False), ("machine-busy", True)])
def test_who_is_suspect_is_not_graded_again_by_itself(tmp_path: Path, code: str, again: bool) -> None:
    told = graded({"verdict": "invalid", "reasons": [{"code": code, "message": "it ended"}]}, 3, tmp_path)

    assert (told.verdict, told.reason, told.again) == ("invalid", "it ended", again)


@pytest.mark.parametrize(
    ("result", "code", "near", "word", "close", "again"),
    [
        ({"verdict": "pass", "close": True, "reasons": [NEAR]}, 0, False, "close pass", True, False),
        ({"verdict": "fail", "close": True, "reasons": [NEAR]}, 1, False, "close fail", True, False),
        ({"verdict": "fail", "close": False, "reasons": [OPEN]}, 1, True, "fail", False, False),
        ({"verdict": "invalid", "close": False, "reasons": [OPEN]}, 3, True, "invalid", True, False),
        ({"verdict": "invalid", "close": False, "reasons": [OPEN]}, 3, False, "invalid", False, True),
        ({"verdict": "invalid", "close": False, "reasons": [OPEN, BUSY]}, 3, True, "invalid", False, True),
    ],
)
def test_a_close_call_is_told_and_never_graded_again(
    tmp_path: Path, result: dict[str, object], code: int, near: bool, word: str, close: bool, again: bool
) -> None:
    told = graded(result, code, tmp_path, near)

    assert (told.word, told.close, told.again) == (word, close, again)
    assert told.reason == result["reasons"][0]["message"]  # type: ignore[index]


def test_a_close_call_is_asked_for_by_an_option_that_makes_another_batch(desk: Course, tmp_path: Path) -> None:
    row = Row("ada", "desk", hand_in(tmp_path / "ada", "a = 1"))
    decides, invalid = (Batch(tmp_path, [row], "process", None, None, close=how) for how in ("decide", "invalid"))

    asked = [" ".join(one._plan(row)["command"]) for one in (decides, invalid)]  # type: ignore[arg-type]

    assert "--close decide" in asked[0] and "--close invalid" in asked[1]
    assert decides.digests[row] == digest(row, lab_digest(decides.scenarios["desk"]), "process", "")
    assert decides.digests[row] != invalid.digests[row]


def test_what_a_person_should_look_at_stands_first(desk: Course, tmp_path: Path, passed: Result) -> None:
    rows = [Row(name, "desk", hand_in(tmp_path / name, "")) for name in ("ada", "bob", "cleo", "dan")]
    whole = Batch(tmp_path / "batch", rows, "process", None, None)
    begin(whole.to, tmp_path / "handed-in", False)
    first, *others = passed.objectives
    near = replace(passed, close=True, objectives=(replace(first, close=True), *others))
    for row, verdict, more in zip(
        rows, ("pass", "invalid", "pass", "invalid"), ({}, {}, {"close": True}, {"suspect": True}), strict=True
    ):
        known = {"candidate": row.candidate, "lab": "desk", "digest": whole.digests[row], "verdict": verdict}
        known |= {"suspect": False, "reason": "", "seconds": 9.0, "tries": 1, **more}
        (whole.to / "outcomes" / f"{row.name}.json").write_text(json.dumps(known))
        (whole.run_dir(row)).mkdir()
        (whole.run_dir(row) / "result.json").write_text(json.dumps((near if more else passed).to_json()))

    counts = tables.write(whole, [], "")

    assert {name: counts[name] for name in ("pass", "fail", "invalid", "close")} == {
        "pass": 2, "fail": 0, "invalid": 2, "close": 1,
    }  # fmt: skip
    page = (whole.to / "batch.html").read_text()
    body = page[page.index("<tbody>") :]
    assert sorted(("ada", "bob", "cleo", "dan"), key=lambda name: body.index(f">{name}<")) == [
        "cleo",
        "dan",
        "ada",
        "bob",
    ]
    assert body.count(">close pass<") == 1 and f"<td>{first.id}</td>" in body and "1 close call, named first" in page
    assert [row["close"] for row in table(whole.to).values()] == ["false", "false", "true", "false"]
    with duckdb.connect() as database:
        found = database.read_parquet(str(whole.to / "batch.parquet")).filter("close").project("candidate")
        assert found.fetchall() == [("cleo",)]


def test_the_terminal_says_how_many_are_close(capsys: pytest.CaptureFixture[str]) -> None:
    row = Row("ada", "desk", Path("ada"))
    with batching._progress(3) as shows:
        for close in (False, True, False):
            shows(row, Outcome("ada", "desk", "", "pass", False, "", 9.0, 1, close))

    said = capsys.readouterr().err.splitlines()

    assert [line.partition(",")[0] for line in said[:1]] == ["1 of 3: ada"]
    assert said[1].startswith("2 of 3, 1 close: ada, desk, close pass") and said[2].startswith("3 of 3, 1 close: ada")
    counts = {"pass": 3, "fail": 0, "refused": 0, "invalid": 0, "close": 1}
    assert "1 close call among them, first on the page, for a person to look at." in batching._came_out(3, counts, 0)
    assert not [line for line in batching._came_out(3, counts | {"close": 0}, 0) if "close" in line]


def test_strangers_code_is_not_graded_where_nothing_keeps_it(desk: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "handed-in" / "ada", "")

    done = desk.lab(*batch(tmp_path / "handed-in", tmp_path / "batch", "--strict"))

    assert done.returncode == 2 and "--strict is for strangers' code" in done.stderr


def test_the_estimate_counts_rounds() -> None:
    assert planning.batch_s([10.0, 20.0, 30.0], 2) == planning.BEGIN_S + 2 * 20.0
