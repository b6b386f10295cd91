"""Drift monitor."""

from __future__ import annotations

import logging

import uvicorn

from api import create
from settings import Settings


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = Settings.from_environment()
    host, _, port = settings.listen.rpartition(":")
    uvicorn.run(create(settings), host=host, port=int(port), log_level="warning", access_log=False, timeout_keep_alive=75, backlog=512)


if __name__ == "__main__":
    main()
