"""What comes in is looked at here, and then handed on in the form that the old code has always had."""

import catalogue
import config
from settings import Book

ORDER = ("part", "price", "cost", "weight_g", "stock", "age_days", "lead_h", "fits", "maker")
MEASURED = (1, 2, 3, 5, 6)
book = Book()
good = {}
degraded = {}


def push(document):
    """Settings that the old code gets are whole and right."""
    tenant = book.accept(document)
    config.accept({"tenant": tenant, "config": book.of(tenant)})
    return tenant


def feed(document):
    """Rows that the old code gets are in its order, with the last good values."""
    tenant, at = document["tenant"], [document["columns"].index(column) for column in ORDER]
    rows = [[row[where] for where in at] for row in document["rows"]]
    known = good.setdefault(tenant, {column: {} for column in MEASURED})
    bad = [column for column in MEASURED if in_another_unit(known[column], column, rows)]
    for column in MEASURED:
        if column not in bad:
            known[column] = {row[0]: row[column] for row in rows}
    whole = [row for row in rows if all(row[0] in known[column] for column in MEASURED)]
    for row in whole:
        for column in MEASURED:
            row[column] = known[column][row[0]]
    degraded[tenant] = [ORDER[column] for column in bad]
    return catalogue.take({"tenant": tenant, "rows": whole})


def in_another_unit(known, column, rows):
    """By the part in the middle."""
    ratios = sorted(row[column] / known[row[0]] for row in rows if row[0] in known)
    return bool(ratios) and not 0.5 <= ratios[len(ratios) // 2] <= 2
