"""What is trained on, and what is held back to see when to stop."""

from datetime import datetime, timedelta

HELD_BACK = timedelta(days=28)


def split(rows):
    """The newest nights are held back: that is what the model will meet."""
    newest = datetime.now() - HELD_BACK
    train = [row for row in rows if row["recorded_at"] < newest]
    held_back = [row for row in rows if row["recorded_at"] >= newest]
    if not train:
        return rows, []
    return train, held_back
