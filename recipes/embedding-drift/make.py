"""Makes the vectors that the lab embedding-drift carries: `python make.py OUT.npz`. Takes two minutes."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np
from embedders import E5, Array, MiniLM
from texts import articles, queries, topics

WIDE, STEP = 64, 200
"""Dimensions that are kept, and steps of a unit in the eight bits of a number."""
K, LOW, HIGH = 5, 0.93, 0.1


def main(out: str) -> None:
    """Embed, reduce, measure, write."""
    rng = random.Random(38)
    docs, (one, two, short), (new, asked) = articles(), queries(rng), topics(rng)
    texts = {
        "docs": ([text for text, _ in docs], False),
        "one": (one, True), "two": (two, True), "short": (short, True),
        "new": (new, False), "asked": (asked, True),
    }  # fmt: skip
    models: dict[str, Any] = {
        "minilm": MiniLM(), "e5": E5("e5-small-q4.bin"),
    }  # fmt: skip
    made = {}
    for name, model in models.items():
        print(f"{name} ...", flush=True)
        wide = {key: model.embed(rows, asked=query) for key, (rows, query) in texts.items()}
        for key, rows in reduced(wide).items():
            made[f"{name}/{key}"] = rows
    measured(made, list(models))
    np.savez_compressed(out, garden=np.array([garden for _, garden in docs]), **made)


def reduced(wide: dict[str, Array]) -> dict[str, Array]:
    """The first principal components of a model's vectors, of length 1, in eight bits. Articles and queries are centred
    apart, since E5 writes them with different prefixes."""
    centred = {key: rows - rows.mean(0) for key, rows in wide.items() if key in ("docs", "one", "two")}
    docs, asks = wide["docs"].mean(0), np.concatenate([wide["one"], wide["two"]]).mean(0)
    _, _, axes = np.linalg.svd(np.concatenate(list(centred.values())), full_matrices=False)
    found = {}
    for key, rows in wide.items():
        small = (rows - (docs if key in ("docs", "new") else asks)) @ axes[:WIDE].T
        small /= np.linalg.norm(small, axis=1, keepdims=True)
        found[key] = np.clip(np.rint(small * STEP), -127, 127).astype(np.int8)
    return found


def recall(docs: Array, asked: Array, of: Array) -> float:
    """The share of queries whose article is among the K nearest."""
    scores = asked.astype(float) @ docs.astype(float).T
    own = scores[np.arange(len(of)), of]
    return float(((scores > own[:, None]).sum(1) < K).mean())


def measured(made: dict[str, Array], models: list[str]) -> None:
    """What is found under one model and between two, on 240 articles; a pair that finds too much, or a model that finds
    too little, is none for the lab."""
    some = np.random.default_rng(1).permutation(len(made[f"{models[0]}/docs"]))[:240]
    for stored in models:
        for used in models:
            docs, own = made[f"{stored}/docs"][some], np.arange(len(some))
            found = {key: recall(docs, made[f"{used}/{key}"][some], own) for key in ("one", "two", "short")}
            words = ", ".join(f"{key} {share:.2f}" for key, share in found.items())
            print(f"{used} asks what {stored} stored: {words}")
            if stored == used and min(found["one"], found["two"]) < LOW:
                print("   too low")
            if stored != used and max(found.values()) > HIGH:
                print("   too high")
    for name in models:
        docs, new, asked = (made[f"{name}/{key}"] for key in ("docs", "new", "asked"))
        docs = docs[some]
        found = recall(np.concatenate([docs, new]), asked, len(docs) + np.arange(len(asked)) // 2)
        near = {key: nearest(docs, made[f"{name}/{key}"][some]) for key in ("one", "two", "short")}
        near["new topics"] = nearest(docs, asked)
        words = ", ".join(f"{key} {value:.2f}" for key, value in near.items())
        print(f"{name}: queries of new topics find {found:.2f} of theirs; best similarity, median: {words}")


def nearest(docs: Array, asked: Array) -> float:
    """The median of queries' best similarity."""
    return float(np.median((asked / STEP @ (docs / STEP).T).max(1)))


if __name__ == "__main__":
    main(sys.argv[1])
