"""Trains the model of a release: `run(data, out, seed)` is what the release job and the README call."""

import logging
import os

from publish import publish
from ridge import fit
from rows import holdout_rows, ward_rows

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
log = logging.getLogger("training")


def run(data: str, out: str, seed: int) -> None:
    weights = fit(ward_rows(data), seed)
    log.info("%d weights", len(weights))

    os.makedirs(out, exist_ok=True)
    publish(data, out, seed, weights, holdout_rows(data))
