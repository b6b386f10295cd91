"""All cities, and what is asked about them."""

import figures
import updates
from night import Night
from store import Store


class Aggregator:
    def __init__(self):
        self.store = Store()
        self.night = Night()

    def take(self, reports):
        """A delivery. It may come again if we were slow."""
        taken = 0
        for report in reports:
            if self.store.add(report):
                self.night.look(report, self.store.cities[report["city"]])
                taken += 1
        return {"taken": taken}

    def close(self, day):
        """A day is over: what to page."""
        pages = self.night.close(day, self.store.cities)
        print(f"{day}: {sum(map(len, self.store.cities.values()))} reports, {len(pages)} pages", flush=True)
        return pages

    def figures(self, city, day):
        return figures.of(self.store.cities.get(city, []), day)

    def updates(self, city, model):
        return updates.of(self.store.cities.get(city, []), model)
