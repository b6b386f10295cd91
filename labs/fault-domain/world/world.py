"""The yard: cells that are well or not, tests of them at a price, and whether the doctor said what is wrong."""

from functools import partial

from casebook.asks import in_lanes
from casebook.calls import Absent
from cell import TESTS, Cell
from common.tickets import ticket
from pages import page_of

AT_ONCE = 8
WALL_S = 10
"""For the machine's sake; what is judged is the cell's own clock."""

IN_TIME_S, LIVE_ROWS = 180, 100
DOMAINS = {
    "infra": ("slow-replica", "lossy-hop", "store-drops", "throttled"),
    "model": ("wrong-weights", "slow-artefact", "wrong-class", "edge-rows"),
    "data": ("other-unit", "stale", "nulls", "source-late"),
}
"""What can be wrong with a cell. Whatever else is in `kinds` only looks so."""

ANSWER = {"domains": [set(DOMAINS)]}


class World:
    """Asks the doctor about one cell after the other, eight side by side. A cell can be tested until the answer is there."""

    def __init__(self, plan):
        self._seed = plan["seed"]
        self.lanes = in_lanes(plan["cases"], AT_ONCE)
        self._open, self._seen = {}, {}
        self._public = {case["id"]: case for case in plan["cases"]} if plan.get("public") else {}
        self.routes = {name.replace(" ", " /cells/{cell}/"): partial(self._test, name) for name in TESTS}

    def page(self, what):
        """All cells, or one."""
        return page_of(self._seen, what)

    async def play(self, lane, on):
        """A lane: its cells in order."""
        for case in lane:
            name = ticket(self._seed, case["id"], "cell", on.lap)
            cell = self._open[name] = Cell(self._seed, case)
            reply = await on.ask("doctor", "POST", "/diagnoses", {"cell": f"/cells/{name}"}, timeout_s=WALL_S)
            del self._open[name]
            if self._public:
                self._seen[case["id"]] = case, cell, reply
            if word := reply.bad(ANSWER):
                on.tell_rest(case["id"], word, reply.error or "no such answer was asked for")
                continue
            note = f"{', '.join(case['kinds'])}; {cell.clock_s:.0f} s, {cell.live_rows} live rows"
            for aspect in case["asked"]:
                on.tell(case["id"], aspect, word_of(aspect, case, cell, set(reply.json["domains"])), note)

    def _test(self, name, call):
        key = call.path["cell"]
        if key in self._public and key not in self._open:  # by hand, whenever somebody likes to
            self._open[key] = Cell(self._seed, self._public[key])
        if key not in self._open:
            raise Absent("there is no such cell, or its incident is over")
        return self._open[key].test(name, call.query, call.json if call.body else {})


def word_of(aspect, case, cell, said):
    """What to tell about a diagnosis under an aspect."""
    if aspect == "harmless":
        return cell.hurt[0] if cell.hurt else "right" if cell.live_rows <= LIVE_ROWS else "too-many"
    if aspect == "in-time":
        return "right" if cell.clock_s <= IN_TIME_S else "late"
    true = domains_of(case["kinds"])
    if said == true:
        return "right"
    return "missed" if said < true else "invented" if said > true else "mistaken"


def domains_of(kinds):
    """The domains that are at fault."""
    return {domain for domain, those in DOMAINS.items() if set(kinds) & set(those)}
