"""What was reported, by city: each report once, whenever it came."""

from datetime import datetime

NO_CLOCK = "1970"


class Store:
    def __init__(self):
        self.cities = {}

    def add(self, report):
        """False if we have it already. What has no clock gets the time we received it."""
        reports = self.cities.setdefault(report["city"], {})
        identity = report["device"], report["seq"]
        if identity in reports:
            return False
        when = report["received"] if report["at"].startswith(NO_CLOCK) else report["at"]
        report["day"] = when[:10]
        report["time"] = datetime.fromisoformat(when).timestamp()
        reports[identity] = report
        return True

    def of(self, city):
        return list(self.cities.get(city, {}).values())

    def day(self, city, day):
        return [report for report in self.of(city) if report["day"] == day]
