"""compose.yaml: what is understood, and every refusal, which must name the file and the key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from infra.errors import SystemInvalid
from infra.system import Mount, System, Volume, load_system

Load = Callable[..., System]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a compose.yaml of this text, beside a folder `code/` with a file `main.py`."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.py").touch()

    def read(text: str, open_files: tuple[str, ...] = ()) -> System:
        (tmp_path / "compose.yaml").write_text(text)
        return load_system(tmp_path / "compose.yaml", open_files)

    return read


def one(**keys: str) -> str:
    """A file with one service `a` that has these further keys, written as YAML."""
    lines = "".join(f"\n    {key.replace('x_', 'x-')}: {value}" for key, value in keys.items())
    return f"services:\n  a:\n    image: brownout/core\n    command: [python, x.py]{lines}\n"


def test_a_service_is_read_whole(load: Load, tmp_path: Path) -> None:
    text = one(
        environment="{LEVEL: 3, RATIO: 0.5, NAME: x}",
        volumes='["./code:/app:ro", "store:/data"]',
        ports='["127.0.0.1::8080"]',
        expose='["9000"]',
        networks="[inside]",
        working_dir="/app",
        mem_limit="64m",
        cpus="0.5",
        x_ready="http://a:8080/ok",
    )
    system = load(text + "networks: {inside: {internal: true}, edge: }\nvolumes: {store: }\n", ("code",))

    service = system.services["a"]
    assert service.command == ("python", "x.py")
    assert service.environment == {"LEVEL": "3", "RATIO": "0.5", "NAME": "x"}
    assert service.mounts == (Mount(tmp_path / "code", PurePosixPath("/app"), open=True),)
    assert service.volumes == (Volume("store", PurePosixPath("/data")),)
    assert (service.published, service.exposed) == ((8080,), (9000,))
    assert (service.memory_bytes, service.cpus, service.working_dir) == (64 << 20, 0.5, "/app")
    assert service.ready == "http://a:8080/ok"
    assert service.open
    assert system.images == {"core"}
    assert (system.lab, system.root) == (tmp_path.name, tmp_path)
    assert (system.networks, system.internal) == (("inside", "edge"), {"inside"})


@pytest.mark.parametrize(
    ("open_files", "is_open"),
    [
        ((), False),
        (("code",), True),
        (("code/**",), True),
        (("code/",), True),
        (("code/main.py",), True),
        (("cod",), False),
    ],
)
def test_a_mount_in_or_around_an_open_file_is_open(load: Load, open_files: tuple[str, ...], is_open: bool) -> None:
    system = load(one(volumes='["./code:/app:ro"]'), open_files)
    assert system.services["a"].open is is_open


def test_a_file_in_an_open_folder_is_open(load: Load) -> None:
    assert load(one(volumes='["./code/main.py:/main.py:ro"]'), ("code",)).services["a"].open


def test_services_come_in_dependency_order(load: Load) -> None:
    service = "{{image: brownout/core, command: [x], depends_on: [{}]}}"
    lines = [f"  {name}: {service.format(needs)}" for name, needs in (("a", "b, c"), ("b", "c"), ("c", ""))]
    assert list(load("services:\n" + "\n".join(lines)).services) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("services: [", "cannot be read"),
        ("[]", "compose.yaml"),
        ("version: '3'\nservices: {}", "version"),
        ("networks: {}", "services"),
        (one(privileged="true"), r"services\.a\.privileged"),
        ("services: {a: {image: brownout/core}}", r"services\.a\.command"),
        ("services: {a: {image: python, command: [x]}}", r"services\.a\.image.*shared images"),
        ("services: {a: {image: 'brownout/core:1', command: [x]}}", r"services\.a\.image.*without a tag"),
        (one(volumes='["./code:/app"]'), r"services\.a\.volumes.*read-only"),
        (one(volumes='["./code:/app:rw"]'), r"services\.a\.volumes.*read-only"),
        (one(volumes='["./nowhere:/app:ro"]'), r"services\.a\.volumes.*nowhere does not exist"),
        (one(volumes='["store:/data"]'), r"services\.a\.volumes.*no volume 'store'"),
        (one(ports='["8080:8080"]'), r"services\.a\.ports.*127\.0\.0\.1::<port>"),
        (one(ports='["127.0.0.1::http"]'), r"services\.a\.ports"),
        (one(networks="[inside]"), r"services\.a\.networks.*no network 'inside'"),
        (one(networks="[n]") + "networks: {n: {driver: host}}", r"networks\.n\.driver"),
        (one() + "volumes: {store: {driver: nfs}}", r"volumes\.store"),
        (one(mem_limit="lots"), r"services\.a\.mem_limit"),
        (one(mem_limit="64"), r"services\.a\.mem_limit"),
        (one(depends_on="[b]"), r"services\.a\.depends_on.*no service 'b'"),
        (one(depends_on="[a]"), r"services\.a\.depends_on.*a -> a is a circle"),
        (one(x_ready="http://a:8080/"), r"services\.a\.x-ready"),
        (one(x_ready="http://b:8080/", ports='["127.0.0.1::8080"]'), r"services\.a\.x-ready"),
        (one(x_ready="https://a:8080/", ports='["127.0.0.1::8080"]'), r"services\.a\.x-ready"),
        (one(x_ready="http://a:http/", ports='["127.0.0.1::8080"]'), r"services\.a\.x-ready"),
        (one(command="[]").replace("    command: [python, x.py]\n", ""), r"services\.a\.command"),
        ("services: {../a: {image: brownout/core, command: [x]}}", r"services\.\.\./a"),
        (one() + "volumes: {../store: }", r"volumes\.\.\./store"),
        (one() + "networks: {In side: }", r"networks\.In side"),
        (one(ports='["127.0.0.1::70000"]'), r"services\.a\.ports"),
        (one(expose='["http"]'), r"services\.a\.expose"),
    ],
)
def test_what_is_outside_the_subset_is_refused(load: Load, text: str, says: str) -> None:
    with pytest.raises(SystemInvalid, match=says) as caught:
        load(text)
    assert "compose.yaml" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemInvalid, match="cannot be read"):
        load_system(tmp_path / "compose.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(SystemInvalid, match="cannot be read"):
        load_system(tmp_path / "compose.yaml")


BASE = """
services:
  base:
    image: brownout/core
    command: [python, x.py]
    environment: {A: 1, B: 2}
    volumes: ["..:/srv:ro"]
    expose: ["80"]
    networks: [n]
  other: {extends: {file: x, service: y}}
"""


def extending(file: str = "parts/base.yaml", service: str = "base", more: str = "") -> str:
    return f"services: {{a: {{extends: {{file: {file}, service: {service}}}{more}}}}}\nnetworks: {{n: , m: }}"


def test_a_service_extends_one_of_another_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "base.yaml").write_text(BASE)

    said = ", environment: {B: 3}, command: [y], volumes: ['./code:/app:ro'], expose: ['81'], networks: [m]"
    service = load(extending(more=said)).services["a"]

    assert (service.image, service.command, service.environment) == ("brownout/core", ("y",), {"A": "1", "B": "3"})
    assert [mount.source for mount in service.mounts] == [tmp_path.resolve(), (tmp_path / "code").resolve()]
    assert (service.exposed, service.networks) == ((80, 81), ("n", "m"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (extending(file="parts/no.yaml"), r"parts/no\.yaml: cannot be read"),
        (extending(service="gone"), r"services\.a\.extends\.service: .*base\.yaml has no service 'gone'"),
        (extending(service="other"), r"services\.a\.extends\.service: 'other' of .* extends another one"),
        ("services: {a: {extends: parts/base.yaml}}", r"services\.a\.extends"),
        (extending(more=", privileged: true"), r"services\.a\.privileged"),
    ],
)
def test_what_cannot_be_extended_is_refused(load: Load, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "base.yaml").write_text(BASE)

    with pytest.raises(SystemInvalid, match=says):
        load(text)
