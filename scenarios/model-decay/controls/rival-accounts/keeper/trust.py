"""How far a day's typed labels may be believed, told by the foreman's audits.

Two states, with chances: the agency is sound (one label in fifty is wrong), or it is confused (half are wrong, so
an unaudited label says nothing). Twelve audits tell them apart within a day: a confused day has at most one wrong
label among them with a chance of 0.3 %, a sound day has three or more with a chance of 0.15 %.
"""

SOUND = 0.02
CONFUSED = 0.5
BEGINS = 0.004  # a day's chance that a sound agency becomes confused
ENDS = 0.05


class Trust:
    def __init__(self):
        self.confused = 0.01  # the chance of it

    def add(self, wrong, audited):
        """A day passes. Returns the chances that unaudited labels are wrong: of this day, and of the day before.

        One confused day in fifty has but two wrong labels among its audits; the day after gives it away.
        """
        if_sound, if_confused = likelihood(SOUND, wrong, audited), likelihood(CONFUSED, wrong, audited)
        was_sound = (1 - self.confused) * ((1 - BEGINS) * if_sound + BEGINS * if_confused)
        was_confused = self.confused * (ENDS * if_sound + (1 - ENDS) * if_confused)
        before = was_confused / (was_sound + was_confused)
        sound = ((1 - self.confused) * (1 - BEGINS) + self.confused * ENDS) * if_sound
        self.confused = 1 - sound / (was_sound + was_confused)
        return mixed(self.confused), mixed(before)


def mixed(confused):
    return confused * CONFUSED + (1 - confused) * SOUND


def likelihood(rate, wrong, audited):
    return rate**wrong * (1 - rate) ** (audited - wrong)
