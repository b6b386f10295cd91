"""What a fleet's document says, ready to be looked up."""

from datetime import date

HOURS = 720  # of a month


def months_between(begin, end):
    """Whole months from one day to a later one."""
    one, other = date.fromisoformat(begin), date.fromisoformat(end)
    return (other.year - one.year) * 12 + other.month - one.month - (other.day < one.day)


class Book:
    """Types, pools, classes, offers and zones by name."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.month = fleet["month"]
        self.types = {each["type"]: each for each in fleet["types"]}
        self.pools = {each["pool"]: each for each in fleet["pools"]}
        self.classes = {each["class"]: each for each in fleet["classes"]}
        self.offers = {each["type"]: each for each in fleet["offers"]}
        self.zones = fleet["zones"]
        running = fleet.get("running")
        self.running = {running["type"]: running["count"]} if running else {}
        self.running_usd = running["usd_per_month"] if running else 0.0

    def lasts(self, service, months):
        """Whether a service is there for so many months from the month of the plan."""
        return service["retires"] is None or months_between(self.month, service["retires"]) >= months

    def transfer(self, begin, end):
        """USD a GB from a zone to another, or out to the internet."""
        prices = self.fleet["transfer"]
        if end == "internet":
            return prices["internet"]
        if begin == end:
            return prices["same_zone"]
        one, other = self.zones[begin], self.zones[end]
        if one == other:
            return prices["same_region"]
        between = prices["between"]
        return between[f"{one}|{other}"] if f"{one}|{other}" in between else between[f"{other}|{one}"]
