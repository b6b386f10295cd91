"""The planner: all pools at once, in arrays."""

import numpy as np
import packing
from demand import Demand

TICK_S, CORES = 600, 4
BAND = 0.2
"""Orders stay as they are while they are at most so much above what is wanted; then half of that is kept."""


class Planner:
    def season(self, asked):
        """A season begins."""
        pools = list(asked["pools"].values())
        self.names = list(asked["pools"])
        self.demand = Demand(pools)
        self.seconds = np.array([max(each["gpu_s"], each["cpu_s"] / CORES) for each in pools])
        return {"pools": len(pools)}

    def tick(self, asked):
        """Ten minutes are over: how many workers each pool should have."""
        at = 144 * asked["day"] + asked["tick"]
        seen = [asked["pools"][name] for name in self.names]
        arrived, waiting, ready, warming = (
            np.array([pool[key] for pool in seen]) for key in ("arrived", "waiting", "ready", "warming")
        )
        if at:
            self.demand.see(at, arrived)
        now, then = self.demand.level * self.demand.expected(np.full(len(seen), at)), self.demand.high(at)
        jobs = np.maximum(now * self.demand.spare, then) + waiting / 2
        wanted = np.ceil(jobs * self.seconds / TICK_S).clip(1)
        have = ready + warming
        keep = (wanted <= have) & (wanted >= (1 - BAND) * have)
        less = np.ceil(wanted * (1 + BAND / 2))
        orders = np.where(wanted > have, wanted, np.where(keep, have, less))
        return {"workers": dict(zip(self.names, orders.tolist(), strict=True))}

    def pack(self, asked):
        """Which replicas go on which node."""
        return {"nodes": packing.pack(asked["node"], asked["models"])}
