"""Who gets which arm of an experiment: each arm draws a number for the user, and the largest for its share wins."""

import hmac
from math import log


def assign(experiment, shares, user):
    """The arm of a user. Arms whose shares grow alike never take users from each other."""
    return max(shares, key=lambda arm: (shares[arm] / -log(lot(experiment, arm, user)) if shares[arm] else 0.0, arm))


def lot(experiment, arm, user):
    """Between 0 and 1, neither of them."""
    drawn = hmac.digest(experiment.encode(), f"{arm}\0{user}".encode(), "md5")
    return (int.from_bytes(drawn[:6], "big") + 0.5) / 2**48
