"""An LLM provider with OpenAI's API on one port, which obeys the exam on another. README.md has both."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import settings
from control import Control
from provider import Provider
from wire import Server, app


async def main(config: settings.Settings) -> None:
    """Run both ports until a signal."""
    provider = Provider(config)
    servers = [
        Server(app(provider.serve), config.listen),
        Server(app(Control(provider).serve), config.control),
    ]

    def stop() -> None:
        for each in servers:
            each.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await asyncio.gather(*(each.serve() for each in servers))


def run() -> None:
    """Use uvloop where there is one."""
    try:
        config = settings.read(os.environ)
    except settings.BadSetting as error:
        sys.exit(f"llm-provider: {error}")
    try:
        import uvloop
    except ImportError:
        asyncio.run(main(config))
    else:
        uvloop.run(main(config))


if __name__ == "__main__":
    run()
