"""The evening in pandas: its window, who was hurt, what each payment met, and which single condition splits it best."""

from dataclasses import dataclass, field

import duckdb
import numpy as np
import pandas as pd

MINUTE = pd.Timedelta(minutes=1)


@dataclass
class Evening:
    paying: pd.DataFrame
    started: pd.Timestamp
    ended: pd.Timestamp
    during: pd.DataFrame
    changes: pd.DataFrame
    suspects: pd.DataFrame
    met: dict[str, set] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    cause: str = ""
    component: str = ""
    speaker: str = ""
    reason: str = ""


def read(case: duckdb.DuckDBPyConnection) -> Evening:
    paying = case.sql("SELECT * FROM requests WHERE route = 'pay' AND client IN ('web', 'app')").df()
    paying["failed"] = paying.status >= 500
    share = paying.groupby(paying.ts.dt.floor("min")).failed.mean().asfreq("min", fill_value=0)
    bad = share > 0.05
    runs = share.index[bad & bad.shift(-1, fill_value=False) & bad.shift(-2, fill_value=False)]
    started, ended = runs[0], runs[-1] + 3 * MINUTE
    changes = case.sql("SELECT * FROM changes JOIN offices USING (office)").df()
    changes["begun"] = changes.shown - pd.to_timedelta(changes.utc_offset, unit="h")
    near = (changes.begun < started) & (changes.begun >= started - 30 * MINUTE)
    during = paying[(paying.ts >= started) & (paying.ts < ended)]
    one = Evening(paying, started, ended, during, changes.sort_values("begun"), changes[near].sort_values("begun"))
    spans, touched = case.sql("FROM spans").df(), case.sql("FROM touched").df()
    _meet(one, spans, touched)
    _find(one, spans)
    _reason(one, case.sql("FROM logs").df(), set(case.sql("FROM hosts").df().service))
    return one


def _meet(one: Evening, spans: pd.DataFrame, touched: pd.DataFrame) -> None:
    """Requests that met each suspect, each host, each party outside."""
    for change in one.suspects.itertuples():
        hosts = touched[touched.change == change.change].host
        on = spans.version == change.version if change.kind == "deploy" else spans.host.isin(hosts)
        one.met[f"change:{change.change}"] = set(spans[on].request)
    for host, rows in spans.groupby("host"):
        one.met[f"host:{host}"] = set(rows.request)
    for service, rows in spans[spans.host.isna()].groupby("service"):
        one.met[f"outside:{service}"] = set(rows.request)


def _find(one: Evening, spans: pd.DataFrame) -> None:
    """The condition after which what is left is least mixed, of those that go with failures."""
    seen = one.during[one.during.request.isin(spans.request)]
    failed = seen.failed.to_numpy()
    best = np.inf
    for what, requests in one.met.items():
        met = seen.request.isin(requests).to_numpy()
        if not met.any() or met.all():
            continue
        on, off = failed[met].mean(), failed[~met].mean()
        one.weights[what] = on - off
        mixed = met.mean() * on * (1 - on) + (1 - met.mean()) * off * (1 - off)
        if on > off and mixed < best - 1e-9:
            best, one.cause = mixed, what
    errors = spans[spans.error & spans.request.isin(seen[seen.failed].request)]
    below = errors[["request", "caller"]].rename(columns={"caller": "service"}).dropna().drop_duplicates()
    alone = errors.merge(below, on=["request", "service"], how="left", indicator=True)
    deepest = alone[alone._merge == "left_only"]
    one.component = deepest.service.mode()[0]
    one.speaker = deepest[deepest.service == one.component].caller.mode()[0]


def _reason(one: Evening, logs: pd.DataFrame, own: set[str]) -> None:
    if one.component in own:
        one.speaker = one.component
    said = logs[(logs.service == one.speaker) & logs.request.isin(one.during[one.during.failed].request)]
    one.reason = said.groupby("code").request.nunique().idxmax()
