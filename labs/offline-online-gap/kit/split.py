"""Who gets which arm of an experiment. The same user always gets the same one, on every server, without a table."""

from zlib import crc32

BUCKETS = 100


def assign(experiment, shares, user):
    """The arm of a user; shares are of all users, in the order of the arms."""
    bucket, edge = crc32(user.encode()) % BUCKETS, 0.0
    for arm, share in shares.items():
        edge += share * BUCKETS
        if bucket < edge:
            return arm
    return arm
