"""The launch office of Pelican: has each launch reviewed, recomputes the review, and plays two rollouts against it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import judge
import pages
import pictures
from cited import answers, examine
from cited.twins import parquets, twin
from cited_cases.exhibits import Exhibits
from cited_cases.runs import Writer
from launch import drawn
from launches import AMOUNTS, NAMES, made
from rollouts import until
from seen import Seen

if TYPE_CHECKING:
    from casebook.world import Html, On, Picture, Plan
    from kinds import Launch

LANES, RUN_S = 2, 15.0
BUSY = "; it needs less than one second where nothing else runs: is this machine busy?"
LOOKS = 5, 10, 15, 20, 25, 30
LAST_LOOK = 20
"""By this minute a bad rollout has to be stopped. Both are looked at then: a stop is asked where it may hurt, too."""


class World:
    """Launches in two lanes side by side."""

    def __init__(self, plan: Plan[Launch]) -> None:
        self.seed = plan["seed"]
        self.lanes = [plan["cases"][at::LANES] for at in range(LANES)]
        self.seen: dict[str, Seen] = {}
        self._numbers = {case["id"]: at + 1 for at, case in enumerate(plan["cases"])}
        self._writer, self._exhibits = Writer("writer", RUN_S), Exhibits(plan, 3)
        self.routes = self._exhibits.routes
        self._rollouts = 0

    def page(self, what: str) -> Html:
        """What people look at."""
        return pages.page_of(self.seen, what)

    def pictures(self) -> Iterable[Picture]:
        """Decisions, and rollouts."""
        return pictures.of(sorted(self.seen.values(), key=lambda one: one.number))

    def ledger(self) -> dict[str, int]:
        """How many rollouts were played."""
        return {"rollouts": self._rollouts}

    async def play(self, lane: Sequence[Launch], on: On) -> None:
        """A lane: its launches in order."""
        for case in lane:
            seen = await asyncio.to_thread(self._make, case)
            self.seen[case["id"]] = seen
            written = await self._writer.write(on, case["id"], seen.tables)
            seen.document, seen.why = written.document, written.why
            self._exhibits.keep(case["id"], written.document or f"No document: {written.why}")
            if written.word:
                if written.seconds >= RUN_S:
                    seen.why += BUSY
                on.tell_rest(case["id"], written.word, seen.why)
                continue
            await asyncio.to_thread(self._judge, case, seen)
            for aspect, (word, note) in seen.words:
                on.tell(case["id"], aspect, word, note)

    def _make(self, case: Launch) -> Seen:
        one = made(self.seed, case)
        tables = parquets(one.tables)
        other = twin(tables, drawn(self.seed, case, "twin").getrandbits(64), NAMES, AMOUNTS)
        rng = drawn(self.seed, case, "looks")
        seen = Seen(self._numbers[case["id"]], one, case["way"], tables, other)
        others = [minute for minute in LOOKS if minute != LAST_LOOK]
        seen.looks = {"bad": [rng.choice(LOOKS[1:3]), LAST_LOOK], "fine": sorted([rng.choice(others), LAST_LOOK])}
        return seen

    def _judge(self, case: Launch, seen: Seen) -> None:
        """All words of a document."""
        truth = seen.made.truth
        found = seen.found = examine(
            seen.document, seen.tables, seen.twin, judge.names(truth), words=judge.DECISIONS, free=judge.FREE
        )
        seen.words = [("figures", judge.figured(found, truth)), ("decision", judge.decided(found, truth))]
        if "offer" in case["asked"]:
            seen.words.append(("offer", judge.offered(found, truth)))
        drawn_for = drawn(self.seed, case, "evidence").sample(judge.proven(truth), case["asked"]["evidence"])
        seen.words += [("evidence", judge.evidence(found, name)) for name in drawn_for]
        self._play(seen)

    def _play(self, seen: Seen) -> None:
        """Both rollouts, until a stop ends them."""
        assert seen.found
        queries = judge.queries(seen.found)
        rollouts = {"bad": seen.made.bad, "fine": seen.made.fine}
        looks = [(kind, minute) for kind in rollouts for minute in seen.looks[kind]]
        launch = seen.tables["launch"]
        sofar = parquets({f"{kind} {minute}": until(rollouts[kind], minute) for kind, minute in looks})
        told = answers(queries, [{"launch": launch, "live": live} for live in sofar.values()])
        for kind in rollouts:
            mine = [answer for (other, _), answer in zip(looks, told, strict=True) if other == kind]
            seen.ended[kind] = judge.stopped(seen.looks[kind], mine, queries)
            self._rollouts += 1
        missing = [name for name in judge.STOPS if name not in queries]
        for aspect, kind, wanted, word in (("stops", "bad", True, "missed"), ("spares", "fine", False, "stopped")):
            minute, fired = seen.ended[kind]
            note = f"stopped at minute {minute} by {', '.join(fired)}" if minute else "not stopped"
            note += f"; {seen.way} goes bad" if kind == "bad" else ""
            right = "right" if bool(minute) is wanted else word
            seen.words.append((aspect, ("none", f"no query for {', '.join(missing)}") if missing else (right, note)))
