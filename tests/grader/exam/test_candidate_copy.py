"""What a candidate gets of a run: searched, file by file, for everything that the exam hides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.grader.exam.toy import VAULT, Toy, action, one_sentence

SEED = 1_834_502_917
NAME = "kraken"
SAID = "said by the service of the candidate"
TALKING = VAULT.replace("import sys", f"import sys\nprint('the vault was told of the {NAME}', flush=True)")
INVALID = pytest.param("invalid", 3, marks=pytest.mark.slow)
NOT_STARTED = pytest.param("not started", 1, marks=pytest.mark.slow)
VERDICTS = pytest.mark.parametrize(("verdict", "code"), [("pass", 0), ("fail", 1), NOT_STARTED, INVALID])


def hide(toy: Toy, *steps: object) -> None:
    """Have the exam bear one name wherever a scenario can have names, and draw a number."""
    toy.seal(TALKING)
    objectives = yaml.safe_load((toy.folder / "scenario.yaml").read_text())["objectives"]
    method = [action("at", seconds="${tentacle}"), *steps]
    trial = {
        "id": f"{NAME}-trial",
        "title": f"the night of the {NAME}",
        "experiment": toy.experiment(f"{NAME}-experiment", method),
        "parameters": {"tentacle": {"uniform": [0.41, 0.42]}, "sort": {"choice": [f"{NAME}-red"]}},
    }
    window = {"trials": [trial["id"]], "phases": [f"{NAME}-hour"]}
    timeline = [{"phase": f"{NAME}-hour", "seconds": 1.6, "rate": 125}]
    toy.scenario(timeline=timeline, trials=[trial], objectives=dict.fromkeys(objectives, window))


def answer(toy: Toy, verdict: str) -> None:
    """Exam and submission of which this comes."""
    order = {"service": "vault", "port": 9000, "path": f"/{NAME}"}
    unseen = [action("control", **order), {**action("read", **order), "type": "probe", "tolerance": True}]
    hide(toy, *(unseen if verdict == "invalid" else []))
    last = "raise SystemExit(4)" if verdict == "not started" else ""
    toy.candidate(f"print({SAID!r}, flush=True)\n{last}", "return None" if verdict == "fail" else "pass")


def secrets(run: Path) -> Iterator[str]:
    """Every word and number of a run that a candidate must not learn."""
    record = json.loads((run / "run.json").read_text())
    yield from (NAME, "tentacle", str(SEED))
    for trial in record["trials"]:
        yield str(trial["seed"])
        yield repr(trial["parameters"]["tentacle"])[:8]


def texts(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text("latin-1").lower() for path in paths}


@VERDICTS
def test_nothing_that_the_exam_hides_is_in_it(toy: Toy, tmp_path: Path, verdict: str, code: int) -> None:
    answer(toy, verdict)
    done = toy.course.lab(*toy.command("--seed", str(SEED)))
    assert done.returncode == code, done.stderr
    copy = tmp_path / "for Ada"

    copied = toy.course.lab("report", "desk", str(toy.out), "--for-candidate", str(copy))

    assert copied.returncode == 0, copied.stderr
    whole, mine = "".join(texts(toy.out).values()), texts(copy)
    hidden = set(secrets(toy.out))
    assert {word for word in hidden if word not in whole} == set(), "the run has what is searched for"
    assert {(name, word) for name, text in mine.items() for word in hidden if word in text} == set()
    assert {"verdict.json", "report.html"} <= mine.keys()
    assert not [name for name in mine if NAME in name]
    told = json.loads((copy / "verdict.json").read_text())
    assert told["verdict"] == verdict.replace("not started", "fail") and "seed" not in told
    assert told["objectives"] == json.loads((toy.out / "result.json").read_text())["objectives"]
    assert SAID in mine["report.html"]
    said = [reason["message"] for reason in told["reasons"]]
    assert all(said) and len(said) == len(set(said))


@pytest.mark.slow
def test_it_is_written_to_a_new_folder_only(toy: Toy, tmp_path: Path) -> None:
    assert toy.course.lab(*toy.command()).returncode == 0
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis").write_text("years of work")

    for folder in (mine, toy.out / "copy"):
        done = toy.course.lab("report", "desk", str(toy.out), "--for-candidate", str(folder))
        assert done.returncode == 2 and one_sentence(done.stderr), done.stderr
    assert [path.name for path in mine.iterdir()] == ["thesis"] and not (toy.out / "copy").exists()
