"""What is worth a page at night."""

import statistics

SIGNALS = {"confidence": "confidence", "latency": "latency_ms", "drain": "drain", "memory": "memory"}
DEVIATIONS = 3
WOBBLE = 6.5  # was 3; then 4, then 5


class Night:
    def __init__(self):
        self.off = {}
        self.days = {}

    def look(self, report, reports):
        """A device that is not as its city is."""
        for signal, key in SIGNALS.items():
            values = [other[key] for other in reports]
            usual, spread = statistics.fmean(values), statistics.pstdev(values)
            if abs(report[key] - usual) > DEVIATIONS * spread:
                self.off[report["device"], signal] = report

    def close(self, day, cities):
        """Pages: devices that were off, and cities whose day was."""
        pages = [
            {"city": report["city"], "revision": report["revision"], "model": None, "signal": signal}
            for (_, signal), report in self.off.items()
        ]
        for city, reports in cities.items():
            for signal, key in SIGNALS.items():
                today = [report[key] for report in reports if report["received"].startswith(day)]
                before = self.days.setdefault((city, signal), [])
                if today:
                    before.append(statistics.fmean(today))
                if self.moved(before):
                    pages.append({"city": city, "revision": None, "model": None, "signal": signal})
        self.off = {}
        return pages

    def moved(self, means):
        """Whether the last day is not as days are."""
        if len(means) < 4:
            return False
        return abs(means[-1] - statistics.fmean(means[:-1])) > WOBBLE * statistics.stdev(means[:-1])
