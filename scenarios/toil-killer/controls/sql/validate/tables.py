"""A package and what lies beside it as tables of SQLite, one database a package."""

from __future__ import annotations

import math
import sqlite3
from typing import Any

from package import Package

SCHEMA = """
create table facts(name text primary key, value);
create table bounds(name text primary key, value real);
create table rows(id text, label int, segment text, grp text, champion real, score real, honest real);
create table inputs(name text);
create table registry(name text, status text);
create table lineage(name text, parent text);
create table segments(name text);
create table people(account text, person int, team text, gone text);
create table signed(role text, account text, day text);
create table calendar(portfolio text, first text, last text);
create table waivers(step int, first text, last text);
create table bins(bin int, low real, high real, share real);
create table said(what text, one text, other text);
"""


def tables(package: Package, tray: dict[str, Any]) -> sqlite3.Connection:
    """All of it. KeyError and ValueError where the package does not have what a step needs."""
    db = sqlite3.connect(":memory:")
    db.create_function("ln", 1, math.log, deterministic=True)
    db.executescript(SCHEMA)
    manifest, model, card = package.manifest, package.model, package.card
    fill(db, "facts", {
        "day": tray["day"], "portfolio": manifest["portfolio"], "golive": manifest["golive"],
        "submitted": manifest["submitted"], "until": model["trained"]["until"], "kind": model["kind"],
    }.items())  # fmt: skip
    fill(db, "bounds", tray["policy"][manifest["portfolio"]].items())
    weights = list(zip(model["inputs"], model["weights"], strict=True))
    fill(db, "rows", [
        (row["id"], label, row["segment"], row["group"], float(row["champion"]), score,
         1 / (1 + math.exp(-model["intercept"] - sum(weight * float(row[name]) for name, weight in weights))))
        for row, label, score in zip(package.rows, package.labels, package.scores, strict=True)
    ])  # fmt: skip
    known = tray["registry"]["inputs"]
    fill(db, "inputs", [(name,) for name in model["inputs"]])
    fill(db, "registry", [(name, entry["status"]) for name, entry in known.items()])
    fill(db, "lineage", [(name, parent) for name, entry in known.items() for parent in entry["from"]])
    fill(db, "segments", [(name,) for name in tray["registry"]["segments"]])
    people = tray["people"].items()
    fill(db, "people", [(account, each["person"], each["team"], each["left"]) for account, each in people])
    fill(db, "signed", [(role, each["who"], each["day"]) for role, each in package.signatures.items()])
    fill(db, "calendar", [(each["portfolio"], each["from"], each["until"]) for each in tray["calendar"]])
    mine = [each for each in tray["waivers"] if each["model"] == package.id]
    fill(db, "waivers", [(each["step"], each["from"], each["until"]) for each in mine])
    edges = [-1.0, *model["reference"]["edges"], 2.0]
    shares = enumerate(zip(edges[:-1], edges[1:], model["reference"]["shares"], strict=True))
    fill(db, "bins", [(at, *each) for at, each in shares])
    fill(db, "said", [
        ("portfolio", card["portfolio"], manifest["portfolio"]),
        ("inputs", str(sorted(card["inputs"])), str(sorted(model["inputs"]))),
        ("training", str(card["trained"]), str(model["trained"])),
        ("author", card["author"], package.signatures["author"]["who"]),
    ])  # fmt: skip
    return db


def fill(db: sqlite3.Connection, table: str, rows: Any) -> None:
    rows = list(rows)
    if rows:
        db.executemany(f"insert into {table} values ({','.join('?' * len(rows[0]))})", rows)
