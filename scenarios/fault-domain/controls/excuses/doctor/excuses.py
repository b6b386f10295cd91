"""Whether an alarm explains itself."""

from statistics import mean, pstdev

BUSY, OVER, FAR = 1.8, 0.1, 3.2


def excuse(cell):
    """Why there is nothing to look for, in a sentence; None if there is no such reason."""
    hour, now = cell.live(50), cell.live(20)
    if now["requests"] > BUSY * now["usual"]["requests"]:
        return "it is a surge"
    if hour["errors"] - now["errors"] > OVER:
        return "it is over"
    before = [each["row"] for each in cell.golden()["rows"]]
    today = [each["features"] for each in cell.sample()]
    moved = [name for name in before[0] if name != "truck" and has_moved(values(before, name), values(today, name))]
    return f"the season moved {', '.join(moved)}" if len(moved) > 1 else None


def values(rows, name):
    return [row[name] for row in rows if row[name] is not None]


def has_moved(one, other):
    """Whether two means are further apart than chance would have them."""
    return abs(mean(one) - mean(other)) > FAR * pstdev(one) * (1 / len(one) + 1 / len(other)) ** 0.5
