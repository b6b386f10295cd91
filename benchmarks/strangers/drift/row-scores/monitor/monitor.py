"""What is known of each stream, and the verdict on each of its days."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from columns import LAG, Column
from quality import Quality
from warehouse import Warehouse

FORMAT = "1"  # of what is kept; raise it when a day's numbers come to mean something else
KEPT_DAYS = 21  # of each stream; the longest look back is 4 days of outcomes, 3 days late
FORGOTTEN_S = 60 * 86400  # without a batch
KEPT_STREAMS = 160  # in memory; all others are on disk


@dataclass
class Stream:
    reference: str
    columns: dict[str, Column]
    quality: Quality
    days: dict[str, dict[str, Any]] = field(default_factory=dict)


class Monitor:
    def __init__(self, warehouse: Warehouse, directory: str) -> None:
        self._warehouse = warehouse
        self._directory = Path(directory) / f"streams-{FORMAT}"
        self._streams: OrderedDict[str, Stream] = OrderedDict()
        self._turns: dict[str, list[Any]] = {}  # of each stream at work: its lock, and how many want it
        self._lock = threading.Lock()
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            for path in self._directory.iterdir():
                if path.stat().st_mtime < time.time() - FORGOTTEN_S:
                    path.unlink()
        except OSError as error:
            print(f"nothing will be remembered: {error}")

    def judge(self, notice: dict[str, str]) -> tuple[str, str | None]:
        """One stream's days take turns; those of different streams do not wait for each other."""
        name = notice["stream"]
        with self._lock:
            turn = self._turns.setdefault(name, [threading.Lock(), 0])
            turn[1] += 1
        try:
            with turn[0]:
                return self._judge(notice)
        finally:
            with self._lock:
                turn[1] -= 1
                if not turn[1]:
                    del self._turns[name]

    def overview(self) -> dict[str, Any]:
        with self._lock:
            streams = list(self._streams.items())
        last = {name: next(reversed(list(stream.days.items())), None) for name, stream in streams}
        return {name: [day[0], *day[1]["verdict"]] for name, day in last.items() if day}

    def _judge(self, notice: dict[str, str]) -> tuple[str, str | None]:
        stream = self._stream(notice)
        known = stream.days.get(notice["date"])
        if known and known["batch"] == notice["batch"]:  # asked again: the same answer
            return known["verdict"][0], known["verdict"][1]
        batch = self._warehouse.get(notice["batch"])
        rest, either = nature(notice["date"], notice["calendar"])
        rests = (True, False) if either else (rest,)
        values = batch.get("columns") or {}
        today = {
            "batch": notice["batch"],
            "rest": rest,
            "either": either,
            "columns": {name: column.day(values.get(name), rests) for name, column in stream.columns.items()},
            "outcomes": None,
        }
        outcomes = batch.get("outcomes")
        if outcomes:
            sums = stream.quality.sums(outcomes)
            today["outcomes"] = {"of": str(outcomes.get("date")), "sums": sums} if sums else None
        days = {day: kept for day, kept in stream.days.items() if day < notice["date"]}
        verdict, column = self._verdict(stream, [*days.values(), today], days)
        today["verdict"] = [verdict, column]
        kept = sorted({**stream.days, notice["date"]: today}.items())[-KEPT_DAYS:]
        stream.days = dict(kept)  # put in place whole: /streams may be reading the old one
        self._save(notice["stream"], stream)
        if verdict != "ok":
            print(f"{notice['date']} {notice['domain']} {notice['stream']}: {verdict} {column or ''}")
        return verdict, column

    def _verdict(
        self, stream: Stream, days: list[dict[str, Any]], before: dict[str, dict[str, Any]]
    ) -> tuple[str, str | None]:
        """`days`: all that are kept up to today, today's last; `before`: those by date, without today's."""
        broken: dict[str, float] = {}
        drifted: dict[str, float] = {}
        for name, column in stream.columns.items():
            seen = [day for day in days if name in day["columns"]]
            today = seen[-1]["columns"][name]
            # Data breaks for a day. What is the same throughout for three days on end is what the column now says.
            settled = len(seen) >= 3 and all(day["columns"][name]["flaw"] == "constant" for day in seen[-3:])
            if today["flaw"] and not settled:
                broken[name] = 1000.0
                continue
            good = [
                (day["columns"][name], day["rest"])
                for day in seen[:-LAG]
                if day["verdict"][0] in ("ok", "concept") and not day["either"] and not day["columns"][name]["flaw"]
            ]
            level = column.level(good)
            pairs = [
                (off, day["columns"][name]["n"])
                for day in seen[-LAG:]
                if (settled or not day["columns"][name]["flaw"])
                and (off := column.off(level, day["columns"][name], day["rest"], day["either"])) is not None
            ]
            if today["means"] is None or not pairs:
                continue
            offs, counts = [off for off, _ in pairs], [n for _, n in pairs]
            change = column.stays(offs, counts, len(days) > 1 and days[-2]["verdict"] == ["drift", name])
            if jump := column.jumped(offs[-1], counts[-1], offs[-4:-1], 2.0 if change else 1.0):
                broken[name] = jump
            if change:
                drifted[name] = change
        if broken:
            return "broken", max(broken, key=lambda name: broken[name])
        if drifted:
            return "drift", max(drifted, key=lambda name: drifted[name])
        sums = [
            day["outcomes"]["sums"]
            for day in days
            if day["outcomes"] and before.get(day["outcomes"]["of"], {"verdict": ["ok"]})["verdict"][0] != "broken"
        ]
        return ("concept" if stream.quality.changed(sums) else "ok"), None

    # Streams come and go; those that are not at work are on disk

    def _stream(self, notice: dict[str, str]) -> Stream:
        name = notice["stream"]
        with self._lock:
            found = self._streams.get(name)
            if found and found.reference == notice["reference"]:
                self._streams.move_to_end(name)
                return found
        reference = self._warehouse.get(notice["reference"])
        history = reference.get("days") or []
        rests = [nature(day["date"], day["calendar"])[0] for day in history]
        columns = {
            column: Column(kind, [(r, d["columns"][column]) for r, d in zip(rests, history) if column in d["columns"]])
            for column, kind in reference["kinds"].items()
        }
        stream = Stream(notice["reference"], columns, Quality(history), self._load(name, notice["reference"]))
        with self._lock:
            self._streams[name] = stream
            while len(self._streams) > KEPT_STREAMS:
                self._streams.popitem(last=False)
        return stream

    def _path(self, name: str) -> Path:
        return self._directory / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"

    def _load(self, name: str, reference: str) -> dict[str, dict[str, Any]]:
        try:
            kept = json.loads(self._path(name).read_text("utf-8"))
            return kept["days"] if (kept["stream"], kept["reference"]) == (name, reference) else {}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"{name}: begins anew, what was kept cannot be read: {error!r}")
            return {}

    def _save(self, name: str, stream: Stream) -> None:
        """Before the answer, and whole or not at all."""
        path = self._path(name)
        half = path.with_suffix(".new")
        try:
            half.write_text(json.dumps({"stream": name, "reference": stream.reference, "days": stream.days}), "utf-8")
            os.replace(half, path)
        except OSError as error:
            print(f"{name}: not kept: {error!r}")


def nature(day: str, calendar: str) -> tuple[bool, bool]:
    """Whether it is a day of rest, and whether that is in doubt: nobody says what a sale at a weekend looks like."""
    try:
        weekend = date.fromisoformat(day).weekday() >= 5
    except ValueError:
        weekend = calendar == "weekend"
    if calendar in ("weekend", "holiday"):
        return True, False
    return weekend and calendar != "workday", weekend and calendar != "workday"
