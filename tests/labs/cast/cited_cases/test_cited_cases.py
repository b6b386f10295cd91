"""A casebook and a runner as real processes: documents of a candidate's code, from the tables of a case to a reader."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from casebook.plan import asked

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.cast.test_runner_modules import serving
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

LIB = CAST / "lib"
COMPOSE = yaml.safe_load((LIB / "cited_cases" / "compose.yaml").read_text("utf-8"))
SETTINGS = COMPOSE["services"]["writer"]["environment"]
CODE = """
import os
from pathlib import Path
import common, pandas, scipy.stats  # `common`: the candidate's own, of a name that we have too
import sys, time

def good(case):
    total = int(case.sql("SELECT sum(amount) FROM sales").fetchall()[0][0])
    names = case.sql("SELECT name FROM more ORDER BY name").df().name.tolist()
    left = sorted(path.name for path in Path(".").iterdir())
    Path("left.csv").write_text(f"{names} {left} {common.WHOSE}")
    return f"{total}[^sum] <b>\\n\\n[^sum]: `SELECT sum(amount) FROM sales` gives {total}\\n"

def leaves(what):
    what()
    os._exit(0)

CASES = {
    "good": good,
    "raises": lambda case: 1 / 0,
    "no table": lambda case: case.sql("FROM nothing").fetchall(),
    "no text": lambda case: None,
    "huge": lambda case: "x" * 300_000,
    "half": lambda case: "\\udc80",
    "bytes": lambda case: leaves(lambda: Path("document.md").write_bytes(b"\\xff")),
    "link": lambda case: leaves(lambda: os.symlink("/etc/passwd", "document.md")),
    "killed": lambda case: os.kill(os.getpid(), 9),
    "empty": lambda case: "",
    "hangs": lambda case: time.sleep(60),
}

def write(case):
    return CASES[Path("note.txt").read_text()](case)
"""
WHY = {
    "good": ("right", ""),
    "raises": ("none", "the run ended with exit code 1: ZeroDivisionError: division by zero"),
    "no table": ("none", "the run ended with exit code 1"),
    "no text": ("none", "TypeError: write has to return the document, a text, and not NoneType"),
    "huge": ("none", "the run left no document of at most 256 KiB"),
    "half": ("none", "UnicodeEncodeError"),
    "bytes": ("malformed", "the document is no UTF-8"),
    "link": ("none", "the run left no document"),
    "killed": ("none", "signal 9 ended the run"),
    "empty": ("absent", "there is no footnote of this name"),
    "hangs": ("none", "the run was not over after 5 s"),
}
PLAN = {"seed": 7, "cases": [{"id": name, "asked": {"sum": 1, "left": 1}} for name in WHY]}
Told = dict[str, dict[str, tuple[str, str]]]
"""Word and note by case and aspect."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A casebook with the world beside this file, over a runner of that code."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "write.py").write_text(CODE)
    (folder / "common.py").write_text("WHOSE = 'mine'\n")
    (folder / "plan.json").write_text(json.dumps(PLAN))
    listen, control = (f"127.0.0.1:{free_port()}" for _ in range(2))
    more = {name: str(value) for name, value in SETTINGS.items() if name not in ("LISTEN", "CODE", "PYTHONPATH")}
    with serving(folder, "papers", **more, PYTHONPATH=str(LIB)) as runner:
        settings = {
            "LISTEN": listen,
            "CONTROL": control,
            "BROWNOUT_TOKEN": TOKEN,
            "PYTHONPATH": str(LIB),
            "WORLD": str(Path(__file__).parent / "world"),
            "PLAN": str(folder / "plan.json"),
            "SERVICES": json.dumps({"writer": runner}),
        }
        python = str(environment("papers") / "bin" / "python")
        process = subprocess.Popen([python, "-m", "casebook"], env={**os.environ, **settings})
        try:
            with httpx.Client(base_url=f"http://{listen}", timeout=60, trust_env=False) as client:
                eventually(lambda: answers(f"http://{listen}/healthz", client))
                yield client
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def told(desk: httpx.Client) -> Told:
    found: Told = {name: {} for name in WHY}
    for question in asked(PLAN):
        answer = desk.get(f"/outcomes/{question.ticket}").json()
        found[question.case][question.aspect] = answer["answer"], answer["note"]
    return found


@pytest.mark.parametrize("what", WHY)
def test_there_is_a_word_for_whatever_a_run_does(told: Told, what: str) -> None:
    word, note = told[what]["sum"]
    assert word == WHY[what][0] and WHY[what][1] in note


def test_a_run_has_tables_and_files_and_leaves_more(told: Told) -> None:
    assert told["good"]["left"][0] == "['a b', 'c'] ['note.txt'] mine"
    assert told["empty"]["left"][0] == "nothing"


def test_whole_documents_are_for_whoever_has_the_token(desk: httpx.Client, told: Told) -> None:
    def ask(number: str, token: str) -> Any:
        return desk.get(f"/documents/{number}", headers={"authorization": f"Bearer {token}"} if token else {})

    shown = {ask(str(number), TOKEN).text for number in range(1, len(WHY) + 1)}
    assert "45[^sum] <b>\n\n[^sum]: `SELECT sum(amount) FROM sales` gives 45\n" in shown
    assert "signal 9 ended the run" in shown
    assert ask("1", TOKEN).headers["content-type"].startswith("text/markdown")
    assert [ask(number, TOKEN).status_code for number in ("0", "12", "-1", "x", "9999")] == [404] * 5
    assert [ask("1", token).status_code for token in ("", "other")] == [404] * 2


def test_a_page_shows_a_document_and_its_claims_escaped(desk: httpx.Client, told: Told) -> None:
    page = desk.get("/pages/good").text
    assert "45[^sum] &lt;b&gt;" in page and "<td>sum</td><td>45.0</td><td>45</td><td>right</td>" in page
