"""Who gets which arm of an experiment. Drawn once; then we remember."""

import random

REMEMBERED = {}


def assign(experiment, shares, user):
    """The arm of a user; whoever has a treatment keeps it, others may get one when shares are raised."""
    arms = REMEMBERED.setdefault(experiment, {})
    given = arms.get(user)
    if given is None:
        given = arms[user] = (shares, random.choices(list(shares), shares.values())[0])
    before, arm = given
    if arm == "control" and shares["control"] < before["control"]:
        if random.random() > shares["control"] / before["control"]:
            others = [each for each in shares if each != "control"]
            arm = random.choices(others, [shares[each] for each in others])[0]
        arms[user] = (shares, arm)
    return arm
