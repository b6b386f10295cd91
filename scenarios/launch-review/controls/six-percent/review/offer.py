"""A first step: six per cent of orders, for as long as it may take."""


def first_step(most_hours: int, most_share: float, least: float, most: float) -> tuple[float, int]:
    """A share and hours. `least`, `most`: what share times hours has to be, and may be."""
    return 0.06, most_hours  # that has always been enough to see something
