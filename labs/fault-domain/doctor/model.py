"""The model team's check: the golden rows, and the speed on the card."""

from statistics import mean

MAX_FAILED = 0.05
MAX_SLOWER = 1.5


def check(cell):
    """What is wrong, in a sentence; None if nothing is."""
    golden = cell.golden()
    card, rows = golden["card"], golden["rows"]
    answers = cell.infer([row["row"] for row in rows], "live")
    right = [(row, answer) for row, answer in zip(rows, answers, strict=True) if "minutes" in answer]
    failed = 1 - len(right) / len(rows)
    if failed > MAX_FAILED:
        return f"the model fails on {failed:.0%} of the golden rows"
    off = mean(abs(answer["minutes"] - row["minutes"]) for row, answer in right)
    if off > card["tolerance"]:
        return f"the golden rows are {off:.2f} minutes off"
    ms = mean(answer["ms"] for _, answer in right)
    if ms > MAX_SLOWER * card["ms_a_row"]:
        return f"the model takes {ms:.1f} ms a row, its card says {card['ms_a_row']}"
    return None
