"""A first step: one per cent for a day, which nobody can be hurt by."""


def first_step(most_share: float, least: float, most: float) -> tuple[float, int]:
    """A share and hours: in the middle of what share times hours may be, as short as that share allows."""
    return 0.01, 24  # as careful as can be
