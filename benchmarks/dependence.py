"""Do the judge's error rates hold when requests depend on each other through a queue?

    .venv/bin/python -m benchmarks.dependence [--write]
    .venv/bin/python -m benchmarks.dependence --pictures

An exam is 12 s of requests at 60/s through a queue that has run for 20 s already. A request is good when waiting and
service take at most T; T is the quantile of a long run of the same queue, so that the true ratio of bad requests lies
exactly at the bound of the objective, or at a quarter, a half, the double or the fourfold of it.
The first prints the tables, the second draws docs/pictures anew.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import pictures
from benchmarks.judges import Grid, Verdicts, by_blocks, curtailed, deflated, once, peeking
from benchmarks.machine import in_use, made_by, main
from benchmarks.queueing import Times, arrivals, design_effect, latencies, services
from benchmarks.tables import publish, table, upper_bound
from grader.exam.gang import TICK_S
from grader.exam.run import ALPHA
from grader.judge.decide import Errors

RATE, WARM_S, EXAM_S, BLOCK_S = 60, 20, 12, 1
TARGET = 0.95
UTILISATIONS = (0.3, 0.6, 0.8)
FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Queue:
    """A system under load: how requests arrive and are served, by how many servers, and which share of them is busy."""

    arrive: str
    serve: str
    servers: int
    utilisation: float


@dataclass(frozen=True)
class Exams:
    """Many exams of one queue.

    Attributes:
        due: seconds since the exam began (exams x requests).
        bad: whether each request took longer than T.
        done: when it was answered, as `due`.
    """

    due: Times
    done: Times
    bad: Grid

    @property
    def looks(self) -> tuple[Grid, Grid]:
        """Bad and all requests answered by each look of the exam; the last one waits for all."""
        times = [*np.arange(TICK_S, EXAM_S, TICK_S), np.inf]
        seen = [self.done <= time for time in times]
        return (
            np.stack([(answered & self.bad).sum(axis=1) for answered in seen], axis=1),
            np.stack([answered.sum(axis=1) for answered in seen], axis=1),
        )

    @property
    def blocks(self) -> Grid:
        """The bad share of each block of requests (exams x blocks)."""
        shares: Grid = self.bad.reshape(len(self.bad), -1, RATE * BLOCK_S).mean(axis=2)
        return shares


class Simulation:
    """Exams of any queue, `exams` of them; arrivals are made once."""

    def __init__(self, exams: int, seed: int) -> None:
        self.seed = seed
        self.due = {kind: arrivals(kind, exams, RATE, WARM_S + EXAM_S, seed) for kind in ("even", "poisson")}

    def held(self, queue: Queue, factors: Sequence[float] = FACTORS) -> Iterator[tuple[float, Exams]]:
        """Exams with the true bad ratio at each factor of the bound; T is from as long a run of its own."""
        due = self.due[queue.arrive]
        rng = np.random.default_rng([self.seed, queue.servers, round(100 * queue.utilisation)])
        long_run, taken = (self._latencies(queue, due, rng) for _ in range(2))
        began = due[:, WARM_S * RATE :] - WARM_S
        for factor in factors:
            slowest_good = np.quantile(long_run, 1 - factor * (1 - TARGET))
            yield factor, Exams(began, began + taken, taken > slowest_good)

    @staticmethod
    def _latencies(queue: Queue, due: Times, rng: np.random.Generator) -> Times:
        mean = queue.servers * queue.utilisation / RATE
        return latencies(due, services(queue.serve, mean, due.shape, rng), queue.servers)[:, WARM_S * RATE :]


@dataclass(frozen=True)
class Row:
    """What came out for one queue: the design effect at the bound, and verdicts by factor and way of judging."""

    queue: Queue
    effect: float
    verdicts: Mapping[tuple[float, str], Verdicts]

    def rate(self, factor: float, way: str, verdict: int) -> str:
        """Per cent of exams with that verdict, and the bound it lies below (one-sided 95 %, Clopper-Pearson)."""
        found = self.verdicts[factor, way]
        hits = int((found == verdict).sum())
        return f"{100 * hits / len(found):.1f} (< {100 * upper_bound(hits, len(found)):.1f})"

    def share(self, factor: float, way: str, verdict: int) -> float:
        """Share of exams with that verdict."""
        return float((self.verdicts[factor, way] == verdict).mean())


def queues() -> list[Queue]:
    """Those of the tables: the generator's arrivals with one and four servers, and Poisson arrivals for contrast."""
    kinds = [("even", 4), ("even", 1), ("poisson", 4)]
    services_ = ("exponential", "lognormal")
    return [Queue(a, s, servers, u) for a, servers in kinds for s in services_ for u in UTILISATIONS]


def simulate(
    queue: Queue, simulation: Simulation, errors: Errors, shared: Errors, factors: Sequence[float] = FACTORS
) -> Row:
    """All exams of a queue, judged in every way; `shared` are the errors of an objective of an exam that has six."""
    verdicts: dict[tuple[float, str], Verdicts] = {}
    effect = 0.0
    for factor, exams in simulation.held(queue, factors):
        late, seen = exams.looks
        blocks = exams.blocks
        verdicts[factor, "ours"] = curtailed(late, seen, TARGET, errors)
        verdicts[factor, "ours, six"] = curtailed(late, seen, TARGET, shared)
        verdicts[factor, "peeking"] = peeking(late, seen, TARGET, errors)
        verdicts[factor, "once"] = once(late, seen, TARGET, errors)
        verdicts[factor, "blocks"] = by_blocks(blocks, TARGET, errors)
        verdicts[factor, "deflated"] = deflated(blocks, exams.bad.shape[1], TARGET, errors)
        if factor == 1:
            effect = design_effect(exams.bad, RATE * BLOCK_S)
    return Row(queue, effect, verdicts)


def _name(queue: Queue) -> list[str]:
    return [f"{queue.arrive}, {queue.serve}, {queue.servers}", f"{100 * queue.utilisation:.0f} %"]


def at_the_bound(rows: list[Row]) -> str:
    """Table: wrong verdicts where the truth lies on the bound itself, by the ways of judging."""
    head = [
        "arrivals, service, servers",
        "busy",
        "design effect",
        "ours: pass",
        "fail",
        "fail, of six",
        "peeking: pass",
    ]
    head += ["fail", "blocks: pass", "fail", "deflated: pass", "fail"]
    cells = []
    for row in rows:
        line = [f"{row.effect:.1f}", row.rate(1, "ours", 1), row.rate(1, "ours", -1), row.rate(1, "ours, six", -1)]
        for way in ("peeking", "blocks", "deflated"):
            line += [f"{100 * row.share(1, way, verdict):.1f}" for verdict in (1, -1)]
        cells.append([*_name(row.queue), *line])
    return table(head, cells)


def off_the_bound(rows: list[Row]) -> str:
    """Table: our verdicts at a quarter and a half, the double and the fourfold of the bound."""
    head = [
        "arrivals, service, servers",
        "busy",
        "quarter: wrong fail, of six",
        "half: wrong fail",
        "of six",
        "right pass",
    ]
    head += ["double: wrong pass", "right fail", "fourfold: wrong pass"]
    cells = []
    for row in rows:
        well = [(0.25, "ours, six", -1), (0.5, "ours", -1), (0.5, "ours, six", -1), (0.5, "ours", 1)]
        ill = [(2.0, "ours", 1), (2.0, "ours", -1), (4.0, "ours", 1)]
        cells.append([*_name(row.queue), *(row.rate(*each) for each in well + ill)])
    return table(head, cells)


def other_ways(rows: list[Row]) -> str:
    """Table: right verdicts at half and at double the bound, by the ways of judging; what is missing is undecided."""
    ways = ("ours", "once", "blocks", "deflated")
    head = ["arrivals, service, servers", "busy", *(f"{way}: pass / fail" for way in ways)]
    cells = [
        [*_name(row.queue), *(f"{100 * row.share(0.5, w, 1):.0f} / {100 * row.share(2.0, w, -1):.0f}" for w in ways)]
        for row in rows
    ]
    return table(head, cells)


def faulty(exams: int, errors: Errors, seed: int) -> str:
    """Table: a fault that spoils 60 % of the requests of 3 s in 12, and none of the others: what is said of it."""
    rng = np.random.default_rng(seed)
    bad = np.zeros((exams, RATE * EXAM_S), dtype=bool)
    hit = slice(4 * RATE, 7 * RATE)
    bad[:, hit] = rng.random((exams, 3 * RATE)) < 0.6
    due = np.broadcast_to(np.arange(RATE * EXAM_S) / RATE, bad.shape)
    held = Exams(due, due + 0.05, bad)
    late, seen = held.looks
    ways = {
        "ours": curtailed(late, seen, TARGET, errors),
        "peeking": peeking(late, seen, TARGET, errors),
        "blocks": by_blocks(held.blocks, TARGET, errors),
        "deflated": deflated(held.blocks, bad.shape[1], TARGET, errors),
    }
    lines = [[way, *(f"{100 * float((found == v).mean()):.1f}" for v in (-1, 1, 0))] for way, found in ways.items()]
    return table(["15 % bad, all of them in 3 s of 12", "fail", "pass", "undecided"], lines)


def command() -> int:
    """Simulate, print the tables, draw the pictures if asked; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.dependence", description="Error rates over dependent requests.")
    parser.add_argument("--exams", type=int, default=4000, help="of each queue and bound (default 4000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    parser.add_argument("--pictures", action="store_true", help="only draw docs/pictures/*.svg anew")
    options = parser.parse_args()
    above = made_by(["dependence", f"--exams {options.exams}"], in_use())
    errors, shared = Errors.of_exam(ALPHA, 1), Errors.of_exam(ALPHA, 6)
    simulation = Simulation(options.exams, options.seed)
    if options.pictures:
        pictures.draw_all(_curves(simulation, errors, shared))
        return 0
    rows = [_said(simulate(queue, simulation, errors, shared)) for queue in queues()]
    publish("dependence-at", f"{above}\n\n{at_the_bound(rows)}", options.write)
    publish("dependence-off", off_the_bound(rows), options.write)
    publish("dependence-ways", other_ways(rows), options.write)
    publish("dependence-fault", faulty(options.exams, errors, options.seed), options.write)
    return 0


def _said(row: Row) -> Row:
    print(" ".join(_name(row.queue)), file=sys.stderr, flush=True)
    return row


def _curves(simulation: Simulation, errors: Errors, shared: Errors) -> dict[str, list[tuple[float, float]]]:
    """Wrong verdicts at the bound against utilisation, of the generator's arrivals and exponential service."""
    curves: dict[str, list[tuple[float, float]]] = {"peeking": [], "once": [], "ours": []}
    for utilisation in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85):
        row = simulate(Queue("even", "exponential", 4, utilisation), simulation, errors, shared, factors=(1.0,))
        for way, points in curves.items():
            points.append((100 * utilisation, 100 * (row.share(1, way, 1) + row.share(1, way, -1))))
    return curves


if __name__ == "__main__":
    main(command)
