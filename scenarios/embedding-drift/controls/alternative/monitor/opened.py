"""How much is opened of what is found."""

FELL, LOW = 0.14, 0.12


class Opened:
    def __init__(self, past):
        self._usual = sum((day.opened > 0).mean() for day in past) / len(past)
        self._days = []

    def take(self, day):
        self._days.append((day.opened > 0).mean())

    def fell(self):
        """Today, or today and yesterday together, much less than usual."""
        if not self._days:
            return False
        return self._usual - self._days[-1] > FELL or self.stays_low()

    def stays_low(self):
        """Two days long."""
        return len(self._days) > 1 and self._usual - sum(self._days[-2:]) / 2 > LOW

    def forget(self):
        """Something is mended: days before that say nothing of those after."""
        self._days = []
