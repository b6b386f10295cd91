"""What people look at: the merge queue's bundles, and one of them with its report, its staging and what is so."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import numpy as np
from casebook.page import Html, heading, link, table, text_of

from recipes import decided, slices

if TYPE_CHECKING:
    from candidate_runs import Run
    from desk import Desk
    from judge import Outcome
    from world import World

LAST = 120


def page_of(world: World, what: str) -> Html:
    """The page of a bundle by its name, or of the queue; empty if there is none of that name."""
    if what:
        found = next((one for one in reversed(world.done) if one[0].name == what), None)
        return Html() if found is None else bundle(world, *found)
    rows = [
        [
            link(f"/pages/{desk.name}", desk.name), world.names[desk.case["team"]], fitness(desk),
            verdict(outcome), outcome.verdict.report if outcome.verdict else outcome.why, smoked(desk), outcome.staged,
            f"{ended.seconds:.2f}",
        ]
        for desk, outcome, ended in reversed(world.done[-LAST:])
    ]  # fmt: skip
    head = ["bundle", "team", "what is so", "verdict", "report of the gate", "smoke test", "staging holds", "took, s"]
    return Html(heading("Merge queue, newest first") + table(head, rows))


def fitness(desk: Desk) -> str:
    """What the answer sheet says."""
    case = desk.case
    if case["kind"] != "fit":
        return f"unfit: {case['kind']} ({case['way']})"
    return f"fit ({case['way']})" + (", but not for staging" if case.get("strict") else "")


def verdict(outcome: Outcome) -> str:
    """What the gate said."""
    given = outcome.verdict
    if given is None:
        return "none"
    return "reject: " + ", ".join(sorted(given.reasons)) if given.rejects else "pass"


def smoked(desk: Desk) -> str:
    """The smoke tests that the gate started."""
    return "; ".join(f"{one['bundle']}: {one['ok']} of {one['calls']} ok" for one in desk.smoked) or "none"


def bundle(world: World, desk: Desk, outcome: Outcome, ended: Run) -> Html:
    """A bundle: what it does, slice by slice, and what its run said."""
    team, before = world.teams[desk.case["team"]], world.before[desk.case["team"]]
    was = slices(team, decided(before, team.fresh, blank=True))
    now = slices(team, decided(desk.recipe, team.fresh, blank=True))
    columns = list(team.slices)
    rows = [
        [f"{columns[at]} {team.slices[columns[at]][value]}", int(np.sum(team.fresh.values[at] == value)),
         f"{was[at, value]:.3f}", f"{now[at, value]:.3f}"]
        for at, value in was
    ]  # fmt: skip
    rows.insert(0, ["all of fresh", len(team.fresh.labels), f"{before.right:.3f}", f"{desk.recipe.right:.3f}"])
    facts = [
        ["what is so", fitness(desk)], ["verdict", verdict(outcome)],
        ["report of the gate", outcome.verdict.report if outcome.verdict else outcome.why],
        *[["smoke test", f"{one['bundle']}: {one['ok']} of {one['calls']} ok; {', '.join(one['errors'])}"]
          for one in desk.smoked],
        ["staging holds", f"the {outcome.staged} one"], ["took", f"{ended.seconds:.2f} s"],
    ]  # fmt: skip
    files = [[name, text_of(text)] for name, text in texts(desk)]
    return Html(
        table(["", ""], facts)
        + heading("Right answers, with later columns blank")
        + table(["slice", "rows", "in production", "this one"], rows)
        + heading("What its run said")
        + table(["line"], [[line] for line in ended.log.splitlines()[-40:]])
        + heading("Its files, from their begin")
        + table(["file", "text"], files)
    )


def texts(desk: Desk) -> list[tuple[str, str]]:
    """A bundle's files, as far as a page shows them."""
    with tarfile.open(fileobj=io.BytesIO(desk.files[0])) as tar:
        return [
            (entry.name, handle.read(2_000).decode("utf-8", "replace"))
            for entry in tar
            if (handle := tar.extractfile(entry)) is not None
        ]
