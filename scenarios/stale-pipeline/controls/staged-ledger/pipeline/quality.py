"""Whether a batch can be used: what the contract says, then what people counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from contracts import Contract, Version
from settings import NUMBERS

SAME_SCALE = 5.0
NOT_MOVED = 8.0
ENOUGH = 8


class Unusable(Exception):
    """Why a batch cannot be used, in words for whoever is paged."""


def inspect(batch: Any, contract: Contract, market: str, day: str, audit: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of a sound batch in our names and canonical units.

    Raises:
        Unusable: it is not sound.
    """
    if not isinstance(batch, dict) or not isinstance(batch.get("columns"), dict):
        raise Unusable("the answer is no batch")
    if (batch.get("market"), batch.get("day")) != (market, day):
        raise Unusable(f"the batch is of {batch.get('market')} {batch.get('day')}")
    version = contract.version(day, batch.get("schema"))
    if version is None:
        raise Unusable("no version of the contract is in force on that day")
    try:
        frame = _frame(batch["columns"], version)
        _check(frame, version, day)
    except (TypeError, ValueError) as error:
        raise Unusable(f"the columns make no table: {error}") from error
    rows = pd.DataFrame(
        {name: version.columns[name].canonical(frame[name].to_numpy(dtype=float)) for name in NUMBERS}
    )
    if audit is not None:
        _compare(rows, audit)
    return rows


def _frame(columns: dict[str, Any], version: Version) -> pd.DataFrame:
    gone = [spec.name for spec in version.columns.values() if not isinstance(columns.get(spec.name), list)]
    if gone:
        raise Unusable(f"columns gone: {', '.join(gone)}")
    lengths = {len(columns[spec.name]) for spec in version.columns.values()}
    if len(lengths) > 1:
        raise Unusable(f"columns of different lengths, {min(lengths)} to {max(lengths)}")
    return pd.DataFrame({ours: columns[spec.name] for ours, spec in version.columns.items()})


def _check(frame: pd.DataFrame, version: Version, day: str) -> None:
    least = max(1, version.min_rows)
    if len(frame) < least:
        raise Unusable(f"{len(frame)} rows, at least {least} were agreed")
    missing = frame.isna().sum() + frame[["sku", "date"]].eq("").sum().reindex(frame.columns, fill_value=0)
    if missing.any():
        raise Unusable(f"values missing: {missing[missing > 0].to_dict()}")
    if not frame["date"].eq(day).all():
        raise Unusable(f"rows of other days: {sorted(map(str, frame['date'].unique()))[:3]}")
    if twice := int(frame["sku"].duplicated().sum()):
        raise Unusable(f"{twice} rows are there twice")
    for name in NUMBERS:
        spec = version.columns[name]
        if frame[name].dtype.kind not in "iuf":
            raise Unusable(f"{spec.name} ({name}) has values that are no numbers")
        values, (low, high) = frame[name].to_numpy(dtype=float), spec.limits
        if outside := int((~((values >= low) & (values <= high) & np.isfinite(values))).sum()):
            raise Unusable(f"{outside} values of {spec.name} ({name}) are not within {low:g} to {high:g}")


def _compare(rows: pd.DataFrame, audit: pd.DataFrame) -> None:
    """A wrong unit within the limits. Only what no chance explains: five times the spread, eight spreads away."""
    for name in NUMBERS:
        counted, said = audit[name].to_numpy(), rows[name].to_numpy()
        if (counted != np.median(counted)).sum() < ENOUGH:
            continue
        scale = said.std() / counted.std()
        moved = abs(said.mean() - counted.mean()) / counted.std()
        if not 1 / SAME_SCALE <= scale <= SAME_SCALE or moved > NOT_MOVED:
            raise Unusable(f"{name} is nothing like what was counted: mean {said.mean():.4g}, not {counted.mean():.4g}")


def audit_table(raw: Any) -> pd.DataFrame:
    """Rows counted by hand, whether they come by column or by row; what is incomplete is left out."""
    if isinstance(raw, dict):
        raw = raw.get("rows", raw.get("columns", raw))
    by_column = isinstance(raw, dict)
    lists = [raw[name] if by_column else [row[name] for row in raw] for name in NUMBERS]
    try:
        values = np.array(lists, dtype=float)
    except (TypeError, ValueError):
        values = pd.DataFrame(lists).T.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float).T
    return pd.DataFrame(values[:, np.isfinite(values).all(axis=0)].T, columns=list(NUMBERS))
