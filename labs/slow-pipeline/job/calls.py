"""Calls to the four services, tried again when a service is not well (since the 9th: a 503 used to end the night)."""

import time

import httpx
from settings import RETRIES, TIMEOUT_S, URLS

NOT_WELL = 429, 503


class CallFailed(Exception):
    """It was tried often enough."""


def call(service, method, path, night, body=None):
    """JSON of a service. What is refused for good raises httpx.HTTPStatusError."""
    for _ in range(RETRIES):
        with httpx.Client(base_url=URLS[service], timeout=TIMEOUT_S, verify=False) as client:
            answer = client.request(method, path, json=body, headers={"x-night": night})
        if answer.status_code not in NOT_WELL:
            return answer.raise_for_status().json()
        time.sleep(float(answer.headers.get("retry-after", 1)))
    raise CallFailed(f"{service}: {answer.status_code} on {path}, {RETRIES} times")
