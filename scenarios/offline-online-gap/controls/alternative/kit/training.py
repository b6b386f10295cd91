"""Features for training: a nightly job over the requests of a day."""

from row import row


def build(requests):
    """One row a request."""
    return [row(request) for request in requests]
