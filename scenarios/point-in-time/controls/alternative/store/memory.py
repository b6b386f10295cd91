"""For each courier and district: from which publication on which line was the newest. In memory, one season."""

from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, timedelta

KEYS = {"courier_days": "courier", "district_hours": "district"}
COLUMNS = {"courier_days": ("late_share", "stops_per_hour"), "district_hours": ("wait_minutes", "open_orders")}
TTL = {"courier_days": timedelta(days=2), "district_hours": timedelta(hours=6)}


class Memory:
    def __init__(self):
        self._since = {name: defaultdict(list) for name in KEYS}  # publications, in their order
        self._newest = {name: defaultdict(list) for name in KEYS}  # what was the newest from each of them on

    def load(self, name, rows):
        """Lines in the order in which they were published; one about something older changes nothing."""
        for row in sorted(rows, key=lambda row: row["published"]):
            key = row[KEYS[name]]
            newest = self._newest[name][key]
            if not newest or row["ends"] >= newest[-1]["ends"]:
                newest.append(row)
                self._since[name][key].append(row["published"])
        return len(rows)

    def row(self, row, moment):
        """The features of a row at a moment."""
        found = {"id": row["id"]}
        for name, key in KEYS.items():
            line = self._as_of(name, row[key], moment)
            found |= {column: line and line[column] for column in COLUMNS[name]}
        return found

    def _as_of(self, name, key, moment):
        at = bisect_right(self._since[name][key], moment)
        line = self._newest[name][key][at - 1] if at else None
        if line is None or datetime.fromisoformat(moment) - datetime.fromisoformat(line["ends"]) > TTL[name]:
            return None
        return line
