"""A bundle that is being checked: what its run may fetch, and what it hands in."""

from __future__ import annotations

import asyncio
from typing import Any

import judge
from casebook.shapes import fits
from common.names import generator
from kinds import Bundle
from teams import Team

from recipes import Recipe

CALLS, TEXTS, BLIPS, SMOKE_S = 40, (11, 17), 2, 0.1
"""Of staging's smoke test: how many calls, how many of them bring a reading as text, how many fail by themselves at
most, and how long it takes."""


class Staging:
    """What each team's staging holds; it begins with what is in production."""

    def __init__(self, names: list[str]) -> None:
        self.holds = list(names)
        self.known = [{name} for name in names]


class Desk:
    """One bundle, open while its run is."""

    def __init__(
        self,
        seed: int,
        case: Bundle,
        name: str,
        team: Team,
        recipe: Recipe,
        files: tuple[bytes, bytes],
        staging: Staging,
    ) -> None:
        self.case, self.name, self.recipe = case, name, recipe
        self.verdict: judge.Verdict | None = None
        self.malformed = ""
        self.smoked: list[dict[str, Any]] = []
        self.files = files
        self._team, self._staging = team, staging
        self._before = staging.holds[case["team"]]
        self._smoke = generator(seed, case["id"], "smoke")
        staging.known[case["team"]].add(name)

    def get(self, what: str) -> bytes | dict[str, str] | None:
        """What a run may fetch: a file, or JSON; None if there is no such thing."""
        if what == "staging":
            return {"bundle": self._staging.holds[self.case["team"]]}
        return {"samples": self._team.samples, "bundle": self.files[0], "baseline": self.files[1]}.get(what)

    def judged(self, body: Any) -> dict[str, str]:
        """A verdict that a run hands in; the last one counts.

        Raises:
            ValueError: it is not of the form.
        """
        try:
            self.verdict, self.malformed = judge.verdict(body), ""
        except ValueError as error:
            self.verdict, self.malformed = None, str(error)
            raise
        return {"bundle": self.name}

    def deployed(self, body: Any) -> dict[str, str]:
        """Staging gets a bundle that it has held before, or this one.

        Raises:
            ValueError: it knows no such bundle.
        """
        team = self.case["team"]
        if not fits(body, {"bundle": str}) or body["bundle"] not in self._staging.known[team]:
            raise ValueError('staging takes {"bundle": the name of one of this team\'s bundles}')
        self._staging.holds[team] = body["bundle"]
        return {"bundle": body["bundle"]}

    async def smoke(self) -> dict[str, Any]:
        """Staging's own test of what it holds: calls as they come there."""
        await asyncio.sleep(SMOKE_S)
        held = self._staging.holds[self.case["team"]]
        failed = self._smoke.randint(0, BLIPS)
        errors = ["503 from the site's gateway"] * failed
        if held == self.name:
            settings = self.recipe.settings
            if self.case["kind"] == "load":
                failed, errors = CALLS, ["no answer"]
            elif settings["strict"]:
                texts = self._smoke.randint(*TEXTS)
                failed, errors = failed + texts, errors + ["TypeError: a number was expected, and there is a text"]
        said = {"bundle": held, "calls": CALLS, "ok": CALLS - failed, "failed": failed, "errors": sorted(set(errors))}
        self.smoked.append(said)
        return said

    def over(self, why: str) -> judge.Outcome:
        """The run has ended; `why` says how, if not well."""
        held = self._staging.holds[self.case["team"]]
        staged = "new" if held == self.name else "old" if held == self._before else "other"
        bad = "" if self.verdict else "malformed" if self.malformed else "none"
        return judge.Outcome(
            self.case, self.verdict, staged, bad, self.malformed or why or "the run ended without a verdict"
        )
