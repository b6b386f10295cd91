"""Affinity, second try: pairs that were bought together. The experiment of 2022 and 2023."""

import csv
import math
from pathlib import Path

import columns

PAIRS = Path(__file__).parent / "pairs.csv"
LEAST = 5
_pairs = {}


def affinity_v2(row, basket):
    """The mean affinity to what is in the basket; None if no pair is known."""
    if not _pairs:
        _pairs.update(load_pairs(PAIRS))
    found = [_pairs.get(pair_key(row[columns.PART], other[columns.PART])) for other in basket]
    found = [one for one in found if one is not None]
    return sum(found) / len(found) if found else None


def load_pairs(path):
    """The nightly job's file. It is empty if there is none, the job may be late."""
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        counts = {pair_key(one, other): int(count) for one, other, count in csv.reader(file)}
    return normalised_pairs(counts)


def pair_key(one, other):
    """The same for both orders."""
    return (one, other) if one < other else (other, one)


def normalised_pairs(counts):
    """Counts become numbers from 0 to 1; pairs that are seldom bought are left out."""
    often = {pair: count for pair, count in counts.items() if count >= LEAST}
    most = max(often.values(), default=1)
    return {pair: math.log1p(count) / math.log1p(most) for pair, count in often.items()}


def jaccard_of_baskets(one, other):
    """What two baskets share."""
    one, other = set(one), set(other)
    if not one | other:
        return 0.0
    return len(one & other) / len(one | other)
