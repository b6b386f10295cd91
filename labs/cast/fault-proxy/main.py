"""A TCP proxy that does harm on demand, with Toxiproxy's API. See README.md.

Environment: CONTROL (host:port of the API), PROXIES (JSON) or CONFIG (a file of it), SEED, BROWNOUT_TOKEN.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api import application
from collection import Proxies
from common.serve import run, serving
from problems import Problem
from proxy import address

ANYWHERE = "0.0.0.0:8474"


class BadSetting(Exception):
    """The environment is not understood; one sentence says which variable, and what it must be."""


def configured(environment: Mapping[str, str]) -> Any:
    """The proxies to begin with, from PROXIES or the file CONFIG; an empty list without both.

    Raises:
        BadSetting: unreadable, or not JSON.
    """
    name = "PROXIES" if "PROXIES" in environment else "CONFIG"
    try:
        text = environment.get("PROXIES") or Path(environment["CONFIG"]).read_text("utf-8")
        return json.loads(text)
    except KeyError:
        return []
    except (OSError, ValueError) as error:
        raise BadSetting(f"{name}: must be JSON, a list of proxies as for /populate: {error}") from error


async def serve(environment: Mapping[str, str]) -> None:
    """Make the configured proxies, then run until a signal. Raises `BadSetting`."""
    seed = environment.get("SEED", "0")
    if not seed.lstrip("-").isdigit():
        raise BadSetting(f"SEED: must be a whole number, not {seed!r}")
    proxies = Proxies(int(seed))
    try:
        await proxies.populate(configured(environment))
        host, port = address(environment.get("CONTROL", ANYWHERE))
    except Problem as problem:
        raise BadSetting(f"PROXIES, CONFIG or CONTROL: {problem}") from problem
    await serving({f"{host}:{port}": application(proxies, environment.get("BROWNOUT_TOKEN", ""))})
    await proxies.stop()


def main() -> int:
    """Run, on uvloop where there is one. Exit code 2 for settings that are not understood."""
    try:
        run(serve(os.environ))
    except BadSetting as error:
        print(f"fault-proxy: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
