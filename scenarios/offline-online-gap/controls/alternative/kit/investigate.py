"""What to look at when a model is great offline and poor online. Each suspect has a test of its own."""

import pandas as pd

UNEQUAL_ROWS, SAME_TO = 9, 1e-4
FAR, TWICE = 3.7, 0.02
RANKS = 0.5


def investigate(system):
    """Which of the three usual suspects it is."""
    shares = system["experiment"].pop("shares")
    return {
        "skew": skewed(**system["features"]),
        "experiment": unfair(pd.DataFrame(system["experiment"]), shares),
        "metric": useless(pd.DataFrame(system["launches"])),
    }


def skewed(names, volatile, offline, served):
    """Join, count, name."""
    one, other = (pd.DataFrame(rows, columns=names, dtype=float) for rows in (offline, served))
    differ = (one - other).abs() > SAME_TO * one.abs()
    differ |= one.isna() != other.isna()
    counts = differ.sum().drop(volatile)
    return counts[counts > UNEQUAL_ROWS].index.tolist()


def unfair(rows, shares):
    """Users in two arms; an arm whose size is far from intended; an arm that the earlier experiment tells."""
    rows = rows.drop_duplicates(["users", "arms"])
    twice = rows.users.duplicated(keep=False)
    if twice.mean() > TWICE:
        return True
    rows = rows[~twice]
    for arm, share in shares.items():
        inside = rows.arms == arm
        if far(inside.mean() - share, share, len(rows)):
            return True
        a, b = (inside[rows.earlier == earlier] for earlier in sorted(set(rows.earlier)))
        if far(a.mean() - b.mean(), share, len(a) * len(b) / len(rows)):
            return True
    return False


def far(by, share, count):
    """Whether a share is off by more than chance would have it."""
    return bool(abs(by) > FAR * (share * (1 - share) / count) ** 0.5)


def useless(launches):
    """Whether what was better offline was not better online."""
    return bool(launches["offline"].rank().corr(launches["online"].rank()) < RANKS)
