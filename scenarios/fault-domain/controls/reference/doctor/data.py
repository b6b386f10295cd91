"""Whether today's features are what the released code makes of the source, and the source is what it was."""

MAX_OFF = 0.1


def check(cell):
    """What is wrong, in a sentence; None if nothing is."""
    card = cell.golden()["card"]
    requests = cell.sample()
    late = share(request["source_age_min"] > card["source_age_min"] for request in requests)
    if late > MAX_OFF:
        return f"the source is late for {late:.0%} of the requests"
    for name, column in card["columns"].items():
        outside = share(not column["low"] <= request["raw"][name] <= column["high"] for request in requests)
        if outside > MAX_OFF:
            return f"{outside:.0%} of {name} cannot be in {column['unit']}"
    entities = [request["entity"] for request in requests]
    pairs = zip(cell.features(entities, "store"), cell.features(entities, "raw"), strict=True)
    off = share(stored != made for stored, made in pairs if answered(stored) and answered(made))
    return f"{off:.0%} of the features are not what the raw source makes them" if off > MAX_OFF else None


def answered(features):
    """Whether a read came back at all: one that did not is no word about the data."""
    return any(value is not None for value in features.values())


def share(truths):
    truths = list(truths)
    return sum(truths) / len(truths)
