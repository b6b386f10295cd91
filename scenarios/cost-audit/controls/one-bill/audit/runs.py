"""A training as a chain of hours: when it is done, and what it is paid for."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def outcome(hours, checkpoint, deadline, interruption):
    """The chance to be done by the deadline, and the mean of the hours paid until then; exact, hour by hour."""
    at = [0.0] * (hours + 1)  # the chance that so many hours of work are done
    at[0] = 1.0
    paid = 0.0
    for _ in range(int(deadline)):
        paid += sum(at[:hours])
        after = [0.0] * (hours + 1)
        after[hours] = at[hours]
        for done, chance in enumerate(at[:hours]):
            if chance:
                kept = done - done % checkpoint if checkpoint else 0
                after[done + 1] += chance * (1 - interruption)
                after[kept] += chance * interruption
        at = after
    return at[hours], paid


def in_pool(training, pool):
    """The same for a training of the fleet in one of its pools."""
    chance = pool["interruptions_per_hour"]
    return outcome(training["hours"], training["checkpoint_hours"], training["deadline_hours"], chance)
