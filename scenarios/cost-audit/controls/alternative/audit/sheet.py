"""What a fleet costs in a month, a line for each resource."""

from collections import Counter

from prices import HOURS, machine, pool, storage_class, transfer


class Sheet:
    """Lines come one by one; commitments when all services are in it."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.usd = fleet["running"]["usd_per_month"]
        self.years, self.months = Counter(), Counter()  # machines that are there for a year, and others
        self.committed = {}

    def run(self, service, kind, count):
        (self.years if lasts(self.fleet, service) else self.months)[kind] += count

    def train(self, training, name):
        hours = training["hours"] * (1 + pool(self.fleet, name)["interruptions_per_hour"] * 1.5)
        self.usd += training["runs"] * training["machines"] * hours * pool(self.fleet, name)["usd_per_hour"]

    def keep(self, store, name):
        if name:
            kind = storage_class(self.fleet, name)
            self.usd += store["gb"] * kind["usd_per_gb"] + next_reads(store) * kind["usd_per_gb_read"]

    def send(self, flow, zone, compressed):
        each = transfer(self.fleet, flow["from"], zone)
        if compressed:
            each = each * flow["compresses_to"] + self.fleet["transfer"]["compression"]
        self.usd += flow["gb"] * each

    def stand(self, machine_):
        self.usd += machine_["usd_per_hour"] * HOURS

    def commit(self):
        """To all machines of a type on offer that are there for a year."""
        self.committed = {each["type"]: self.years[each["type"]] for each in self.fleet["offers"]}
        return self.committed

    def total(self):
        usd = self.usd
        discounts = {each["type"]: each["discount"] for each in self.fleet["offers"]}
        for kind in self.years | self.months:
            hourly = machine(self.fleet, kind)["usd_per_hour"]
            taken = self.committed.get(kind, 0)
            held = self.fleet["running"]["count"] if self.fleet["running"]["type"] == kind else 0
            listed = max(0, self.years[kind] + self.months[kind] - taken - held)
            usd += HOURS * hourly * (listed + taken * (1 - discounts.get(kind, 0)))
        return usd


def lasts(fleet, service):
    """Whether a service is there for a year from the month on."""
    first, end = fleet["month"], service["retires"] or "9999"
    return end >= f"{int(first[:4]) + 1}-{first[5:]}"


def next_reads(store):
    """The same month a year ago, or the mean of late where there is something each month."""
    return store["read_gb"][0] if min(store["read_gb"]) == 0 else sum(store["read_gb"][-6:]) / 6
