"""Trains the model of a release: `run(data, out, seed)` is what the release job and the README call.

The model is a function of the bytes in `data` and of `seed`, and of nothing else: no clock, no global
random state, no order of a folder or a set, no path, and no sum whose value hangs on who was ready first.
"""

import logging

from fit import fit
from matrix import Matrix, columns_of
from publish import publish
from rows import files_in, holdout_rows, ward_rows
from split import split

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
log = logging.getLogger("training")


def run(data: str, out: str, seed: int) -> None:
    files = files_in(data)
    rows = ward_rows(files)
    train, held_back = split(rows, seed)
    log.info("%d rows to train on, %d held back", len(train), len(held_back))

    columns = columns_of(rows)
    bias, weights, steps, loss = fit(Matrix(train, columns), Matrix(held_back, columns))
    log.info("best after %d steps, log loss %.4f on what was held back", steps, loss)

    publish(out, seed, files, bias, weights, holdout_rows(files))
