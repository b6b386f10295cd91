"""Figures by pandas; the queries are there to be cited."""

from typing import Any

import duckdb
import pandas as pd

KINDS = "up", "down", "gradual", "spread"


def measured(case: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    streams, results, needs = (case.sql(f"FROM {name}").df() for name in ("streams", "results", "needs"))
    within = int(needs["within_rows"][0])
    found: dict[str, Any] = {}
    for tool in case.sql("FROM tools").df()["tool"]:
        heard = streams.merge(results[results["tool"] == tool], on="stream")
        quiet = streams[streams["kind"] != "season"]
        false = heard[(heard["kind"] != "season") & (heard["at_row"] < heard["changes_at"].fillna(heard["length"]))]
        after = heard.assign(delay=heard["at_row"] - heard["changes_at"])
        first = after[after["delay"].between(0, within - 1)].groupby(["kind", "stream"])["delay"].min()
        changes = streams[streams["changes_at"].notna()]
        found[f"found-{tool}"] = len(first) / len(changes)
        found[f"delay-{tool}"] = float(first.mean())
        found[f"false-{tool}"] = 1e4 * len(false) / float(quiet["changes_at"].fillna(quiet["length"]).sum())
        for kind in KINDS:
            many = len(first[first.index.get_level_values("kind") == kind])
            found[f"rings-{tool}-{kind}"] = many > (changes["kind"] == kind).sum() / 2
        rung = heard[heard["kind"] == "season"]["stream"].nunique()
        found[f"rings-{tool}-season"] = rung > (streams["kind"] == "season").sum() / 2
    return {name: bool(value) if name.startswith("rings") else value for name, value in found.items()}


def health(case: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    today = case.sql("FROM needs").df()["today"][0]
    since = today - pd.Timedelta(days=365)
    commits, issues = case.sql("FROM commits").df(), case.sql("FROM issues").df()
    commits = commits[(commits["committed"] >= since) & ~commits["author"].str.endswith("[bot]")]
    issues = issues[issues["opened"] >= since]
    days = (issues["first_answer"].fillna(today) - issues["opened"]).dt.total_seconds() / 86_400
    shares = commits.groupby("tool")["author"].value_counts(normalize=True).groupby("tool").max()
    waits = days.groupby(issues["tool"]).median()
    return {f"bus-{tool}": share for tool, share in shares.items()} | {
        f"answered-{tool}": wait for tool, wait in waits.items()
    }
