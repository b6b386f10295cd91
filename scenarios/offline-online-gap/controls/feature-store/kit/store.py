"""The feature store: what training computed is what the site serves, so the two can't differ."""

import json

ROWS = {}


def key(request):
    return json.dumps(request, sort_keys=True)


def keep(requests, rows):
    for request, row in zip(requests, rows, strict=True):
        ROWS[key(request)] = row


def look_up(request):
    return ROWS.get(key(request))
