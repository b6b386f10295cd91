"""All that is known of one day: the policies, the models' versions, and what thumbs say of them."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import Any

import figures
from features import words
from models import NAMES, Answer, Model
from policies import Policy
from quality import Evidence

GUARDED = 4  # one of so many questions of a new version is answered by a stronger model
RECHECK_S = 1.0  # so often a condemned version is asked beside, to see whether there is a newer one
REMEMBERED = 5000  # questions that still may get a thumb

POLICY = {"well": 0.98, "ill": 0.5}
VERSION = {"well": 0.97, "ill": 0.4}


@dataclass
class Plan:
    order: list[str]  # whom to ask for the user, one after the other
    beside: str | None = None  # who is asked for our own knowledge; the user gets it if all else fails
    first: bool = False  # the one beside has to answer first, so that the thumb is about it


class Day:
    def __init__(self, current: Policy, models: dict[str, Model]) -> None:
        self.current, self.models = current, models
        self.offer: Policy | None = None
        self.trial = Evidence(**POLICY)
        self.versions: dict[str, dict[str, Evidence]] = {name: {} for name in NAMES}
        self.newest: dict[str, tuple[int, str]] = {}
        self.rechecked = dict.fromkeys(NAMES, 0.0)
        self.turn = itertools.count()
        self.asked: dict[str, tuple[str, str, int]] = {}  # ticket: named by current, by the offer, the offer's number
        for model in models.values():
            model.failures = 0

    def new_offer(self, offer: Policy | None) -> None:
        """It replaces the one before, also one that is in use."""
        self.offer, self.trial = offer, Evidence(**POLICY)

    def version(self, model: str) -> Evidence | None:
        """Evidence on the model's version of now; None before its first answer."""
        return self.versions[model][self.newest[model][1]] if model in self.newest else None

    def stronger(self, model: str) -> str | None:
        """The next stronger model that answers, and that thumbs do not condemn."""
        for name in NAMES[NAMES.index(model) + 1 :]:
            known = self.version(name)
            if not self.models[name].down and not (known and known.condemned):
                return name
        return None

    def plan(self, ticket: str, text: str) -> Plan:
        hashes = words(text)
        named = moved = self.current.choice(hashes)
        if self.offer and not self.trial.condemned:
            moved = self.offer.choice(hashes)
        self.asked[ticket] = (named, moved, self.offer.version if self.offer else 0)
        while len(self.asked) > REMEMBERED:
            del self.asked[next(iter(self.asked))]
        serve, beside = named, None
        if moved != named:
            if self.trial.trusted:
                serve = moved
            else:
                beside = moved
        serve, guarded = self.guard(serve)
        beside = beside or guarded
        at = NAMES.index(serve)
        order = [serve, *NAMES[at + 1 :], *reversed(NAMES[:at])]
        if self.models[serve].probe_due():
            beside = serve
        order.sort(key=lambda name: self.models[name].down)
        if beside == order[0]:
            beside = None
        slow = beside is not None and self.models[beside].typical_s >= self.models[order[0]].typical_s
        plan = Plan(order, beside, first=slow and not self.models[beside].down if beside else False)
        figures.decided(ticket, self.current.version, named, plan.order[0], plan.beside)
        return plan

    def guard(self, model: str) -> tuple[str, str | None]:
        """Who answers in place of a model, and whether the model is asked beside."""
        known, stronger = self.version(model), self.stronger(model)
        if known is None or stronger is None:
            return model, None
        if known.condemned:
            now = time.monotonic()
            if now < self.rechecked[model] + RECHECK_S:
                return stronger, None
            self.rechecked[model] = now
            return stronger, model
        if known.suspect or (not known.trusted and next(self.turn) % GUARDED == 0):
            return stronger, model
        return model, None

    def answered(self, answer: Answer) -> None:
        """See which version is there. A day's first is taken for good until thumbs tell otherwise."""
        model, version = answer.model, answer.version
        at_ms, before = self.newest.get(model, (0, None))
        if answer.at_ms < at_ms:
            return
        self.newest[model] = (answer.at_ms, version)
        if version == before:
            return
        self.versions[model].setdefault(version, Evidence(**VERSION, trusted=before is None))
        figures.log.info("version", extra={"more": {"model": model, "version": version, "before": before}})
        if self.offer and before is not None and not self.trial.condemned:  # what was learnt was about the old one
            self.trial = Evidence(**POLICY, trusted=self.trial.trusted)

    def thumb(self, row: dict[str, Any]) -> None:
        """One user's thumb. It tells of a version only on questions that the policy in force sends there."""
        named, moved, number = self.asked.pop(row["id"], (None, None, 0))
        model, version, good = row["model"], row["version"], bool(row["good"])
        known = self.versions.get(model, {}).get(version)
        if known is None or named is None:
            return
        if model == named:
            if known.add(good):
                self.verdict(known, {"model": model, "version": version})
        elif model == moved and self.offer and number == self.offer.version:  # noqa: SIM102
            # A version that is not known to be well says nothing about a policy.
            if known is self.version(model) and known.trusted and not known.suspect and self.trial.add(good):
                self.verdict(self.trial, {"policy": number})

    def verdict(self, evidence: Evidence, what: dict[str, Any]) -> None:
        level = figures.log.error if evidence.condemned else figures.log.info
        level("condemned" if evidence.condemned else "trusted", extra={"more": {**what, "thumbs": evidence.seen}})
