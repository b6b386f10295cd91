"""Machines that do nothing."""

IDLE = 0.05


def decided(fleet):
    """Which of them go."""
    return [each["name"] for each in fleet["machines"] if each["used"] < IDLE]
