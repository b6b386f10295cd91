"""What else is kept of an evening: gauges, pages, posts on the status page, and incidents of the past."""

from __future__ import annotations

from random import Random

import numpy as np
from common.names import generator, named
from kinds import FORETOLD, Columns, Incident
from scene import HOSTS, MINUTE, Scene

GAUGES = "cpu", "pool", "disk"


def rest(made: Scene, seed: int | str, case: Incident, again: int) -> dict[str, Columns]:
    """Tables `gauges`, `pages`, `posts`, `history`."""
    rng = generator(seed, case["id"], "rest", again)
    return {
        "gauges": gauges(made, rng, "foretold" in case["factors"]),
        "pages": pages(made, rng),
        "posts": posts(made, rng),
        "history": history(made, rng, (str(seed), case["id"], str(again)), "repeat" in case["factors"]),
    }


def gauges(made: Scene, rng: Random, foretold: bool) -> Columns:
    """A row a minute and host. The fault shows on its hosts; in some evenings it stood there for long."""
    numbers = np.random.default_rng(rng.getrandbits(64))
    minutes = np.arange(int(made.length / MINUTE)) * MINUTE
    loud = rng.choice([role for role in made.names if role != made.fault])
    shows = {"version": "cpu", "config": "pool", "host": "disk"}.get(made.kind)
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("ts", "host", *GAUGES)}
    for role in made.names:
        for at in range(HOSTS):
            values = {"cpu": numbers.normal(rng.uniform(20, 50), 5, len(minutes)),
                      "pool": numbers.normal(rng.uniform(15, 45), 6, len(minutes)),
                      "disk": rng.uniform(40, 75) + minutes / 6000}  # fmt: skip
            if shows and role == made.fault:
                sick = _sick(made, rng, minutes, at, foretold)
                values[shows] = np.where(sick, numbers.uniform(93, 100, len(minutes)), values[shows])
            elif role == loud and at == 0:  # high all evening, and nobody minds
                values[rng.choice(GAUGES)] = numbers.uniform(92, 99, len(minutes))
            parts["ts"].append(made.start + (1000 * minutes).astype("timedelta64[ms]"))
            parts["host"].append(np.full(len(minutes), made.hosts[role][at], object))
            for name in GAUGES:
                parts[name].append(np.round(np.clip(values[name], 1, 100), 1))
    whole = {name: np.concatenate(each) for name, each in parts.items()}
    order = np.argsort(whole["ts"], kind="stable")
    return {name: values[order] for name, values in whole.items()}


def _sick(made: Scene, rng: Random, minutes: np.ndarray, at: int, foretold: bool) -> np.ndarray:
    """When a gauge of one of the component's hosts is high. Of the first at fault, also long before, and in the last
    minutes before it: many, if they foretold it. Of another, for a few minutes at the begin of the half hour."""
    first = made.where[0]
    spell = (0, made.onset - 31 * MINUTE) if at == first else (made.onset - 29 * MINUTE, made.onset - 22 * MINUTE)
    sick = (minutes >= spell[0]) & (minutes < spell[1]) & (at in (first, (first + 1) % HOSTS))
    if at in made.where:
        before = rng.uniform(FORETOLD + 6, 27) if foretold else rng.uniform(5, 6.5)
        sick |= (minutes >= made.onset - (before * MINUTE if at == first else 0)) & (minutes < made.effect)
    return sick


def pages(made: Scene, rng: Random) -> Columns:
    """Tickets wake nobody; a page before it was about something else."""
    names = [*made.names.values()]
    rows = [(made.onset - rng.uniform(4, 28) * MINUTE, "page"), (made.page, "page")]
    rows += [(made.page + rng.uniform(1, 6) * MINUTE, "page") for _ in range(rng.randint(1, 3))]
    rows += [(made.onset + rng.uniform(0.3, 1.3) * MINUTE, "ticket")]
    rows += [(rng.uniform(0, made.length), "ticket") for _ in range(rng.randint(3, 6))]
    rows.sort()
    return {
        "ts": np.array([made.at(when) for when, _ in rows], "datetime64[s]"),
        "urgency": [urgency for _, urgency in rows],
        "service": [rng.choice(names) for _ in rows],
    }


def posts(made: Scene, rng: Random) -> Columns:
    """The status page: the first word, news, and works that were planned."""
    rows = [(made.word, "incident")]
    rows += [(made.word + rng.uniform(3, 15) * MINUTE * turn, "incident") for turn in range(1, rng.randint(2, 4))]
    rows += [(made.onset + rng.uniform(0.5, 3.5) * MINUTE, "planned"), (rng.uniform(0, 1500), "planned")]
    rows += [(made.onset - rng.uniform(200, 900) * MINUTE, "incident")]
    rows.sort()
    return {"ts": np.array([made.at(when) for when, _ in rows], "datetime64[s]"), "kind": [kind for _, kind in rows]}


def history(made: Scene, rng: Random, key: tuple[str, ...], repeat: bool) -> Columns:
    """Incidents of half a year: of the same component in the last 90 days, or only before."""
    others = [name for name in (*made.names.values(), *made.parties) if name != made.component]
    rows = [(rng.randint(2, 180), rng.choice(others)) for _ in range(rng.randint(10, 16))]
    rows += [(rng.randint(105, 175), made.component) for _ in range(rng.randint(1, 3))]
    rows += [(rng.randint(10, 75), made.component) for _ in range(rng.randint(1, 3) if repeat else 0)]
    rows.sort(reverse=True)
    day = made.start.astype("datetime64[D]")
    return {
        "incident": [f"i-{named(*key, 'past', at, size=3)}" for at in range(len(rows))],
        "day": np.array([day - np.timedelta64(days, "D") for days, _ in rows]).astype("datetime64[s]"),
        "component": [component for _, component in rows],
    }
