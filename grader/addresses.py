"""From names inside a system (`gateway:8080`) to where this machine reaches them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from grader.errors import BadInput


def locate(url: str, addresses: Mapping[str, str]) -> str:
    """`url` with its `<service>:<port>` replaced by the `host:port` that `addresses` gives for it.

    Raises:
        BadInput: it is no http URL, or names a service and port without an address.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.netloc:
        raise BadInput(f"{url!r}: is not an http URL such as http://gateway:8080/path")
    netloc = parts.netloc if ":" in parts.netloc else f"{parts.netloc}:80"
    if netloc not in addresses:
        known = ", ".join(sorted(addresses)) or "none"
        raise BadInput(f"{url!r}: no address is known for {netloc}; there are: {known}")
    return urlunsplit(parts._replace(netloc=addresses[netloc]))
