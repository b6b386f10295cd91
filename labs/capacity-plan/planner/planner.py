"""The planner: a scaler for each pool, and packings on request."""

import calendars
import packing
from scale import Scaler


class Planner:
    def __init__(self):
        self.pools = {}
        self.calendars = {}

    def season(self, asked):
        """A season begins: whatever was known of pools is forgotten."""
        self.pools = {name: Scaler(given) for name, given in asked["pools"].items()}
        self.calendars = {name: given["calendar"] for name, given in asked["pools"].items()}
        return {"pools": len(self.pools)}

    def tick(self, asked):
        """Ten minutes are over: how many workers each pool should have."""
        for name, launches in self.calendars.items():
            calendars.announce(name, launches, asked["day"], asked["tick"])
        workers = {name: self.pools[name].wanted(seen) for name, seen in asked["pools"].items()}
        if asked["tick"] % 36 == 0:
            waiting = sum(seen["waiting"] for seen in asked["pools"].values())
            print(
                f"day {asked['day']}, tick {asked['tick']}: {sum(workers.values())} workers, {waiting:.0f} wait",
                flush=True,
            )
        return {"workers": workers}

    def pack(self, asked):
        """Which replicas go on which node."""
        return {"nodes": packing.pack(asked["node"], asked["models"])}
