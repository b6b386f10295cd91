import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from load_helpers import Server  # noqa: E402


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()
