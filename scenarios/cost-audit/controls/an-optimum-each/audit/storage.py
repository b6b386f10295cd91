"""Data in the class that is cheapest with what will be read, or gone if nothing needs it."""

from statistics import fmean


def findings(fleet):
    """Only classes that can be read in time count, whether or not anything is read."""
    classes = {each["class"]: each for each in fleet["classes"]}
    for store in fleet["stores"]:
        reads = store["read_gb"]
        # Read each month: the mean, which is calmer. Else it is read in the same months each year.
        expected = fmean(reads) if all(reads) else reads[0]
        usd = {
            name: store["gb"] * each["usd_per_gb"] + expected * each["usd_per_gb_read"]
            for name, each in classes.items()
            if each["readable_in_hours"] <= store["readable_within_hours"] or name == store["class"]
        }
        now, best = usd[store["class"]], min(usd, key=usd.get)
        if not store["hold"] and store["kept_until"] < fleet["month"] and not any(reads):
            yield [{"resource": store["name"], "action": "delete"}], now
        elif best != store["class"]:
            yield [{"resource": store["name"], "action": "tier", "class": best}], now - usd[best]
