"""The process in which a document is judged: everything of the stranger's happens here, within limits.

It reads a folder (`job.json`, and folders of Parquet) and writes JSON lines: `{"ready": true}`, then
what the document says, then a finding for each claim, `trying` before it.
"""

from __future__ import annotations

import contextlib
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from cited.form import Claim, Document, order, parse
from cited.formulas import Formula
from cited.literals import bring
from cited.queries import Base, Refused
from cited.values import WITHIN, Value, gives, is_number, shows

MORE_MEMORY = 512 << 20
"""Bytes of address space beside what is taken when the tables are read."""

SPARED_BELOW = 20

Proof = tuple[str, str, "Value | None", "Value | None"]
"""Word (empty: none is wrong), why, what the case gives, what the twin gives."""

Given = tuple[Value, "Value | None", bool, bool]
"""What the case gives and what the twin gives, whether they may be the same, whether the query brings its answer."""


class Judge:
    """Judges the claims of one document."""

    def __init__(self, document: Document, job: dict[str, Any], case: Base, twin: Base) -> None:
        self._document, self._job, self._case, self._twin = document, job, case, twin
        self._proofs: dict[str, Proof] = {}
        self._over = time.process_time() + float(job["within_s"])

    def finding(self, name: str) -> tuple[str, str]:
        """The word for a claim, and why."""
        claim = self._document.claims.get(name)
        if claim is None:
            return "absent", self._document.broken.get(name, "there is no footnote of this name")
        seen = [shows(each.text, claim.written.value) for each in self._document.shown if each.name == name]
        if False in seen:
            return "misquoted", "what stands before a reference is not what the footnote gives"
        if True not in seen:
            hidden = ": behind HTML nothing is shown" if self._document.html else ""
            return "unshown", f"the value stands before no reference to it{hidden}"
        word, why, _, _ = self.proof(claim)
        return word or "right", why

    def proof(self, claim: Claim) -> Proof:
        """Whether a claim is borne out; worked out once."""
        if claim.name not in self._proofs:
            self._proofs[claim.name] = ("unfounded", "it leans on itself", None, None)
            self._proofs[claim.name] = self._prove(claim)
        return self._proofs[claim.name]

    def _prove(self, claim: Claim) -> Proof:
        if not claim.source:
            value = claim.written.value
            return (
                ("", "", value, value)
                if claim.name in self._job["free"]
                else ("unfounded", "it has no query", None, None)
            )
        if time.process_time() > self._over:
            return "unfounded", "the time of the document was over", None, None
        try:
            formula = claim.source.startswith("=")
            found, other, spared, brought = self._formula(claim) if formula else self._query(claim.source)
        except (Refused, ValueError, ArithmeticError, RecursionError) as error:
            return "unfounded", str(error) or type(error).__name__, None, None
        if not gives(claim.written, found, self._job["loose"].get(claim.name, WITHIN)):
            return "unfounded", f"on the case's tables it gives {found}", found, other
        if brought:
            return "unread", "its own text has the answer in it", found, other
        if found == other and not spared:
            return "unread", "it gives the same on other tables", found, other
        return "", "", found, other

    def _query(self, query: str) -> Given:
        tree = self._case.syntax(query)
        found = self._case.value(query)
        try:
            other: Value | None = self._twin.value(query)
        except Refused:
            other = None
        spared = self._spared(found)
        return found, other, spared, bring(tree, found, spared)

    def _formula(self, claim: Claim) -> Given:
        formula = Formula(claim.source)
        here: dict[str, float] = {}
        there: dict[str, float] = {}
        for name in formula.names:
            under = self._document.claims.get(name)
            word, _, found, other = self.proof(under) if under else ("absent", "", None, None)
            if word or not is_number(found):
                raise ValueError(f"{name} is {word or 'no number'}, and the formula leans on it")
            here[name] = float(found)
            if is_number(other):
                there[name] = float(other)
        found_here = formula.value(here)
        spared = self._spared(found_here) and any(map(self._spared, here.values()))
        try:
            return found_here, formula.value(there), spared, False
        except (ArithmeticError, KeyError):
            return found_here, None, spared, False

    def _spared(self, value: Value) -> bool:
        if isinstance(value, (bool, str)):
            return value is True or value is False or value in self._job["words"]
        return is_number(value) and value in range(SPARED_BELOW)


def main(folder: Path) -> None:
    """Judge a folder."""
    job = json.loads((folder / "job.json").read_bytes())
    bases = [Base(folder / each) for each in job["sets"]]
    _limit(float(job["within_s"]))
    _say({"ready": True})
    if "queries" in job:
        _answer(job, bases)
    else:
        _judge(job, *bases)
    _say({"over": True})


def _answer(job: dict[str, Any], bases: Sequence[Base]) -> None:
    over = time.process_time() + float(job["within_s"])
    for number, base in enumerate(bases):
        for name, query in job["queries"].items():
            value: Value | None = None
            with contextlib.suppress(Refused, RecursionError):
                if time.process_time() < over:
                    base.syntax(query)
                    value = base.value(query)
            _say({"set": number, "query": name, "value": value})


def _judge(job: dict[str, Any], case: Base, twin: Base) -> None:
    try:
        document = parse(job["document"])
    except (ValueError, RecursionError) as error:
        document = Document(broken=dict.fromkeys(job["asked"], str(error)))
    _say({"document": asdict(document)})
    judge = Judge(document, job, case, twin)
    names = [claim.name for claim in order(document)]
    for name in dict.fromkeys([*names, *document.broken, *job["asked"]]):
        _say({"trying": name})
        word, why = judge.finding(name)
        _say({"claim": name, "word": word, "why": why})


def _limit(within_s: float) -> None:
    """Little memory, little time, no file; and if memory runs out, let it be this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + within_s) + 2
    limits = {"RLIMIT_CPU": seconds, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 32}
    with contextlib.suppress(OSError):
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        limits["RLIMIT_AS"] = taken + MORE_MEMORY
    for name, most in limits.items():
        with contextlib.suppress(OSError, ValueError):  # not all systems have all
            resource.setrlimit(getattr(resource, name), (most, most))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line, default=_time), flush=True)


def _time(value: object) -> dict[str, str]:
    assert isinstance(value, datetime)
    return {"time": value.isoformat()}
