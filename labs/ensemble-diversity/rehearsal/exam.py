"""Observers: what the readers cost; and an intake that turns pictures, or is away, seen at each reader."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from common.names import generator

from grader.labkit import control, current, exchange, import_rehearsal, locate, world

with world(__file__):
    from vendors import READERS, behind

MOST_CREDITS = 440  # of the last second: 8 a label, 50 labels a second, and a tenth, as labels come unevenly
PORTS = {name: 8001 + number for number, name in enumerate(READERS)}
TURNS = ("transposed", "turned-left", "turned-right", "flipped")
ABSENT_S, PROMPT_S, TRIES = 0.25, 2.0, 3
AWAY = {
    "hangs": {"kind": "timeout"},
    "refuses": {"kind": "outage", "look": "503"},
    "resets": {"kind": "outage", "look": "reset"},
}
TELLING, READS = (
    "00010b10100c00000008100d1010030000010507100e00000000000b10040000000000020f090000000000000b0d0000000003070f0e000000000e1010060000",
    3,
)
load = import_rehearsal(__file__, "load")


def budget(body: bytes) -> tuple[float, str]:
    """Credits of the last second: `within` or `over`."""
    credits = float(json.loads(body)["credits_last_second"])
    return credits, "within" if credits <= MOST_CREDITS else "over"


def pulse(body: bytes) -> tuple[None, str]:
    """A look of which only the time counts."""
    return None, "asked"


def plan(seal: str) -> bool:
    """Give the pool the key of its receipts; whether it has it."""
    return bool(control("pool", 9000, "/plan", {"key": load.key_of(seal)})["plan"])


def acts(plot: str, draw: int) -> list[tuple[str, str, str]]:
    """What happens in a trial, in order: `turn` or `leave`, an intake, and how. The plot names who is turned and who
    leaves, as in `turn pixprep erica-intake; leave dahlia-intake freesia-intake`; the draw shuffles, and says how."""
    made = []
    for part in plot.split(";"):
        kind, *intakes = part.split()
        rng = generator(draw, kind)
        rng.shuffle(intakes)
        ways = rng.sample(TURNS, 2) if kind == "turn" else ["hangs", rng.choice(("refuses", "resets"))]
        rng.shuffle(ways)
        made += [(kind, intake, way) for intake, way in zip(intakes, ways, strict=True)]
    return made


def act(plot: str, draw: int, number: int) -> int:
    """The act of that number, from 0; how many readers it meets."""
    kind, intake, way = acts(plot, int(draw))[number]
    readers = behind(intake)
    fault = {"kind": way} if kind == "turn" else AWAY[way]
    control("pool", 9000, "/faults", {"faults": [{**fault, "model": name} for name in readers]})
    return len(readers)


def well() -> bool:
    """Whether all readers read a telling picture. A machine that stalls can be slow: hence up to three tries."""
    return any(_wrong(_all()) == set() for _ in range(TRIES))


def seen(plot: str, draw: int, number: int) -> bool:
    """Whether the readers that an act meets, and no others, read it otherwise, or give no answer."""
    kind, intake, _ = acts(plot, int(draw))[number]
    met = set(behind(intake))
    if kind == "turn":
        return any(_wrong(_all()) == met for _ in range(TRIES))
    return any(_absent(_all(ABSENT_S)) == met for _ in range(TRIES))


def _wrong(said: dict[str, int | None]) -> set[str]:
    return {name for name, digit in said.items() if digit != READS}


def _absent(said: dict[str, int | None]) -> set[str]:
    return {name for name, digit in said.items() if digit is None}


def _all(within_s: float = PROMPT_S) -> dict[str, int | None]:
    context = current()
    body = json.dumps({"pixels": list(bytes.fromhex(TELLING))}).encode()

    def ask(name: str) -> int | None:
        url = locate(f"http://pool:{PORTS[name]}/v1/score", context.addresses)
        try:
            status, answer = exchange("POST", url, body, {"x-probe": context.token}, within_s)
        except OSError:
            return None
        found: Any = json.loads(answer)["digit"] if status == 200 else None
        return found if isinstance(found, int) else None

    with ThreadPoolExecutor(len(PORTS)) as threads:
        return dict(zip(PORTS, threads.map(ask, PORTS), strict=True))
