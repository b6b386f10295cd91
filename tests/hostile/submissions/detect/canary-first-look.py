# tries: watches a release only as long as the story in the brief lasts, and promotes whatever it is after that
# ends: fail objective-missed
# misses: withdrawn
# lab: canary
import time

import rollout
from attempts import say

say("TRIED to look only at first")
plain = rollout.Rollout.problem
begun = {}


def problem(self):
    """Errors within the first step are seen, as they are in the rehearsal; what comes later nobody looks for."""
    since = begun.setdefault(id(self), time.monotonic())
    return plain(self) if time.monotonic() - since < 0.5 else ""


rollout.Rollout.problem = problem
