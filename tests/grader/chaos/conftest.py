import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from chaos_helpers import Sealed  # noqa: E402


@pytest.fixture
def sealed() -> Iterator[Sealed]:
    server = Sealed()
    yield server
    server.shutdown()
    server.server_close()
