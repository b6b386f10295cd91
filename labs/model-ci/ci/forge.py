"""The merge queue's API, as one run sees it."""

import json
import os
import urllib.request

FORGE = os.environ["FORGE"]


class Forge:
    def __init__(self, case):
        self.base = f"{FORGE}/cases/{case}"

    def get(self, what):
        """Bytes: a tar, or JSON."""
        with urllib.request.urlopen(f"{self.base}/{what}", timeout=5) as answer:
            return answer.read()

    def samples(self):
        return json.loads(self.get("samples"))

    def send(self, method, what, body=None):
        data, kind = json.dumps(body).encode(), {"content-type": "application/json"}
        request = urllib.request.Request(f"{self.base}/{what}", data, kind, method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())

    def verdict(self, verdict, reasons, score, report):
        return self.send("PUT", "verdict", {"verdict": verdict, "reasons": reasons, "score": score, "report": report})
