"""Whether a pool has enough to do."""

BUSY = 0.70


def busy(seen):
    return seen["cpu"] > BUSY


def idle(seen):
    return not busy(seen) and seen["waiting"] == 0
