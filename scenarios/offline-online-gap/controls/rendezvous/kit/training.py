"""Features for training: a nightly job over the requests of a day."""

from features import row


def build(requests):
    """One row a request."""
    return [row(each) for each in requests]
