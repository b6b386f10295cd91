from collections.abc import Iterator

import pytest

from tests.grader.load.load_helpers import Server


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()
