"""Whether the artefact is the released one: its golden rows, on the bench, where there are no users and no network."""

from statistics import median

MOST_FAILED, MOST_WRONG = 2, 1
MAX_SLOWER = 1.35


def check(cell):
    """What is wrong, in a sentence; None if nothing is."""
    golden = cell.golden()
    card, rows = golden["card"], golden["rows"]
    answers = cell.infer([row["row"] for row in rows], "bench")
    right = [(row, answer) for row, answer in zip(rows, answers, strict=True) if "minutes" in answer]
    failed = len(rows) - len(right)
    if failed > MOST_FAILED:
        return f"the artefact fails on {failed} golden rows"
    wrong = sum(abs(answer["minutes"] - row["minutes"]) > card["tolerance"] for row, answer in right)
    if wrong > MOST_WRONG:
        return f"{wrong} golden rows are answered other than released"
    ms = median(answer["ms"] for _, answer in right)
    if ms > MAX_SLOWER * card["ms_a_row"]:
        return f"the artefact takes {ms:.1f} ms a row, its card says {card['ms_a_row']}"
    return None
