"""An open service of the toy tries to pass each of its limits from inside, on real Docker, and each limit holds."""

from __future__ import annotations

import dataclasses
import errno
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from infra.compose.containers import of
from infra.compose.deployment import ComposeDeployment
from infra.compose.render import HARDENING
from infra.compose.volumes import MOST_FILES, OPEN_BYTES
from infra.runtime import State, runtime
from tests.infra.toy import Place, ask, eventually, usable

pytestmark = pytest.mark.slow

OBEDIENT = '''
"""A candidate's service that does whatever it is told to, in its own process."""
import contextlib, io, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer("ok")
    def do_POST(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(self.rfile.read(int(self.headers["content-length"])), {})
        self.answer(said.getvalue())
    def answer(self, text):
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
    def log_message(self, *args):
        pass

host, _, port = sys.argv[1].rpartition(":")
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
'''

THREADS = """
import os, threading, time
over, threads = threading.Event(), []
try:
    while True:
        threads.append(threading.Thread(target=over.wait))
        threads[-1].start()
except RuntimeError:
    print(len(threads) - 1)
over.set()
while len(os.listdir("/proc/self/task")) > 8:  # else the next request finds no room for its thread
    time.sleep(0.01)
"""

FILES = """
import os
held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    for one in held:
        os.close(one)
    print(error.errno, len(held))
"""

CONNECTIONS = """
import socket
server, held = socket.create_server(("127.0.0.1", 0), backlog=16), []
try:
    while True:
        held.append(socket.create_connection(server.getsockname()))
        held.append(server.accept()[0])
except OSError as error:
    for one in held:
        one.close()
    print(error.errno, len(held) // 2)
"""

FILL = """
import itertools, os
folder, most = {folder!r}, {most}
made, written = [], 0
try:
    for n in itertools.count():
        with open(f"{{folder}}/f{{n}}", "wb", buffering=0) as file:
            made.append(file.name)
            while written < most:
                written += file.write(bytes(1 << 20))
except OSError as error:
    for name in made:
        os.remove(name)
    print(error.errno, written, len(made))
"""

BURN = """
import os, time
began = time.monotonic()
for _ in range(3):
    if os.fork() == 0:
        while time.monotonic() - began < 4:
            pass
        os._exit(0)
for _ in range(3):
    os.wait()
used = os.times()
print((used.children_user + used.children_system) / (time.monotonic() - began))
"""

FLOOD = """
import os
for _ in range(40 << 10):
    os.write(1, b"x" * 1023 + b"\\n")
os.write(1, b"the flood is over\\n")
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    place = Place(runtime("compose"))
    usable(place.runtime, place.system)
    yield place
    place.stop_all()


@pytest.fixture(scope="module")
def toy(place: Place, tmp_path_factory: pytest.TempPathFactory) -> ComposeDeployment:
    """The toy, whose open service obeys and has a volume."""
    mine = tmp_path_factory.mktemp("submission")
    mine.chmod(0o755)
    (mine / "code").mkdir()
    (mine / "code" / "main.py").write_text(OBEDIENT)
    shop = dataclasses.replace(place.system.services["shop"], volumes=place.system.services["front"].volumes)
    system = dataclasses.replace(place.system, services={**place.system.services, "shop": shop})
    deployment = place.deploy(system, open_root=mine)
    assert isinstance(deployment, ComposeDeployment)
    return deployment


@pytest.fixture
def tell(toy: ComposeDeployment) -> Callable[[str], str]:
    """Has the open service run code; returns what it printed."""

    def tell(code: str) -> str:
        request = urllib.request.Request(toy.address("shop", 8081).url, code.encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())

    return tell


def test_processes_and_threads(tell: Callable[[str], str]) -> None:
    assert HARDENING["pids_limit"] // 2 < int(tell(THREADS)) < HARDENING["pids_limit"]


def test_open_files(tell: Callable[[str], str]) -> None:
    code, held = map(int, tell(FILES).split())

    assert code == errno.EMFILE and held < HARDENING["ulimits"]["nofile"]


def test_connections_have_no_other_limit_than_open_files(tell: Callable[[str], str]) -> None:
    code, held = map(int, tell(CONNECTIONS).split())

    assert code == errno.EMFILE and held < HARDENING["ulimits"]["nofile"] / 2


@pytest.mark.parametrize(("folder", "size"), [("/tmp", 64 << 20), ("/dev/shm", 64 << 20), ("/data", OPEN_BYTES)])
def test_disk_and_inodes(tell: Callable[[str], str], folder: str, size: int) -> None:
    full, written, _ = map(int, tell(FILL.format(folder=folder, most=1 << 40)).split())
    many, _, made = map(int, tell(FILL.format(folder=folder, most=0)).split())

    assert full in (errno.ENOSPC, errno.EFBIG) and size // 2 < written <= size
    assert many == errno.ENOSPC and MOST_FILES // 2 < made <= MOST_FILES


def test_nothing_else_can_be_written(tell: Callable[[str], str]) -> None:
    """What is mounted and may be written is on the list above, or is the kernel's own."""
    code = "import os; print(*{row.split()[1] for row in open('/proc/mounts') if os.access(row.split()[1], os.W_OK)})"

    writable = {path for path in tell(code).split() if not path.startswith("/proc/")}

    assert writable == {"/data", "/dev/mqueue", "/dev/shm", "/tmp"}


def test_the_size_of_a_file_and_a_core(tell: Callable[[str], str]) -> None:
    code = "import resource as r; print(r.getrlimit(r.RLIMIT_FSIZE), r.getrlimit(r.RLIMIT_CORE))"

    assert tell(code) == f"{(OPEN_BYTES, OPEN_BYTES)} {(0, 0)}\n"


def test_cores(toy: ComposeDeployment, tell: Callable[[str], str]) -> None:
    """Three that burn use no more than the one core that the service has; other work only takes from it."""
    assert of(toy.name, "shop")[0].details["HostConfig"]["NanoCpus"] == 10**9
    assert float(tell(BURN)) < 1.25


def test_logs(toy: ComposeDeployment, tell: Callable[[str], str]) -> None:
    log = Path(of(toy.name, "shop")[0].details["LogPath"])
    if not os.access(log, os.R_OK):
        pytest.skip("Docker's own files cannot be looked at here")
    tell(FLOOD)
    eventually(lambda: "the flood is over" in toy.logs("shop", 1024))

    kept = sum(path.stat().st_size for path in log.parent.glob(f"{log.name}*"))

    assert (1 << 20) < kept < (4 << 20)


def test_memory(toy: ComposeDeployment, tell: Callable[[str], str]) -> None:
    """Last: it kills the service, and no other."""
    with suppress(OSError):
        tell("bytearray(b'x') * (600 << 20)")

    eventually(lambda: toy.status("shop").exit_code == -9)
    assert toy.status("front").state is toy.status("back").state is State.RUNNING
    assert ask(toy, "/healthz") == "ok"
    toy.start("shop")
    toy.wait_ready("shop")


def test_a_volume_survives_kill_and_start(toy: ComposeDeployment, tell: Callable[[str], str]) -> None:
    tell("open('/data/kept', 'w').write('mine')")
    for service in ("front", "back", "shop"):
        toy.kill(service)
    for service in ("front", "back", "shop"):
        toy.start(service)
    toy.wait_ready()

    assert tell("print(open('/data/kept').read())") == "mine\n"
