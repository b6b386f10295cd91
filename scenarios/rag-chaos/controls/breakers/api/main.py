"""Starts the assistant's API; what it is made of is in the package `desk`."""

from __future__ import annotations

import logging
import os

import uvicorn
from desk.assembly import assemble
from desk.settings import Settings


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = Settings.of(os.environ)
    uvicorn.run(
        assemble(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
    )


if __name__ == "__main__":
    main()
