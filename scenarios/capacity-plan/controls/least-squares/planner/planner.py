"""The planner: a scaler for each pool, and packings on request."""

import packing
from scale import Scaler


class Planner:
    def __init__(self):
        self.pools = {}

    def season(self, asked):
        """A season begins: whatever was known of pools is forgotten."""
        self.pools = {name: Scaler(given) for name, given in asked["pools"].items()}
        return {"pools": len(self.pools)}

    def tick(self, asked):
        """Ten minutes begin: how many workers each pool should have."""
        day, tick = asked["day"], asked["tick"]
        workers = {name: self.pools[name].wanted(day, tick, seen) for name, seen in asked["pools"].items()}
        if tick % 36 == 0:
            waiting = sum(seen["waiting"] for seen in asked["pools"].values())
            print(f"day {day}, tick {tick}: {sum(workers.values())} workers, {waiting:.0f} wait", flush=True)
        return {"workers": workers}

    def pack(self, asked):
        """Which replicas go on which node."""
        return {"nodes": packing.pack(asked["node"], asked["models"])}
