"""What a definition means: its value, of the rows of one customer as they were known at a moment. No input or output.

A row is a mapping with time, the value's column, and the columns of where. Rows come in the order of their time.
"""

from datetime import timedelta
from decimal import Decimal

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def begins(definition, at, midnights):
    """When the window begins, and whether a row exactly then is in it."""
    window = definition["window"]
    if window["kind"] == "calendar":
        return midnights[at, definition["zone"], window["days"]], True
    return at - window["days"] * DAY, False


def value(definition, rows, at, midnights):
    start, included = begins(definition, at, midnights)
    before = [row for row in rows if (start < row["time"] or included and start == row["time"]) and row["time"] <= at]
    where = definition["where"].items()
    kept = [row for row in before if all(row[column] == wanted for column, wanted in where)]
    found = AGGREGATES[definition["aggregate"]](definition, before, kept, at)
    return definition["empty"] if found is None else found


def numbers(definition, kept):
    """Exact: a float of the column real is a sum of powers of two, and Decimal takes it as it is."""
    of = [row[definition["value"]] for row in kept]
    if definition["missing"] == "zero":
        return [Decimal(number or 0) for number in of]
    return [Decimal(number) for number in of if number is not None]


def total(definition, before, kept, at):
    found = numbers(definition, kept)
    return float(sum(found)) if found else None


def mean(definition, before, kept, at):
    found = numbers(definition, kept)
    return float(sum(found) / len(found)) if found else None


def largest(definition, before, kept, at):
    found = numbers(definition, kept)
    return float(max(found)) if found else None


def count(definition, before, kept, at):
    return len(kept) or None


def share(definition, before, kept, at):
    return len(kept) / len(before) if before else None


def days_since(definition, before, kept, at):
    return (at - kept[-1]["time"]) // MICROSECOND / (DAY // MICROSECOND) if kept else None


AGGREGATES = {"sum": total, "mean": mean, "max": largest, "count": count, "share": share, "days_since": days_since}
