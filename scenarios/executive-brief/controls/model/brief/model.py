"""What would have been sold: an effect of the week's bucket times a level that moves from day to day, fitted to the
buckets that no outage touched. How far that errs is drawn from what is left over."""

import duckdb
import numpy as np

DAY, WEEK, BACK = 144, 1008, 24  # buckets; so long people come back
ROUNDS, DRAWS, LESS = 12, 600, 1.6  # what is left over is less than it was: the fit took its part


def series(case: duckdb.DuckDBPyConnection) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Sales in UTC by bucket, which of them are touched, and the buckets of each outage."""
    rows = case.sql(
        "SELECT epoch(ts - to_hours(utc_offset)) AS t, sum(amount) FROM sales JOIN regions USING (region)"
        " GROUP BY t ORDER BY t"
    ).fetchall()
    start, sold = rows[0][0], np.array([float(row[1]) for row in rows])
    touched, spans = np.zeros(len(sold), bool), []
    for begins, ends, planned in case.sql(
        "SELECT epoch(begins), epoch(ends), planned FROM outages WHERE status = 'confirmed' ORDER BY begins"
    ).fetchall():
        span = np.arange(int((begins - start) // 600), int((ends - start) // 600) + 1 + BACK)
        touched[span] = True
        if not planned:
            spans.append(span)
    return sold, touched, spans


def fitted(sold: np.ndarray, touched: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of what would have been sold, and what is left over where nothing was touched (else 0)."""
    at, y = np.arange(len(sold)), np.log(np.maximum(sold, 1))
    knots = np.arange(-1, len(sold) // DAY + 1) * DAY + DAY // 2
    hats = np.maximum(0, 1 - np.abs(at[:, None] - knots) / DAY)
    clean, level = ~touched, np.zeros(len(sold))
    many = np.bincount(at[clean] % WEEK, minlength=WEEK)
    pull = np.linalg.inv(hats[clean].T @ hats[clean] + 1e-3 * np.eye(len(knots))) @ hats[clean].T
    for _ in range(ROUNDS):
        effect = np.bincount(at[clean] % WEEK, (y - level)[clean], minlength=WEEK) / many
        level = hats @ (pull @ (y - effect[at % WEEK])[clean])
    fit = effect[at % WEEK] + level
    return fit, np.where(clean, y - fit, 0)


def losses(case: duckdb.DuckDBPyConnection, draws: np.random.Generator) -> tuple[float, float, float]:
    """What all outages took, and between what it lies in 98 of 100."""
    sold, touched, spans = series(case)
    fit, left_over = fitted(sold, touched)
    would = np.exp(fit + left_over[~touched].var() / 2)
    lost = sum(would[span].sum() - sold[span].sum() for span in spans)
    errors = np.zeros(DRAWS)
    for span in spans:  # what is left over in quiet stretches as long as this: a good or a bad spell may last for hours
        long = len(span)
        quiet = np.flatnonzero(np.convolve(touched, np.ones(long), "valid") == 0)
        starts = quiet[draws.integers(0, len(quiet), DRAWS)]
        errors += left_over[starts[:, None] + np.arange(long)] @ would[span] * LESS
    about = np.quantile(np.abs(errors - errors.mean()), 0.985)
    return lost, lost - about, lost + about
