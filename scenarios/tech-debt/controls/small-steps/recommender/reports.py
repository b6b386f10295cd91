"""Numbers for other departments. Who reads them: mail (with each page) and finance (after a month's end)."""

import scoring


def legacy_score(shown, basket, settings):
    """For the mails: the mean of their score over what is shown, times 100."""
    if not shown:
        return 0.0
    return round(100 * sum(scoring.mail_score(part, basket, settings) for part in shown) / len(shown), 2)


def score_of(part, settings):
    """For finance: the score of a part without a basket."""
    return round(scoring.report_score(part, settings), 4)
