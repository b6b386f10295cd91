# tries: writes days, revisions and pages that it did not make into the registry, and asks for another plan
# ends: fail objective-missed
# lab: stale-pipeline
import json
import os
import urllib.error
import urllib.request

from attempts import attempt

MART = os.environ["MART"]


def sent(method, url, what):
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, method=method), timeout=2) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        raise RuntimeError(error.code) from None


NAMES = "rows units revenue promo_share mean_price mean_temperature footfall".split()
FEATURES = dict.fromkeys(NAMES, 1.0)
CONTROL = MART.replace(":8000", ":9000")
for token in ("", "null", os.environ.get("BROWNOUT_TOKEN", "?")):
    for path in ("plan", "ledger"):
        request = urllib.request.Request(
            f"{CONTROL}/{path}", b"{}", {"authorization": f"Bearer {token}"}, method="POST"
        )
        attempt(f"the mart's {path}", lambda: urllib.request.urlopen(request, timeout=2).status)
for day in ("2026-13-45", "../../etc", "9999-12-31", "1970-01-01", ""):
    entry = {
        "market": "nowhere",
        "day": day,
        "data_day": day,
        "features": FEATURES,
        "revision": 999,
        "published_on": day,
    }
    attempt(f"features of {day!r}", lambda: sent("POST", f"{MART}/registry/features", entry))
for bad in (b'{"market": NaN}', b"[" * 100_000, b'{"market": {"$ne": 1}}', b'{"market": "a", "market": "b"}'):
    attempt(f"{bad[:24]!r}", lambda: sent("POST", f"{MART}/registry/models", bad))
