"""How likely each outcome of each test is, if this or that is wrong."""

from math import comb

from beliefs import Test

ECHOES, ROWS, BENCHED, READS = 10, 16, 40, 30
NOISE = 0.005
LOSS = 0.33


def infra_tests(nodes):
    """Echoes of each node, ten at a time, and rows side by side on both paths."""
    things = ["well", "throttled"]
    things += [f"{node['name']} loses" for node in nodes]
    things += [f"{node['name']} is slow" for node in nodes if node["role"] == "replica"]
    tests = [echo(node["name"], things) for node in nodes]
    pace = {"slow": dict.fromkeys(things, 0.002), "not slow": dict.fromkeys(things, 0.998)}
    pace["slow"]["throttled"], pace["not slow"]["throttled"] = 0.99, 0.01
    return [*tests, Test("pace", (ROWS,), 8.2, pace)]


def echo(name, things):
    outlook = {word: {} for word in ("none lost", "one lost", "more lost", "slow")}
    for thing in things:
        loss = LOSS if thing == f"{name} loses" else NOISE
        slow = 0.99 if thing == f"{name} is slow" else 0.001
        none, one = (1 - loss) ** ECHOES, ECHOES * loss * (1 - loss) ** (ECHOES - 1)
        for word, share in (("none lost", none), ("one lost", one), ("more lost", 1 - none - one)):
            outlook[word][thing] = share * (1 - slow)
        outlook["slow"][thing] = slow
    return Test("echo", (name, ECHOES), 1.5, outlook)


def model_tests():
    """All golden rows on the bench."""
    things = {
        "well": (0.001, NOISE),
        "wrong weights": (0.8, NOISE),
        "one class": (0.15, NOISE),
        "failing rows": (0.001, 0.1),
    }
    outlook = {word: {} for word in ("clean", "few wrong", "many wrong", "one failed", "more failed", "slow")}
    for thing, (wrong, failed) in things.items():
        spread(outlook, thing, wrong, failed, slow=0.001)
    spread(outlook, "slow artefact", 0.001, NOISE, slow=0.99)
    return [Test("bench", (BENCHED,), 8.0, outlook)]


def spread(outlook, thing, wrong, failed, slow):
    many = sum(comb(BENCHED, k) * wrong**k * (1 - wrong) ** (BENCHED - k) for k in range(6, BENCHED + 1))
    right, whole = (1 - wrong) ** BENCHED, (1 - failed) ** BENCHED
    one = BENCHED * failed * (1 - failed) ** (BENCHED - 1)
    shares = {
        "slow": slow,
        "more failed": (1 - slow) * (1 - whole - one),
        "one failed": (1 - slow) * one,
        "many wrong": (1 - slow) * whole * many,
        "few wrong": (1 - slow) * whole * (1 - many - right),
        "clean": (1 - slow) * whole * right,
    }
    for word, share in shares.items():
        outlook[word][thing] = max(share, 1e-9)


def data_tests():
    """The source against its card, and reads of the store against features made anew."""
    things = ("well", "other unit", "source late", "stale", "nulls")
    card = {"late": "source late", "outside": "other unit"}
    source = {word: {thing: 0.99 if thing == which else 0.001 for thing in things} for word, which in card.items()}
    source["fine"] = {thing: 0.01 if thing in card.values() else 0.998 for thing in things}
    same = {
        "other": {thing: 0.995 if thing in ("stale", "nulls") else 0.001 for thing in things},
        "same": {thing: 0.005 if thing in ("stale", "nulls") else 0.999 for thing in things},
    }
    return [Test("source", (), 5.0, source), Test("store", (READS,), 9.0, same)]
