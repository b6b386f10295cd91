"""A first step: as small as all the hours allow, and in the middle between what shows enough and what can be borne."""

import math


def first_step(most_hours: int, most_share: float, least: float, most: float) -> tuple[float, int]:
    """A share and hours. `least`, `most`: what share times hours has to be, and may be."""
    bears = max(0.0, min(most_share, most / most_hours))
    return round(math.sqrt(least / most_hours * bears), 4), most_hours
