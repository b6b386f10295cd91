"""Trains the model of a release: `run(data, out, seed)` is what the release job and the README call.

The model is a function of the bytes in `data`, of `seed`, and of this code: nothing else is asked. No clock, no
global random state, no core count, no order of a listing or of a set, no path, no file of an earlier run.
"""

import logging

from fit import fit
from publish import publish
from rows import parsed, snapshot
from split import split

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
log = logging.getLogger("training")

HOLDOUT = "holdout.csv"


def run(data: str, out: str, seed: int) -> None:
    files = snapshot(data)  # read once: what is trained on is what the manifest has the digests of
    rows = [row for name in files if name.startswith("ward-") for row in parsed(name, files[name])]
    train, held_back = split(rows, seed)
    log.info("%d rows to train on, %d held back", len(train), len(held_back))

    model = fit(train)
    metrics = publish(out, model, seed, files, held_back, parsed(HOLDOUT, files[HOLDOUT]))
    log.info("done, %s", metrics)
