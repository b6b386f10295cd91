"""The worked example of docs/writing-a-lab.md, done as it stands there; plays and proofs have tests of their own."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest

from tests.grader.course import REPOSITORY, Course

LEFT_OUT = ("play", "verify")


def squeezed(text: str) -> str:
    """Without line ends, and with `lab` as the page calls it."""
    return " ".join(text.split()).replace("./lab ", "lab ")


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_the_example_is_as_the_page_says(course: Course) -> None:
    (course.root / "labs" / "cast").symlink_to(REPOSITORY / "labs" / "cast")
    page = (REPOSITORY / "docs" / "writing-a-lab.md").read_text()
    example = page.partition("\n## From a world")[2].partition("\n## ")[0]
    done = []
    for kind, text in re.findall(r"^```(diff|console)\n(.*?)^```$", example, re.MULTILINE | re.DOTALL):
        if kind == "diff":
            subprocess.run(["git", "apply", "--unidiff-zero"], cwd=course.root, input=text, text=True, check=True)
            continue
        for command, output in re.findall(r"^\$ lab (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            words = [str(course.root / word) if word == "mine" else word for word in shlex.split(command)]
            if words[0] not in LEFT_OUT:
                said = course.lab(*words)
                done.append(words[0])
                assert said.returncode == bool(re.search(r": \d+ finding", output)), said.stdout + said.stderr
                assert squeezed(output) in squeezed(said.stdout)

    assert done == ["new", "lint", "lint", "plan", "lint", "control", "control", "lint"]
