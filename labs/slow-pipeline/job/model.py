"""Adapter of the churn model, version 7. A session has the weights of one night."""

from contextlib import contextmanager

from calls import call
from settings import chunks


class Model:
    """The model of a night."""

    def __init__(self, night):
        self.night = night

    @contextmanager
    def session(self):
        """A session at the scorer, which has read the weights."""
        yield call("scorer", "POST", "/sessions", self.night)["session"]

    def scores(self, inputs):
        """A score for each list of inputs."""
        found = []
        for part in chunks(inputs):
            with self.session() as session:
                answer = call("scorer", "POST", f"/sessions/{session}/scores", self.night, {"rows": part})
            found += answer["scores"]
        return found
