"""Features for training: what the site computes, so that both are the same."""

from serving import serve


def build(requests):
    """One row a request."""
    return [serve(request) for request in requests]
