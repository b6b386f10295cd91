"""A case of one evening: requests of three hosts, of which `n3` fails for most of an hour, and its twin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from cited.twins import parquets, twin

BEGIN = np.datetime64("2026-10-03T19:00:00")
ROWS = 4_000


@dataclass(frozen=True)
class Evening:
    """Tables, their twin, and what is true of the case."""

    tables: dict[str, bytes]
    twin: dict[str, bytes]
    users: int
    customers: int
    started: str
    first: str


@pytest.fixture(scope="session")
def evening() -> Evening:
    rng = np.random.default_rng(20261130)
    seconds = np.sort(rng.integers(0, 5_400, ROWS))
    host = rng.choice(["n1", "n2", "n3"], ROWS)
    customer = rng.integers(0, 3_000, ROWS)
    bad = (host == "n3") & (seconds > 2_520) & (seconds < 5_000) & (rng.random(ROWS) < 0.9)
    at = BEGIN + seconds.astype("timedelta64[s]")
    requests = {"ts": at, "id": np.arange(ROWS) + 50_000, "customer": customer, "host": host}
    requests |= {"status": np.where(bad, 500, 200), "amount": rng.gamma(2, 20, ROWS).round(2)}
    changes = {"id": ["dep-117", "dep-118", "dep-119"], "host": ["n1", "n3", "n2"], "ts": at[[100, 1900, 3500]]}
    tables = parquets({"requests": requests, "changes": changes})
    return Evening(
        tables,
        twin(tables, 7, names=[{"host"}], amounts={"amount"}),
        users=len(set(customer[bad])),
        customers=len(set(customer)),
        started=str(at[bad][0]).replace("T", " ")[:16],
        first=str(at[0]).replace("T", " "),
    )
