"""Features for training: a nightly job over the requests of a day."""

from values import values


def build(requests):
    """One row a request."""
    return [values(each) for each in requests]
