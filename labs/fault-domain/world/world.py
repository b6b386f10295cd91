"""The yard: cells that are well or not, tests of them at a price, and whether the doctor said what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pictures
from casebook.world import Absent, Call, Handler, Html, On, Picture, Reply, in_lanes
from cell import TESTS, Cell, Incident, Incidents
from common.tickets import ticket
from pages import Seen, page_of, seen
from verdict import DOMAINS, in_words, word_of

AT_ONCE = 8
WALL_S = 10
"""For the machine's sake; what is judged is the cell's own clock."""

ANSWER = {"domains": [set(DOMAINS)], "because": [str]}


class World:
    """Asks the doctor about one cell after the other, eight side by side. Each can be tested until its answer is there.

    The cells of the public plan can be tested by hand as well, under the ids of their cases, at any time.
    """

    def __init__(self, plan: Incidents) -> None:
        self._seed = plan["seed"]
        self._public = {case["id"]: case for case in plan["cases"]} if plan.get("public") else {}
        self._open, self._seen = dict[str, Cell](), dict[str, Seen]()
        self.lanes = in_lanes(plan["cases"], AT_ONCE)
        self.routes: dict[str, Handler] = {
            name.replace(" ", " /cells/{cell}/"): partial(self._test, name) for name in TESTS
        }

    def page(self, what: str) -> Html:
        """All cells, or one."""
        return page_of(self._seen, what)

    def pictures(self) -> Iterator[Picture]:
        """Who was called, and what it cost."""
        return pictures.of(self._seen)

    async def play(self, lane: Sequence[Incident], on: On) -> None:
        """A lane: its cells in order."""
        for case in lane:
            name = ticket(self._seed, case["id"], "cell", on.lap)
            cell = self._open[name] = Cell(self._seed, case)
            reply = await on.ask("doctor", "POST", "/diagnoses", {"cell": f"/cells/{name}"}, timeout_s=WALL_S)
            del self._open[name]
            if self._public:
                self._seen[case["id"]] = seen(case["kinds"], cell, reply)
            self._judge(case, cell, reply, on)

    def _judge(self, case: Incident, cell: Cell, reply: Reply, on: On) -> None:
        if word := reply.bad(ANSWER):
            on.tell_rest(case["id"], word, reply.error or "not of the form that was asked for")
            return
        said = set(reply.json["domains"])
        note = f"{in_words(case['kinds'])}; said {sorted(said)}; {cell.clock_s:.0f} s, {cell.live_rows} live rows"
        for aspect in case["asked"]:
            on.tell(case["id"], aspect, word_of(aspect, case["kinds"], cell, said), note)

    def _test(self, name: str, call: Call) -> dict[str, Any]:
        key = call.path["cell"]
        if key in self._public and key not in self._open:
            self._open[key] = Cell(self._seed, self._public[key])
        if key not in self._open:
            raise Absent("there is no such cell, or its incident is over")
        return self._open[key].test(name, call.query, call.json if call.body else {})
