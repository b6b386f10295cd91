"""What was reported, a list a city, oldest first."""

COPIES_WITHIN = 400


class Store:
    def __init__(self):
        self.cities = {}

    def add(self, report):
        """False if we have it already: gateways send what they are not sure of again, within minutes."""
        reports = self.cities.setdefault(report["city"], [])
        for other in reports[-COPIES_WITHIN:]:
            if other["device"] == report["device"] and other["seq"] == report["seq"]:
                return False
        reports.append(report)
        reports.sort(key=lambda one: one["received"])
        return True
