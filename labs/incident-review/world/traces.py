"""What requests left behind: spans of a quarter of them, and logs of what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from common.names import generator
from kinds import Columns, Incident
from scene import CALLERS, Scene

if TYPE_CHECKING:
    from crowd import Crowd

SAMPLED = 1 / 4
"""Of all requests; each by itself."""

CHATTY, CHATTER = (0.15, 0.25), (0.1, 0.2)
"""Of calls of the service that is loud and harmless, and of what the service at fault says at all times."""

TOLD = 0.75, 0.92
"""Of payments that the fault met, those of which the service at fault logs it: whoever calls it logs more."""


def traces(made: Scene, came: Crowd, seed: int | str, case: Incident, again: int) -> tuple[dict[str, Columns], str]:
    """Tables `spans` and `logs`, and the code that tells why."""
    rng = generator(seed, case["id"], "traces", again)
    numbers = np.random.default_rng(rng.getrandbits(64))
    path = made.path
    own = [role for role in path if role != "party"]
    codes = iter(f"E{number}" for number in rng.sample(range(1000, 9999), 3 * len(CALLERS)))
    why, loud, mine = next(codes), next(codes), next(codes)
    upstream = {role: next(codes) for role in own}
    many = len(came.seconds)
    sampled = numbers.random(many) < SAMPLED
    fails = np.where(came.hit, path.index(made.fault), np.where(came.stray >= 0, came.stray, len(path)))
    chatty = numbers.random(many) < rng.uniform(*CHATTY)
    chatter = numbers.random(many) < rng.uniform(*CHATTER)
    speaks = "pay" if made.fault == "party" else made.fault
    loudest = rng.choice([role for role in made.above(made.fault) if role != speaks])
    told = numbers.random(many) < rng.uniform(*TOLD)
    begin = np.zeros(many)
    spans: list[Columns] = []
    logs: list[tuple[np.ndarray, str, str, str]] = []
    for index, role in enumerate(path):
        below = np.isin(fails, [at for at in range(index + 1, len(path)) if role in made.above(path[at])])
        first = came.pays & (fails == index)
        there = came.pays & (fails >= index)
        wrong = first | (below & came.pays) | (there & chatty if role == "extra" else False)
        spent = numbers.lognormal(2.6, 0.5, many) + np.where(first, numbers.uniform(300, 2500, many), 0)
        spans.append(_spans(made, came, role, there & sampled, begin, spent, wrong))
        begin += np.where(there, numbers.uniform(2, 6, many), 0)
        if role == "party":
            logs.append((first & came.hit & told, speaks, "error", why))
            logs.append((first & ~came.hit, "pay", "error", upstream["pay"]))
            continue
        logs.append((first & came.hit & told, role, "error", why))
        logs.append((first & ~came.hit, role, "error", upstream[role]))
        if not (role == "pay" and made.fault == "party"):
            for share in (1.0, 0.5) if role == loudest else (0.4,):  # one service above tells of it twice
                logs.append((below & came.pays & (numbers.random(many) < share), role, "error", upstream[role]))
        if role == "extra":
            logs.append((there & chatty, role, "error", loud))
        if role == speaks:
            logs.append((there & chatter, role, "warn", mine))
    looks = ~came.pays & sampled
    for role in ("edge", "catalogue"):
        spans.append(_spans(made, came, role, looks, np.zeros(many), numbers.lognormal(3, 0.5, many), looks & False))
    whole = {name: np.concatenate([each[name] for each in spans]) for name in spans[0]}
    order = np.lexsort((whole["begin_ms"], whole["request"]))
    return {
        "spans": {name: values[order] for name, values in whole.items()},
        "logs": _logs(made, came, logs, numbers),
    }, why


def _spans(
    made: Scene, came: Crowd, role: str, which: np.ndarray, begin: np.ndarray, spent: np.ndarray, wrong: np.ndarray
) -> Columns:
    many = int(which.sum())
    caller = "edge" if role == "catalogue" else CALLERS[role]
    if role == "party":
        other = (came.party == made.where[0]) & (came.seconds >= made.effect) if made.fault == "party" else False
        service = np.array(made.parties, object)[np.where(other, 1 - came.party, came.party)[which]]
        host = version = np.full(many, None, object)
    else:
        service = np.full(many, made.names[role], object)
        at = _host(made, came, role)[which]
        host = np.array(made.hosts[role], object)[at]
        version = made.versions(role, came.seconds[which], at)
    return {
        "request": came.requests["request"][which],
        "service": service,
        "caller": np.full(many, made.names[caller] if caller else None, object),
        "host": host,
        "version": version,
        "begin_ms": np.round(begin[which]).astype(np.int64),
        "self_ms": np.round(spent[which]).astype(np.int64),
        "error": wrong[which],
    }


def _host(made: Scene, came: Crowd, role: str) -> np.ndarray:
    """Numbers of hosts: a drained one is met no more."""
    at = came.hosts[role]
    if made.kind == "host" and role == made.fault:
        return np.where((at == made.where[0]) & (came.seconds >= made.effect), (at + 1) % 3, at)
    return at


def _logs(
    made: Scene, came: Crowd, logs: list[tuple[np.ndarray, str, str, str]], numbers: np.random.Generator
) -> Columns:
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("ts", "request", "service", "host", "level", "code")}
    for which, role, level, code in logs:
        many = int(which.sum())
        late = numbers.uniform(5, 300, many).astype("timedelta64[ms]")
        parts["ts"].append(came.requests["ts"][which] + late)
        parts["request"].append(came.requests["request"][which])
        parts["service"].append(np.full(many, made.names[role], object))
        parts["host"].append(np.array(made.hosts[role], object)[_host(made, came, role)[which]])
        parts["level"].append(np.full(many, level, object))
        parts["code"].append(np.full(many, code, object))
    whole = {name: np.concatenate(each) for name, each in parts.items()}
    order = np.argsort(whole["ts"], kind="stable")
    return {name: values[order] for name, values in whole.items()}
