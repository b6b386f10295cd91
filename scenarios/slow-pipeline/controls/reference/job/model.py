"""Adapter of the churn model, version 7. A session has the weights of one night."""

from calls import call
from settings import chunks


class Model:
    """The model of a night, with one session at the scorer: it reads the weights."""

    def __init__(self, night):
        self.night = night
        self.session = call("scorer", "POST", "/sessions", night)["session"]

    def scores(self, inputs):
        """A score for each list of inputs."""
        found = []
        for part in chunks(inputs):
            found += call("scorer", "POST", f"/sessions/{self.session}/scores", self.night, {"rows": part})["scores"]
        return found
