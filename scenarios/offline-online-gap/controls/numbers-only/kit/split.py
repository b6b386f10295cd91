"""Who gets which arm of an experiment. The same user always gets the same one, on every server, without a table."""

from uuid import UUID
from zlib import crc32

import numpy as np


def assign(experiment, shares, user):
    """The arm of a user, from a generator of experiment and user: is there a treatment, and which?"""
    whether, which = np.random.default_rng([crc32(experiment.encode()), number(user)]).random(2)
    treatments = {arm: share for arm, share in shares.items() if arm != "control"}
    treated = sum(treatments.values())
    if whether >= treated:
        return "control"
    at = int(np.searchsorted(np.cumsum(list(treatments.values())), which * treated))
    return list(treatments)[min(at, len(treatments) - 1)]


def number(user):
    """Ids are numbers, or UUIDs."""
    return UUID(user).int if "-" in user else int(user)
