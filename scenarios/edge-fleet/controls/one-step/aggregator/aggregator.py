"""All cities, and what is asked about them."""

import figures
import updates
from night import Night
from store import City, Store, hours


class Aggregator:
    def __init__(self):
        self.store = Store()
        self.night = Night()

    def take(self, reports):
        """A delivery. It may come again if we were slow."""
        return {"taken": sum(map(self.store.add, reports))}

    def close(self, day):
        """A day is over: what to page."""
        pages = list(self.night.close(self.store.cities, hours(day) + 24))
        print(f"{day}: {len(self.store.seen)} reports so far, {len(pages)} pages", flush=True)
        return pages

    def figures(self, city, day):
        return figures.of(self.store.cities.get(city, City()).days.get(day, {}))

    def updates(self, city, model):
        return updates.of(self.store.cities.get(city, City()).reports, model)
