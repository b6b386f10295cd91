"""One submission is graded as strangers' are, and everything is looked at that it may have reached."""

from __future__ import annotations

import json
import re
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.formats import FORMATS
from tests.hostile import course
from tests.hostile.host import Host
from tests.hostile.suite import Hostile

EXITS = {"pass": 0, "fail": 1, "refused": 2, "suspect": 3, "invalid": 3}
TRIES = 3
MACHINE = {"machine-busy", "machine-slow", "load-late", "load-short", "undecided", "no-evidence"}
LONGEST_S = 420
SHOWN = ("result.json", "report.html", "junit.xml")
MARKUP = ("report.html", "junit.xml", "junit", "summary")
"""What is shown as markup; in JSON an element is text."""

_ORDER = re.compile(
    r"^\W*?(::(set-output|set-env|stop-commands|add-mask|save-state|error|warning|group|debug)\b.*|##(vso|teamcity)?\[.*)",
    re.MULTILINE,
)
_BROKEN = re.compile(r"TRIED.*(NameError|TypeError|AttributeError|ImportError|ModuleNotFoundError)")
_MARK = "hostile-mark"
"""In whatever a submission would have a reader's browser or CI system obey."""


@dataclass
class Outcome:
    """What came of it: in words, in how many seconds, and what is not as it has to be."""

    came_to: str
    seconds: float
    problems: list[str] = field(default_factory=list)


def hold(hostile: Hostile, host: Host, folder: Path) -> Outcome:
    """Grade it, once or twice; the runs are in `folder` afterwards."""
    try:
        handed_in = hostile.build(folder / "handed-in", host.course / "labs", host)
        outcome = _held(hostile, host, handed_in, folder / "run")
        if hostile.twice and not outcome.problems:
            again = _held(hostile, host, handed_in, folder / "again")
            outcome.seconds += again.seconds
            outcome.problems += [f"the second time: {problem}" for problem in again.problems]
        return outcome
    finally:
        subprocess.run(["rm", "-rf", str(folder / "handed-in")], check=True)  # pytest's own removal fails on some


def hold_clean(lab: str, host: Host, folder: Path) -> Outcome:
    """Grade a sound submission, which passes."""
    folder.mkdir(parents=True)
    handed_in = course.clean(host.course, lab, folder / "handed-in")
    done, seconds = _graded(lab, host, handed_in, folder / "run")
    problems = [] if done.returncode == 0 else [f"a clean submission of {lab} exits {done.returncode}: {_end(done)}"]
    return Outcome("pass", seconds, problems + host.left())


def _held(hostile: Hostile, host: Host, handed_in: Path, out: Path) -> Outcome:
    before = host.inventory()
    done, seconds = _graded(hostile.lab, host, handed_in, out, tries=1 if hostile.once else TRIES)
    came_to, problems = _judged(hostile, done, out)
    problems += _reached(hostile, host, done, out)
    problems += _said(done, out)
    problems += [f"left behind: {what}" for what in host.left()]
    after = host.inventory()
    problems += [f"changed: {name}" for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    return Outcome(came_to, seconds, problems)


def _graded(
    lab: str, host: Host, handed_in: Path, out: Path, tries: int = TRIES
) -> tuple[subprocess.CompletedProcess[str], float]:
    """By `lab grade`, said in the folder of the submission; again where the machine allowed no verdict."""
    for _ in range(tries):
        done, seconds = _graded_once(lab, host, handed_in, out)
        if not _by_the_machine(done):
            break
    return done, seconds


def _by_the_machine(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a run proves nothing for reasons that are the machine's alone. Real labs keep their bounds."""
    if done.returncode != EXITS["invalid"] or not done.stdout:
        return False
    return {reason["code"] for reason in json.loads(done.stdout)["reasons"]} <= MACHINE


def _graded_once(lab: str, host: Host, handed_in: Path, out: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    words = ["grade", lab, "--strict", "--runtime", "compose", "--submission", str(handed_in), "--seed", "1"]
    command = host.lab(*words, "--out", str(out), "--json")
    at = handed_in if handed_in.is_dir() else handed_in.parent
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=at, env=host.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST_S
    )
    said = subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(errors="surrogateescape"), done.stderr.decode(errors="replace")
    )
    return said, time.monotonic() - began


def _judged(hostile: Hostile, done: subprocess.CompletedProcess[str], out: Path) -> tuple[str, list[str]]:
    """What came of it, and how that is not what had to."""
    if hostile.ends == "refused":
        said, words = " ".join(done.stderr.split()), " ".join(hostile.words)
        as_said = done.returncode == EXITS["refused"] and words in said
        wrong = [] if as_said else [f"exit {done.returncode}: {_end(done)}"]
        if done.stdout or out.exists():
            wrong.append("a refusal prints no result and makes no run")
        return f"refused: {words}", wrong
    try:
        result = json.loads(done.stdout, parse_constant=_no_number)
    except ValueError as error:
        return "no result", [f"exit {done.returncode}, and stdout is no result ({error}): {_end(done)}"]
    codes = sorted({reason["code"] for reason in result["reasons"]})
    came_to = f"{result['verdict']}: {', '.join(codes)}"
    problems = _wrong(hostile, result, codes, done.returncode)
    if hostile.once:
        of_trials = [(trial["id"], reason) for trial in result["trials"] for reason in trial["reasons"]]
        problems += [f"in {id}, {why['message']}" for id, why in of_trials if why["code"] == "sealed-ended"]
    return came_to, problems


def _wrong(hostile: Hostile, result: dict[str, Any], codes: list[str], exits: int) -> list[str]:
    if exits == EXITS["suspect"] and "suspect" in codes and "suspect" in hostile.words:
        return []
    wrong = [] if exits == EXITS[hostile.ends] else [f"exit {exits}, and {EXITS[hostile.ends]} was to be"]
    if hostile.ends == "suspect":
        return wrong + ([] if "suspect" in codes else [f"it is not suspect: {result['reasons']}"])
    if result["verdict"] != "fail" or not codes or not set(codes) <= set(hostile.words):
        wrong.append(f"{result['verdict']} for {codes}, and fail for {hostile.words} was to be: {result['reasons']}")
    verdicts = {one["id"]: one["verdict"] for one in result["objectives"]}
    if hostile.misses and verdicts.get(hostile.misses) != "fail":
        wrong.append(f"{hostile.misses} was to be missed, and is {verdicts}")
    return wrong


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _reached(hostile: Hostile, host: Host, done: subprocess.CompletedProcess[str], out: Path) -> list[str]:
    """What its own log says that got through; and whether anything tells the bait's secret."""
    logs = "\n".join(path.read_text("utf-8", "replace") for path in sorted(out.glob("logs/**/*.log")))
    problems = sorted({f"it says: {line}" for line in logs.splitlines() if line.startswith("GOT THROUGH")})
    problems += sorted({f"no real attempt: {line}" for line in logs.splitlines() if _BROKEN.match(line)})
    if hostile.ends != "refused" and not hostile.silent and "TRIED" not in logs:
        problems.append(f"its log does not say that it tried anything: {logs[-300:]!r}")
    files = {str(path): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    texts = {"stdout": done.stdout.encode(errors="replace"), "stderr": done.stderr.encode(errors="replace"), **files}
    problems += [f"the secret is in {name}" for name, text in texts.items() if host.secret.encode() in text]
    problems += [f"{caller} asked what listens on the host" for caller in host.callers]
    host.callers.clear()
    return problems


def _said(done: subprocess.CompletedProcess[str], out: Path) -> list[str]:
    """What a terminal, a CI system or a browser would obey in anything that people read."""
    texts = {"stdout": done.stdout, "stderr": done.stderr}
    texts |= {name: (out / name).read_text("utf-8") for name in SHOWN if (out / name).is_file()}
    texts |= _converted(out) if (out / "result.json").is_file() else {}
    problems = []
    for name, text in texts.items():
        orders = [found[0].strip() for found in _ORDER.finditer(text) if name != "annotations" or _MARK in found[0]]
        problems += [f"{name} has a word that CI systems obey: {order[:80]!r}" for order in orders]
        if found := re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", text):
            problems.append(f"{name} has a character that readers do not see: {found[0]!r}")
        if f"<{_MARK}" in text.lower() and name in MARKUP:
            problems.append(f"{name} has an element of theirs")
    return problems


def _converted(out: Path) -> dict[str, str]:
    """The result in each format that others read."""
    from datetime import UTC, datetime

    from grader.formats import Setting
    from grader.report.saved import load_result

    texts = {}
    for name, form in FORMATS.items():
        with suppress(Exception):  # an invalid run has no score
            texts[name] = form(load_result(out / "result.json"), Setting(datetime.now(UTC), {}))
    return texts


def _end(done: subprocess.CompletedProcess[str]) -> str:
    return f"{done.stdout[-300:]} {done.stderr[-700:]}"
