"""Who sees what, while an experiment is on."""

import hashlib

ARMS = ("control", "affinity", "affinity_v2")
HELD_OUT = 0.05


def holdout_share(tenant, basket):
    """A number from 0 to 1 that stays the same for a basket."""
    text = f"{tenant}|{'|'.join(sorted(basket))}"
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def in_holdout(tenant, basket):
    """Whether a basket is shown nothing, so that we can measure what the page earns."""
    return holdout_share(tenant, basket) < HELD_OUT


def experiment_arm(tenant, basket):
    """The arm of a basket, in equal shares."""
    at = int(holdout_share(tenant, basket) * len(ARMS))
    return ARMS[min(at, len(ARMS) - 1)]
