"""The catalogue of each tenant, column by column as CONTRACT.md has them, with the last good values of each."""

from statistics import median

MEASURED = ("price", "cost", "weight_g", "age_days", "lead_h")
TAKEN = ("part", "stock", "fits", "maker", *MEASURED)
LEAST, MOST = 0.5, 2.0
"""The median part keeps its value within these, or the column came in another unit."""


class Catalogues:
    """What is known of each tenant's parts."""

    def __init__(self):
        self._rows, self._good, self._degraded = {}, {}, {}

    def take(self, tenant, columns, rows):
        """A feed; the columns that came in another unit."""
        at = {column: columns.index(column) for column in TAKEN}
        rows = [{column: row[where] for column, where in at.items()} for row in rows]
        good = self._good.setdefault(tenant, {column: {} for column in MEASURED})
        bad = [column for column in MEASURED if changed(good[column], column, rows)]
        for column in MEASURED:
            if column not in bad:
                good[column] = {row["part"]: row[column] for row in rows}
        self._rows[tenant], self._degraded[tenant] = rows, bad
        return bad

    def degraded(self, tenant):
        """Columns whose values are those of an earlier feed."""
        return self._degraded.get(tenant, [])

    def parts(self, tenant):
        """Each part by its id. One that never had a good value in some column is left out."""
        good = self._good.get(tenant, {})
        return {
            row["part"]: row | {column: good[column][row["part"]] for column in MEASURED}
            for row in self._rows.get(tenant, [])
            if all(row["part"] in good[column] for column in MEASURED)
        }


def changed(known, column, rows):
    """Whether a column is in another unit than it was in its last good feed."""
    ratios = [row[column] / known[row["part"]] for row in rows if row["part"] in known]
    return bool(ratios) and not LEAST <= median(ratios) <= MOST
