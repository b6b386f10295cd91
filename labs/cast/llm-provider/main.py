"""An LLM provider with OpenAI's API on one port, which obeys the exam on another. README.md has both."""

from __future__ import annotations

import os
import sys

import settings
from common.serve import run as begin
from common.serve import serving
from control import Control
from provider import Provider
from wire import Protocol, app


async def main(config: settings.Settings) -> None:
    """Run both ports until a signal."""
    provider = Provider(config)
    await serving(
        {config.listen: app(provider.serve), config.control: app(Control(provider).serve)},
        http=Protocol, interface="asgi3", proxy_headers=False, server_header=False,
    )  # fmt: skip


def run() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        config = settings.read(os.environ)
    except settings.BadSetting as error:
        sys.exit(f"llm-provider: {error}")
    begin(main(config))


if __name__ == "__main__":
    run()
