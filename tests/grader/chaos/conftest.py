from collections.abc import Iterator

import pytest

from tests.grader.chaos.chaos_helpers import Sealed


@pytest.fixture
def sealed() -> Iterator[Sealed]:
    server = Sealed()
    yield server
    server.shutdown()
    server.server_close()
