"""The model team's check, on the bench: the golden rows, and the speed on the card."""

from machines import row_ms

MAX_SLOWER = 1.5  # well is 1.25 at most, a slow artefact 1.8 at least


def check(cell, golden, bench):
    """What is wrong, in a sentence; None if nothing is. A row may fail for no reason, so a wrong one is asked twice."""
    card = golden["card"]
    wrong = wrong_rows(golden["rows"], bench, card["tolerance"])
    if wrong:
        wrong = wrong_rows(wrong, cell.infer([row["row"] for row in wrong], "bench"), card["tolerance"])
    if wrong:
        return f"{len(wrong)} golden rows are not answered as released"
    if row_ms(bench) > MAX_SLOWER * card["ms_a_row"]:
        return f"a row takes {row_ms(bench):.1f} ms on the bench, {card['ms_a_row']} on the card"
    return None


def wrong_rows(rows, answers, tolerance):
    """The golden rows that failed, or whose answer is not the released one."""
    return [
        row
        for row, answer in zip(rows, answers, strict=True)
        if "minutes" not in answer or abs(answer["minutes"] - row["minutes"]) > tolerance
    ]
