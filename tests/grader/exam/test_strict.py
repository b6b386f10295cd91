"""`lab grade --strict`: a stranger's words stay in files, and the code runs behind walls or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.result import Verdict
from infra.errors import RuntimeUnavailable
from infra.runtime import runtime
from infra.system import load_system
from tests.grader.exam.toy import Toy, codes, one_sentence

WORD = "XYZZY-1234"
TALK = f"print('::set-output name=verdict::{WORD}', flush=True)"


def kept(out: Path) -> str:
    """What of a run others read: the result in every form, but for the page and the logs."""
    return "".join((out / name).read_text() for name in ("result.json", "run.json", "junit.xml"))


def test_processes_have_no_walls(toy: Toy) -> None:
    done = toy.course.lab(*toy.command("--strict"))

    assert done.returncode == 2, done.stderr
    assert one_sentence(done.stderr) and "--runtime compose" in done.stderr
    assert not toy.out.exists()


def test_what_does_not_start_is_quoted_in_a_file_only(toy: Toy) -> None:
    toy.candidate(before=f"{TALK}\nraise SystemExit('{WORD}')\n")

    result = toy.grade(quote=False)

    assert result.verdict is Verdict.FAIL and codes(result) == ["not-started"]
    assert "service desk exited with code 1" in result.reasons[0].message and "desk.log" in result.reasons[0].message
    assert WORD not in kept(toy.out)
    assert WORD in toy.log(result.trials[0].id)


def test_what_an_exam_says_of_an_answer_is_in_a_file_only(toy: Toy, one_try: None) -> None:
    """The lab's own load stumbles over an answer, and says so with the answer in it."""
    toy.edit(
        "load.py",
        "def check(",
        f"def check(self, *_):\n        raise NotImplementedError('{WORD}')\n\n    def checked(",
    )

    result = toy.grade(quote=False)

    assert result.verdict is Verdict.INVALID and "load-broken" in codes(result)
    assert "why.txt" in result.reasons[0].message
    assert WORD not in kept(toy.out)
    assert WORD in (toy.out / "logs" / result.trials[0].id / "why.txt").read_text()


@pytest.fixture
def docker(toy: Toy) -> None:
    """Docker, and the images of the lab."""
    place = runtime("compose")
    try:
        place.check()
        place.prepare(load_system(toy.lab / "compose.yaml", ("desk",)))
    except RuntimeUnavailable as error:
        pytest.skip(str(error))


@pytest.mark.slow
@pytest.mark.parametrize("before", [TALK, f"{TALK}\nraise SystemExit('{WORD}')"], ids=["runs", "does not start"])
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["", "json"])
def test_nothing_that_it_says_reaches_the_terminal(
    toy: Toy, docker: None, before: str, options: tuple[str, ...]
) -> None:
    toy.candidate(before=f"{before}\n", at_each=f"print('{WORD}', flush=True)")
    (toy.submission / "README.md").write_text(WORD)

    done = toy.course.lab(*toy.command("--strict", *options, place="compose"))

    assert done.returncode == ("raise" in before), done.stderr
    assert WORD not in done.stdout + done.stderr + kept(toy.out)
    assert any(WORD in path.read_text() for path in (toy.out / "logs").rglob("desk.log"))
    assert "left aside, for only desk may be changed: README.md" in " ".join(done.stderr.split())
    if options:
        assert json.loads(done.stdout)["runtime"] == "compose"
