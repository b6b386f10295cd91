"""What is refused before anything starts: one sentence, exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from tests.grader.course import REPOSITORY, begin
from tests.grader.exam.toy import Toy, action, one_sentence
from tests.waiting import eventually


def misspell(toy: Toy) -> None:
    toy.edit("scenario.yaml", "rounds:", "round:")


def no_such_function(toy: Toy) -> None:
    toy.experiment("experiment", [action("set_on_fire", service="desk")])


def unseen_harm(toy: Toy) -> None:
    toy.experiment("experiment", [action("kill_service", service="desk")])


def no_sql(toy: Toy) -> None:
    toy.edit("slo.yaml", "answer = 'right'", "answer == right or")


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (misspell, ["scenario.yaml", "round:"]),
        (no_such_function, ["experiment.yaml", "set_on_fire"]),
        (unseen_harm, ["experiment.yaml", "kill_service"]),
        (no_sql, ["slo.yaml", "fair"]),
    ],
)
def test_a_malformed_exam_is_refused_by_file_and_key(toy: Toy, spoil: Callable[[Toy], None], names: list[str]) -> None:
    spoil(toy)

    done = toy.course.lab(*toy.command())

    assert done.returncode == 2, done.stderr
    assert one_sentence(done.stderr)
    assert all(name in done.stderr for name in names)
    assert not toy.out.exists() and "starting" not in done.stderr


def below_a_file(folder: Path) -> Path:
    (folder / "note").write_text("a file")
    return folder / "note" / "run"


def in_no_disk(folder: Path) -> Path:
    return Path("/proc/brownout/run")


def not_empty(folder: Path) -> Path:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter.txt").write_text("years of work")
    return folder / "thesis"


@pytest.mark.parametrize("place", [below_a_file, in_no_disk, not_empty])
def test_an_output_folder_that_cannot_be_used_is_refused(
    toy: Toy, tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    out = place(tmp_path)

    done = toy.course.lab(*toy.command(out=out))

    assert done.returncode == 2, done.stderr
    assert one_sentence(done.stderr) and str(out) in done.stderr and "--out" in done.stderr
    assert not (tmp_path / "thesis").exists() or (out / "chapter.txt").read_text() == "years of work"


def test_a_folder_that_another_run_is_written_to_is_refused(toy: Toy) -> None:
    with begin(toy.command(), toy.course.environment, stdout=DEVNULL, stderr=DEVNULL) as first:
        eventually((toy.out / "raw").is_dir)

        second = toy.course.lab(*toy.command())

    assert second.returncode == 2 and one_sentence(second.stderr) and "another run is written" in second.stderr
    assert first.returncode == 0 and toy.written()["verdict"] == "pass"


def test_folders_in_folders_in_folders_are_refused(toy: Toy) -> None:
    (toy.submission / "desk" / "/".join("d" * 100)).mkdir(parents=True)

    done = toy.course.lab(*toy.command())

    assert done.returncode == 2, done.stderr
    assert one_sentence(done.stderr) and "more than 32 deep" in done.stderr


def test_a_fault_of_ours_is_never_a_fail(toy: Toy, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import grader.intake.submission as s\ndef stage(*_, **__): raise KeyError('::set-output')\ns.stage = stage\n"
    )

    environment = {**toy.course.environment, "PYTHONPATH": f"{tmp_path}:{REPOSITORY}"}
    with begin(toy.command(), environment, stderr=PIPE, text=True) as done:
        _, said = done.communicate()

    assert done.returncode == 3
    assert "unexpected: KeyError" in said and "| KeyError: '::set-output'" in said
    assert not toy.out.exists()


@pytest.mark.parametrize("absent", [True, False], ids=["no command", "no daemon"])
def test_without_docker_the_runtime_compose_is_refused(toy: Toy, monkeypatch: pytest.MonkeyPatch, absent: bool) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    if absent:
        monkeypatch.setenv("PATH", "/nonexistent")

    done = toy.course.lab(*toy.command(place="compose"))

    assert done.returncode == 2, done.stderr
    assert one_sentence(done.stderr) and "ocker" in done.stderr
    assert not toy.out.exists()
