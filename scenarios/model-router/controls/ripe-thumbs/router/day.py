"""What the router knows on one day: policies, versions of models, and who stopped.

All of it is forgotten when the current policy gets another number.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import figures
from evidence import BAD, GOOD, TRYING, Evidence
from models import NAMES, Answer, Breaker, stronger
from policies import Policy

RIPE_S = 1.15  # a thumb down comes up to 1 s after the answer, one up much sooner: only then count either
HEDGE_EACH = 4  # of a new version's answers, one in so many is replaced by a stronger model's
BAD_PROBE_S = 0.25  # how often a bad version is asked, to see whether there is another
MOST_NOTES = 5000


@dataclass
class Trial:
    """An offered policy, and what users say of the questions that it moves."""

    policy: Policy
    evidence: Evidence


@dataclass
class Note:
    """Whose answer a ticket's thumb will be about, and what it is evidence of."""

    model: str
    version: str
    at: float
    evidence: Evidence


@dataclass
class Day:
    current: Policy
    offered: int | None = None
    trial: Trial | None = None  # tried behind the users' backs
    release: Trial | None = None  # in use
    versions: dict[tuple[str, str], Evidence] = field(default_factory=dict)
    latest: dict[str, tuple[int, Evidence]] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    breakers: dict[str, Breaker] = field(default_factory=lambda: {name: Breaker() for name in NAMES})
    hedges: int = 0
    bad_probed: dict[str, float] = field(default_factory=dict)

    # policies

    def offer(self, number: int | None, policy: Policy | None) -> None:
        """Try an offer; one that is broken (None) ends the trial of the one before it."""
        self.offered = number
        self.trial = Trial(policy, Evidence(f"policy {number}")) if policy else None

    def names(self, text: str) -> tuple[str, str, str]:
        """The models that the current policy, the one in use and the one on trial name."""
        current = self.current.choice(text)
        used = self.release.policy.choice(text) if self.release else current
        return current, used, self.trial.policy.choice(text) if self.trial else used

    # versions

    def seen(self, answer: Answer) -> Evidence:
        """The version that gave an answer. A model's first of the day is trusted; any later one is on trial."""
        key = answer.model, answer.version
        if key not in self.versions:
            first = answer.model not in self.latest
            self.versions[key] = Evidence(f"{answer.model} {answer.version}", GOOD if first else TRYING)
            figures.info("new version", model=answer.model, version=answer.version, trusted=first)
        version = self.versions[key]
        if answer.model not in self.latest or answer.given_ms > self.latest[answer.model][0]:
            self.latest[answer.model] = answer.given_ms, version
        return version

    def state(self, model: str) -> str:
        return self.latest[model][1].state if model in self.latest else GOOD

    def usable(self, model: str) -> bool:
        return not self.breakers[model].open and self.state(model) != BAD

    def stand_in(self, model: str) -> str | None:
        """A stronger model that is well."""
        return next((name for name in stronger(model) if self.usable(name)), None)

    def doubtful(self, version: Evidence) -> bool:
        """Whether an answer that a version just gave should be replaced by a stronger model's.

        Always for a bad one and where thumbs already speak against it; for one on trial now and
        then, as both are paid.
        """
        if version.state != TRYING:
            return version.state == BAD
        self.hedges += 1
        return version.score < 0 or self.hedges % HEDGE_EACH == 0

    def bad_probe_due(self, model: str) -> bool:
        now = time.monotonic()
        if now - self.bad_probed.get(model, 0.0) < BAD_PROBE_S:
            return False
        self.bad_probed[model] = now
        return True

    # thumbs

    def note(self, ticket: str, answer: Answer, version: Evidence, trial: Trial | None) -> None:
        """Remember what this ticket's thumb tells: about a policy's move, or about the version itself.

        A policy is judged by models that are well only, a version by what the current policy sends it.
        """
        if ticket in self.notes or (trial and version.state != GOOD):
            return
        self.notes[ticket] = Note(answer.model, answer.version, answer.at, trial.evidence if trial else version)
        if len(self.notes) > MOST_NOTES:
            del self.notes[next(iter(self.notes))]

    def thumb(self, row: dict[str, Any]) -> None:
        note = self.notes.get(row["id"])
        if note is None or (note.model, note.version) != (row["model"], row["version"]):
            return
        del self.notes[row["id"]]
        left = max(0.0, note.at + RIPE_S - time.monotonic())
        asyncio.get_running_loop().call_later(left, self.ripe, note.evidence, bool(row["good"]))

    def ripe(self, evidence: Evidence, good: bool) -> None:
        if not evidence.count(good):
            return
        down, up = evidence.thumbs
        figures.info("decided", of=evidence.name, state=evidence.state, up=up, down=down)
        if self.trial and self.trial.evidence is evidence:
            if evidence.state == GOOD:
                self.release = self.trial
            self.trial = None
        elif self.release and self.release.evidence is evidence and evidence.state == BAD:
            self.release = None
