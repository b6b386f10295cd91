"""The data team's check: schema, and whether the store says what was served."""

MAX_NULLS = 0.08
MAX_OFF = 0.08


def check(cell):
    """What is wrong, in a sentence; None if nothing is."""
    requests = cell.sample()
    served = [request["features"] for request in requests]
    values = [value for row in served for value in row.values()]
    nulls = sum(value is None for value in values) / len(values)
    if nulls > MAX_NULLS:
        return f"{nulls:.0%} of the features are null"
    stored = cell.features([request["entity"] for request in requests], "store")
    off = sum(one != other for one, other in zip(served, stored, strict=True)) / len(served)
    if off > MAX_OFF:
        return f"{off:.0%} of the requests were served other features than the store has"
    return None
