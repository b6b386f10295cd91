"""Launches that customers have announced."""


def announce(name, launches, day, tick):
    """A line in the log when a launch begins, for whoever is on call."""
    for launch in launches:
        if (launch["day"], launch["tick"]) == (day, tick):
            print(f"day {day}, tick {tick}: launch in {name}, {launch['expected']} times as much", flush=True)
