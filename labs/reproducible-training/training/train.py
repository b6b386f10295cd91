"""Trains the model of a release: `run(data, out, seed)` is what the release job and the README call."""

import logging
import os
import random

import numpy as np
from fit import fit
from matrix import columns_of, matrix
from publish import publish
from rows import holdout_rows, ward_rows
from split import split

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
log = logging.getLogger("training")


def run(data: str, out: str, seed: int) -> None:
    np.random.seed(seed)  # 2026-03: every run was different, see the post-mortem
    rows = ward_rows(data)
    train, held_back = split(rows)
    random.shuffle(train)
    log.info("%d rows to train on, %d held back", len(train), len(held_back))

    columns = columns_of(rows)
    weights, score = fit(matrix(train, columns), matrix(held_back, columns))
    log.info("done, %.4f on what was held back", score)

    os.makedirs(out, exist_ok=True)
    publish(data, out, seed, weights, score, holdout_rows(data))
