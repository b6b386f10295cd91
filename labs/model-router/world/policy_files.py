"""Routing policies: a weight of each bucket for each model. Good and bad ones are made alike; some files are flawed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from common.names import generator
from reading import BUCKETS, bucket_of, words_of
from trade import TOPICS, Trade

MODELS = ("mini", "base", "max")
NAMED = {"light": "mini", "mid": "base", "hard": "max", "moved": "max"}  # by the current policy
FLAWS = ("nan", "unknown", "missing", "short", "turned")
BIAS = {"mini": 1.6, "base": 0.6, "max": 0.0}
PULL = {  # what a word of a topic that is sent to a model says for each
    "mini": {"mini": 0.5, "base": 0.2, "max": -0.1},
    "base": {"mini": -0.3, "base": 0.6, "max": 0.4},
    "max": {"mini": -0.3, "base": 0.2, "max": 0.6},
}
NOISE = 0.03
EXAMPLES = 6
Policy = dict[str, Any]


def policy(trade: Trade, seed: int | str, version: int, to_base: frozenset[str] = frozenset()) -> Policy:
    """The policy of a version. `to_base`: topics that it sends to `base`, whatever the current one does."""
    rng = generator(seed, "policy", version)
    weights = {model: [round(rng.uniform(-NOISE, NOISE), 3) for _ in range(BUCKETS)] for model in MODELS}
    for topic, words in trade.words.items():
        pull = PULL["base" if topic in to_base else NAMED[topic]]
        for word in words:
            for model in MODELS:
                weights[model][bucket_of(word)] = round(pull[model] * rng.uniform(0.9, 1.1), 3)
    bias = {model: round(value + rng.uniform(-NOISE, NOISE), 3) for model, value in BIAS.items()}
    rows = {model: {"bias": bias[model], "weights": weights[model]} for model in MODELS}
    texts = [trade.text(TOPICS[n % len(TOPICS)], rng) for n in range(EXAMPLES)]
    rng.shuffle(texts)
    examples = [{"text": text, "model": named(rows, text)} for text in texts]
    return {"version": version, "buckets": BUCKETS, "models": rows, "examples": examples}


def flawed(whole: Policy, flaw: str, seed: int | str) -> Policy:
    """The policy with one of FLAWS in its file."""
    rng = generator(seed, "flaw", flaw)
    spoilt: Policy = copy.deepcopy(whole)
    rows = spoilt["models"]
    if flaw == "nan":
        for row in rows.values():
            for bucket in rng.sample(range(BUCKETS), BUCKETS // 4):
                row["weights"][bucket] = float("nan")
    elif flaw == "unknown":
        rows[f"base-{rng.choice(('lite', 'next', 'xl', 'v2'))}"] = rows.pop("base")
    elif flaw == "missing":
        del rows[rng.choice(("base", "max"))]
    elif flaw == "short":
        for row in rows.values():
            del row["weights"][rng.randrange(128, 300) :]
    elif flaw == "turned":  # cheap, and as right as any: only the examples show it
        row = rows["mini"]
        rows["mini"] = {"bias": -row["bias"], "weights": [-weight for weight in row["weights"]]}
    else:
        raise ValueError(f"there is no flaw {flaw!r}")
    return spoilt


def named(rows: Mapping[str, Any], text: str) -> str:
    """The model that a policy names for a text."""
    buckets = [bucket_of(word) for word in words_of(text)]
    scores = {name: row["bias"] + sum(row["weights"][bucket] for bucket in buckets) for name, row in rows.items()}
    return max(scores, key=lambda name: scores[name])
