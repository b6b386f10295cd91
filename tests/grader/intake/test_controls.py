"""Controls stand on the lab or on each other, are checked when they are read, and every one could be handed in."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from grader.authoring.proving.matrix import compare
from grader.course.catalog import find_lab, find_scenario, lab_ids
from grader.course.control import Control
from grader.course.spec import Lab, Scenario
from grader.errors import BadInput
from grader.intake.controls import stage_control
from grader.result import ObjectiveResult, Reason, Result, Verdict
from tests.grader.course import Course

ROUTING = PurePosixPath("desk/routing.py")


@pytest.fixture
def controls(desk: Course) -> Path:
    return desk.root / "scenarios" / "desk" / "controls"


def read(controls: Path) -> Scenario:
    scenario = Scenario(controls.parent, Lab(controls.parents[2] / "labs" / "desk"))
    assert scenario.controls
    return scenario


def write(controls: Path, name: str, said: str, **files: str) -> None:
    (controls / name).mkdir(exist_ok=True)
    (controls / name / "control.yaml").write_text(f"story: For a test.\n{said}")
    for path, text in files.items():
        (controls / name / path).write_text(text)


@pytest.mark.parametrize("lab_id", lab_ids())
def test_every_control_of_every_lab_could_be_handed_in(lab_id: str, tmp_path: Path) -> None:
    scenario = find_scenario(find_lab(lab_id))

    for name in scenario.controls:
        staged = stage_control(scenario, name, tmp_path / name)
        assert {path: (staged.path / path).read_bytes() for path in staged.files} == {
            path: file.data for path, file in scenario.edited(name).items()
        }


def test_a_control_stands_on_its_base_and_that_one_on_its_own(controls: Path, tmp_path: Path) -> None:
    patch = "--- a/desk/routing.py\n+++ b/desk/routing.py\n@@ -12,1 +12,1 @@\n-{}\n+{}\n"
    plain, one, two = "    return TABLE[customer[0].lower()]", "    # one", "    # two"
    write(controls, "first", "kind: alternative\nbase: reference\n", **{"change.patch": patch.format(plain, one)})
    write(controls, "again", "kind: stranger\nbase: first\n", **{"change.patch": patch.format(one, two)})

    scenario = read(controls)

    reference = scenario.edited("reference")[ROUTING].data.decode()
    assert plain in reference
    assert scenario.edited("again")[ROUTING].data.decode() == reference.replace(plain, two)
    staged = stage_control(scenario, "again", tmp_path)
    assert (staged.path / ROUTING).read_bytes() == scenario.edited("again")[ROUTING].data


def test_a_file_that_a_control_removes_is_not_staged(controls: Path, tmp_path: Path) -> None:
    (controls / "reference" / "desk").mkdir()
    (controls / "reference" / "desk" / "note.txt").write_text("a\n")
    (controls / "reference" / "desk" / "run.sh").write_text("b\n")
    (controls / "reference" / "desk" / "run.sh").chmod(0o755)
    gone = "--- a/desk/note.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
    write(controls, "less", "kind: alternative\nbase: reference\n", **{"change.patch": gone})

    staged = stage_control(read(controls), "less", tmp_path)

    assert {path.name for path in staged.files} == {"main.py", "routing.py", "run.sh"}
    assert (staged.path / "desk" / "run.sh").stat().st_mode & 0o111
    assert not (staged.path / "desk" / "note.txt").exists()


@pytest.mark.parametrize(
    ("said", "files", "says"),
    [
        ("kind: alternative\nbase: nobody\n", {}, "base: there is no control 'nobody'"),
        ("kind: alternative\nbase: odd\n", {}, "base: leads back to 'odd'"),
        ("kind: stranger\nfails: fair\n", {}, "fails: "),
        ("kind: fake\nfails: swift\n", {}, "no objective 'swift'"),
        ("kind: shipped\nfails: fair\n", {"change.patch": "FITS"}, "has files of its own"),
        ("kind: alternative\n", {"main.py": "print()"}, "main.py is not among the lab's open files"),
        ("kind: alternative\nbase: fake-swallow\n", {"change.patch": "FITS"}, "desk/routing.py: hunk 1"),
    ],
)
def test_what_is_wrong_with_one_is_said_when_they_are_read(
    controls: Path, said: str, files: dict[str, str], says: str
) -> None:
    patch = (controls / "fake-swallow" / "change.patch").read_text()
    write(controls, "odd", said, **{name: patch if text == "FITS" else text for name, text in files.items()})

    with pytest.raises(BadInput) as caught:
        read(controls)

    assert says in str(caught.value) and "odd" in str(caught.value)


def test_a_base_that_changed_is_named_with_the_hunk_that_no_longer_fits(desk: Course) -> None:
    path = desk.root / "labs" / "desk" / "desk" / "routing.py"
    path.write_text(path.read_text().replace("SHARE = 26 // len(TEAMS)", "SHARE = 26 // 4"))

    done = desk.lab("verify", "desk")

    assert done.returncode == 2
    assert "controls/reference/change.patch: desk/routing.py: hunk 1" in done.stderr
    assert "Traceback" not in done.stderr and "starting" not in done.stderr


def test_a_stranger_that_fails_does_not_hold() -> None:
    result = Result("desk", Verdict.FAIL, (), (), (), 1, "process", 1.0, {})

    row = compare("desk", "honest", Control(kind="stranger", story="From the brief."), result, 1, 1.0)

    assert (row.expected, row.got, row.holds, row.kind) == ("pass", "fail", False, "stranger")


@pytest.mark.parametrize(("control", "verdict"), [("reference", Verdict.PASS), ("fake", Verdict.FAIL)])
@pytest.mark.parametrize("close", [True, False])
def test_a_control_that_is_decided_by_a_close_call_does_not_hold(control: str, verdict: Verdict, close: bool) -> None:
    """Whatever its verdict is: it would come out otherwise in another exam."""
    missed = ObjectiveResult("fair", "Fair", "", 0.9, 9, 10, 0.9, 0.5, 1.0, verdict, close=close)
    reasons = (Reason("close", "Fair: 90 % of 10 good, too near to call it proven"),) if close else ()
    result = Result("desk", verdict, reasons, (missed,), (), 1, "process", 1.0, {}, close=close)
    kind = {"kind": "fake", "fails": "fair"} if control == "fake" else {"kind": control}

    row = compare("desk", control, Control(story="From the brief.", **kind), result, 1, 1.0)  # type: ignore[arg-type]

    assert row.got == row.expected == verdict.value and row.holds is not close
    assert row.note == ("a close call: Fair: 90 % of 10 good, too near to call it proven" if close else "")


def lab(course: Course, *more: str, name: str = "mine") -> str:
    """What `lab control new` says; made or refused in one sentence."""
    done = course.lab("control", "new", "desk", name, "--story", "Swallows it all.", *more)
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr, done.stderr
    assert (done.returncode == 0) == (not done.stderr)
    return done.stdout + done.stderr


def edited(course: Course, control: str, old: str, new: str) -> Path:
    """A whole copy of the lab as a control has it, with a text replaced."""
    folder = course.root / f"copy-of-{control}"
    assert course.lab("control", "copy", "desk", control, "--into", str(folder)).returncode == 0
    text = (folder / ROUTING).read_text()
    assert old in text
    (folder / ROUTING).write_text(text.replace(old, new))
    return folder


def test_a_control_is_made_of_an_edited_copy_of_its_base(desk: Course, controls: Path) -> None:
    folder = edited(desk, "reference", "lower()", "casefold()")
    (folder / "desk" / "more.py").write_text("MORE = 1\n")

    said = lab(desk, "--from", str(folder), "--base", "reference", "--fails", "fair", "--also", "answered")

    assert "lab verify desk --control mine" in said.splitlines()[-1]
    assert {str(path.relative_to(controls / "mine")) for path in (controls / "mine").rglob("*.*")} == {
        "control.yaml",
        "change.patch",
        "desk/more.py",
    }
    scenario = read(controls)
    assert scenario.controls["mine"] == Control(
        kind="fake", story="Swallows it all.", fails="fair", also=("answered",), base="reference"
    )
    assert scenario.edited("mine")[ROUTING].data == (folder / ROUTING).read_bytes()


def test_changed_files_alone_lie_over_the_base(desk: Course, controls: Path) -> None:
    (desk.root / "own" / "desk").mkdir(parents=True)
    (desk.root / "own" / "desk" / "more.py").write_text("MORE = 1\n")

    lab(desk, "--from", str(desk.root / "own"), "--base", "reference", "--kind", "stranger")

    scenario = read(controls)
    assert scenario.controls["mine"].kind == "stranger" and not (controls / "mine" / "change.patch").exists()
    assert scenario.edited("mine")[ROUTING] == scenario.edited("reference")[ROUTING]


def test_what_cannot_be_a_control_is_refused_and_leaves_nothing(desk: Course, controls: Path) -> None:
    folder = edited(desk, "shipped", "26", "27")
    before = sorted(controls.rglob("*"))

    assert "cannot be a control's name" in lab(desk, "--from", str(folder), name="My Own")
    assert "exists already" in lab(desk, "--from", str(folder), name="reference")
    assert "did you mean reference?" in lab(desk, "--from", str(folder), "--base", "referense")
    assert "no objective 'fare'; did you mean fair or" in lab(desk, "--from", str(folder), "--fails", "fare")
    assert "fails: a shipped lab or a fake" in lab(desk, "--from", str(folder), "--kind", "fake")
    assert "kind: " in lab(desk, "--from", str(folder), "--kind", "wonder")
    assert "is not a folder" in lab(desk, "--from", str(desk.root / "nowhere"))
    assert "changes nothing of lab desk" in lab(desk, "--from", str(desk.root / "labs" / "desk"))
    assert "--story: is empty" in lab(desk, "--from", str(folder), "--story", " ")
    (folder / "compose.yaml").write_text("services: {}\n")
    assert "compose.yaml was changed, and only desk may be" in lab(desk, "--from", str(folder))
    assert desk.lab("control", "copy", "desk", "reference", "--into", str(folder)).returncode == 2
    assert sorted(controls.rglob("*")) == before


@pytest.mark.slow
def test_a_control_s_folder_is_graded_as_the_control(desk: Course) -> None:
    folder = str(desk.root / "scenarios/desk/controls/fake-swallow")

    done = desk.lab("grade", "desk", "--submission", folder, "--runtime", "process", "--json", "--seed", "3")

    assert done.returncode == 1, done.stderr
    assert '"verdict": "fail"' in done.stdout and "as shipped" not in done.stderr
