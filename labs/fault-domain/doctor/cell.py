"""The tests that the yard has for a cell. What each costs is in the brief."""

import http.client
import json
from urllib.parse import urlsplit

TIMEOUT_S = 8


class Refused(Exception):
    """The yard did not do a test."""


class Cell:
    """One cell, over one connection that is kept until the diagnosis is done."""

    def __init__(self, yard, path):
        self._connection = http.client.HTTPConnection(urlsplit(yard).netloc, timeout=TIMEOUT_S)
        self._path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def nodes(self):
        return self._ask("GET", "nodes")["nodes"]

    def golden(self):
        return self._ask("GET", "golden")

    def sample(self):
        return self._ask("GET", "sample")["requests"]

    def echo(self, hop, n):
        return self._ask("POST", "echo", {"hop": hop, "n": n})

    def infer(self, rows, path):
        return self._ask("POST", "infer", {"rows": rows, "path": path})["answers"]

    def features(self, entities, source):
        return self._ask("POST", "features", {"entities": entities, "from": source})["features"]

    def _ask(self, method, test, body=None):
        payload = None if body is None else json.dumps(body)
        self._connection.request(method, f"{self._path}/{test}", payload)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise Refused(f"{test}: status {answer.status}: {text[:200]}")
        return json.loads(text)
