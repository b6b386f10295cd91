"""Features for the site: one request, no data frames. What a mile is concerns the page only."""

from values import values


def serve(request):
    """The row of a request."""
    return values(request)
