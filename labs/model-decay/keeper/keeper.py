"""The keeper of all depots' models."""

from depot import Depot


class Keeper:
    def __init__(self):
        self.depots = {}

    def begin(self, asked):
        """A region's season begins: whatever was known of its depots is forgotten."""
        for name, given in asked["depots"].items():
            self.depots[name] = Depot(name, given["model"], given["history"])
        return {"depots": len(asked["depots"])}

    def day(self, asked):
        """A morning: models that go live today, and the accuracy for the dashboard."""
        deploy, accuracy = {}, {}
        for name, news in asked["outcomes"].items():
            depot = self.depots[name]
            model = depot.day(asked["day"], news)
            if model is not None:
                deploy[name] = as_json(model)
                print(f"{asked['date']} {name}: new model, accuracy {depot.accuracy:.3f}", flush=True)
            accuracy[name] = round(depot.accuracy, 4)
        return {"deploy": deploy, "accuracy": accuracy}


def as_json(model):
    intercept, *coef = (round(float(weight), 4) for weight in model)
    return {"intercept": intercept, "coef": coef}
