"""docs/take-home.md and docs/candidate.md, followed word by word from an empty folder, as a new user would.

What a new user waits for is there already: packages in .venv and the images' environments. The lab is the toy of
`lab new`, on processes, which --strict refuses and which need no images.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli.console import INVALID
from grader.invocation import COMMANDS
from tests.calm import calm
from tests.grader.course import REPOSITORY
from tests.grader.exam.conftest import nothing_is_left, own_home, toy
from tests.grader.exam.toy import LAB_ID, Toy
from tests.grader.test_twists import TWIST

__all__ = ["nothing_is_left", "own_home", "toy"]

DOCS = REPOSITORY / "docs"
TEAM, CANDIDATE = "take-home.md", "candidate.md"
KEYS = ("draws.key", "team.pem", "team.pem.pub")
TRIES = 3
PYTHON = """#!/bin/sh
PYTHONPATH="$(cd "$(dirname "$0")/../.." && pwd)" exec "{python}" -P {more} "$@"
"""


def blocks(name: str) -> list[str]:
    """All commands of a page, a text for each block."""
    return re.findall(r"^```\n(.*?)^```$", (DOCS / name).read_text(), re.MULTILINE | re.DOTALL)


def set_up(repository: Path) -> None:
    """What `make setup` leaves: a .venv with these packages, and this repository's `lab`."""
    for name, more in (("python", ""), ("lab", "-m grader.cli")):
        program = repository / ".venv" / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(PYTHON.format(python=sys.executable, more=more))
        program.chmod(0o755)
    (repository / ".venv" / ".ready").touch()


class User:
    """Somebody at a shell, in which they stay from one block to the next."""

    def __init__(self, at: Path, notes: Path, environment: dict[str, str]) -> None:
        self.at, self.notes = at, notes
        self.environment = {**environment, "NOTES": str(notes)}
        notes.write_text("")

    def types(self, block: str) -> str:
        """Type a block of commands; returns what they said. Each has to end well, or prove nothing: then once more."""
        mine = block.replace("canary", LAB_ID).replace("--strict --runtime compose", "--runtime process")
        mine = mine.replace("make setup images", "make setup")
        script = f'. "$NOTES"\nset -eux\n{mine}\nset +eux\nexport -p > "$NOTES"; pwd > "$NOTES.at"\n'
        for _ in range(TRIES):
            done = subprocess.run(["bash", "-c", script], cwd=self.at, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=170)  # fmt: skip
            if done.returncode != INVALID and f"Error {INVALID}\n" not in done.stdout:
                break
        assert done.returncode == 0, done.stdout
        self.at = Path(self.notes.with_name(f"{self.notes.name}.at").read_text().strip())
        return done.stdout


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The environment of a new user: nothing of ours is set, no `lab` is on the path, and nobody left anything."""
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    ours = ("BROWNOUT_COURSE", "BROWNOUT_RUNTIME", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "ARGS", "RUNTIME")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp"), "NO_COLOR": "1"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_both_pages_lead_from_nothing_to_a_decision_and_leave_nothing(
    toy: Toy, tmp_path: Path, shell: dict[str, str]
) -> None:
    calm(toy.lab / "rehearsal")
    checkout = tmp_path / "brownout"
    checkout.mkdir()
    for name in ("Makefile", "requirements.txt", "requirements-setup.txt", "pyproject.toml", "grader", "infra"):
        (checkout / name).symlink_to(REPOSITORY / name)
    set_up(checkout)
    once, send, grade, twist, appeal, forget = blocks(TEAM)
    begin, work, hand_in, trouble = blocks(CANDIDATE)

    team = User(checkout, tmp_path / "team", {**shell, "BROWNOUT_COURSE": str(toy.course.root)})
    team.types(once)
    assert team.at == tmp_path / "home" / "hiring" and team.at.stat().st_mode & 0o77 == 0
    keys = [(team.at / name).read_bytes() for name in KEYS]
    team.at = checkout
    team.types(once)
    assert keys == [(team.at / name).read_bytes() for name in KEYS]
    team.types(send)

    shutil.unpack_archive(team.at / "c-0142-task.tgz", tmp_path / "inbox", "gztar", filter="data")
    task = tmp_path / "inbox" / "c-0142"
    assert (task / "docs" / CANDIDATE).read_bytes() == (DOCS / CANDIDATE).read_bytes()
    set_up(task)
    candidate = User(task, tmp_path / "candidate", shell)
    try:
        assert "work/desk" in candidate.types(begin)
        (task / "work/desk/desk/routing.py").write_text(toy.course.routing("reference"))
        assert "+++ work/desk/routing.py" in candidate.types(work)
    finally:
        candidate.types(hand_in)
    candidate.types(trouble)

    shutil.copy(task / "submission.zip", team.at / "c-0142.zip")
    team.types(grade)
    page = (team.at / "runs" / "c-0142-review.html").read_text()
    assert "<dd>verified</dd>" in page and "in desk/routing.py" in page
    (toy.folder / "twists").mkdir()
    (toy.folder / "twists" / "small-carrier.yaml").write_text(TWIST)
    assert "Who is turned away?" in team.types(twist)
    team.types(appeal)
    team.types(forget)
    assert sorted(path.name for path in team.at.iterdir()) == ["draws.key", "runs", "team.pem", "team.pem.pub"]
    assert list((team.at / "runs").iterdir()) == []


def test_every_command_within_a_sentence_is_there() -> None:
    makefile = (REPOSITORY / "grader/hiring/templates/Makefile").read_text()
    for name in (TEAM, CANDIDATE):
        text = re.sub(r"^```.*?^```$", "", (DOCS / name).read_text(), flags=re.MULTILINE | re.DOTALL)
        assert set(re.findall(r"`lab ([a-z-]+)", text)) <= set(COMMANDS)
        assert all(re.search(rf"^(.* )?{target}( .*)?:", makefile, re.MULTILINE)
                   for target in re.findall(r"`make ([a-z]+)", text))  # fmt: skip


@pytest.mark.parametrize("name", [TEAM, CANDIDATE])
def test_a_page_is_short_and_its_links_lead_somewhere(name: str) -> None:
    text = (DOCS / name).read_text()

    assert len(text.splitlines()) <= 110
    assert all((DOCS / path).exists() for path in re.findall(r"\]\(([^)#]+)[^)]*\)", text))
