"""One GET of a lab's system, bounded in time and size, for pages and reports: what it says may be a candidate's."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from grader.errors import BadInput

TIMEOUT_S = 3.0


def get(url: str, path: str, most: int, who: str, timeout_s: float = TIMEOUT_S) -> tuple[int, bytes]:
    """Status and body, cut at `most` bytes; `who` is what a message calls it. `timeout_s`: of each step.

    Raises:
        BadInput: no answer.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout_s)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(most)
    except (OSError, http.client.HTTPException) as error:
        raise BadInput(f"{who} does not answer ({type(error).__name__})") from error
    finally:
        connection.close()
