"""All cities, and what is asked about them."""

from night import Night
from store import Store


class Aggregator:
    def __init__(self):
        self.store = Store()
        self.night = Night()

    def take(self, reports):
        """A delivery. It may come again if we were slow."""
        return {"taken": sum(self.store.add(report) for report in reports)}

    def close(self, day):
        """A day is over: what to page."""
        pages = self.night.close(day, self.store.devices)
        print(f"{day}: {len(self.store.known)} reports, {len(pages)} pages", flush=True)
        return pages

    def figures(self, city, day):
        return self.store.figures(city, day)

    def updates(self, city, model):
        return self.store.success(city, model)
