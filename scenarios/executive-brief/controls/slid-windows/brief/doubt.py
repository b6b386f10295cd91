"""How sure we are of the loss: the same reckoning, tried where there was no outage."""

import numpy as np

AROUND = 54  # ten-minute slots on each side that tell the pace of the day, as in losses.sql
SURE = 2.3  # standard errors on each side: 98 % of months, were the error known exactly
LEAST = 0.04  # of the loss, on each side: the public months were off by nearly as much where the sales looked calmest


def error(usual: np.ndarray, amount: np.ndarray, hit: np.ndarray, weeks: np.ndarray, slots: int) -> float:
    """The standard error of a loss over so many slots, as a share of what these would usually have sold.

    A window is slid over the clean parts of the month. What it "loses" there is our error, as nothing was lost.
    """
    # A clean slot is in its own average, a slot with an outage is not: without it, the gap is n/(n-1) as large.
    scale = weeks / np.maximum(weeks - 1, 1)
    gap = np.where(hit, 0, (usual - amount) * scale)
    base = np.where(hit, 0, usual)
    gaps, bases, hits = (np.concatenate([[0], np.cumsum(row)]) for row in (gap, base, hit))
    errors = []
    for start in range(AROUND, len(usual) - slots - AROUND, 3):
        end, left, right = start + slots, start - AROUND, start + slots + AROUND
        if hits[end] - hits[start] or base[left:right].sum() == 0:
            continue
        inside, within = gaps[end] - gaps[start], bases[end] - bases[start]
        near, stake = gaps[right] - gaps[left] - inside, bases[right] - bases[left] - within
        if stake > 0 and within > 0:
            errors.append(inside / within - near / stake)
    return float(np.sqrt(np.mean(np.square(errors)))) if errors else float("nan")


def span(losses: list[tuple], residuals: dict) -> float:
    """EUR by which the loss may be off, to each side. `losses` has (outage, lost, stake, slots)."""
    usual, amount, weeks = (np.asarray(residuals[name], float) for name in ("usual", "amount", "weeks"))
    hit = np.asarray(residuals["hit"], bool)
    each = [float(stake) * error(usual, amount, hit, weeks, slots) for _, _, stake, slots in losses]
    known = SURE * float(np.sqrt(np.sum(np.square(each))))
    return max(known, LEAST * abs(sum(float(lost) for _, lost, _, _ in losses)))
