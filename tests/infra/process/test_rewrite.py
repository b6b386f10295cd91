"""Addresses and paths in texts: what is rewritten, what only looks like it, what is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path, PurePosixPath

import pytest

from infra.process.rewrite import Names, unwritable
from infra.system import Mount, System, Volume, load_system
from tests.infra.toy import TOY

NAMES = Names(
    "back",
    {("front", 8080): 20001, ("back", 9000): 20002, ("back-2", 9000): 20003},
    {"/app": "/lab/code", "/app/data": "/scratch/data", "/data": "/scratch/d", "/tmp": "/scratch/t"},
)


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("http://front:8080/x", "http://127.0.0.1:20001/x"),
        ("front:8080", "127.0.0.1:20001"),
        ("0.0.0.0:9000", "127.0.0.1:20002"),
        ("a=front:8080,b=back:9000", "a=127.0.0.1:20001,b=127.0.0.1:20002"),
        ("redis://user:word@back-2:9000/0", "redis://user:word@127.0.0.1:20003/0"),
        ("/app/main.py", "/lab/code/main.py"),
        ("/app", "/lab/code"),
        ("/app/data/x", "/scratch/data/x"),
        ("--log=/data/log", "--log=/scratch/d/log"),
        ("/app:/data", "/lab/code:/scratch/d"),
        ("sqlite:////data/db", "sqlite:////scratch/d/db"),
        ("file:///data/db", "file:///scratch/d/db"),
        ("{'path': '/tmp'}", "{'path': '/scratch/t'}"),
    ],
)
def test_is_rewritten(text: str, rewritten: str) -> None:
    assert NAMES.text(text) == rewritten


@pytest.mark.parametrize(
    "text",
    [
        "front:80801",
        "front:808",
        "upfront:8080",
        "my.front:8080",
        "x-front:8080",
        "frontend:8080",
        "front",
        "app:main",
        "/application/x",
        "/opt/app/x",
        "./app/x",
        "http://elsewhere/data/x",
        "http://data:80/",
        "/database",
        "0.0.0.0:1",
        "10.0.0.0:9000",
    ],
)
def test_only_looks_like_it(text: str) -> None:
    assert NAMES.text(text) == text


def _toy(**changes: object) -> System:
    system = load_system(TOY / "compose.yaml", ("code",))
    front = dataclasses.replace(system.services["front"], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(system, services=system.services | {"front": front})


def test_the_toy_is_not_refused() -> None:
    assert unwritable(_toy()) is None


def test_a_mount_where_its_folder_has_it_anyway_is_not_refused() -> None:
    root = TOY / "sealed"
    nested = (Mount(root, PurePosixPath("/s"), False), Mount(root / "server.py", PurePosixPath("/s/server.py"), False))
    assert unwritable(_toy(mounts=nested)) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"command": ("uvicorn", "--host", "0.0.0.0", "--port", "8080")}, "in one piece"),
        ({"command": ("serve", "0.0.0.0:8081")}, "0.0.0.0:8081 is neither"),
        ({"environment": {"BACK": "http://back:1"}}, "back:1 is neither"),
        (
            {"mounts": (Mount(TOY, PurePosixPath("/s"), False), Mount(TOY / "code", PurePosixPath("/s/x"), False))},
            "/s/x lies inside another mount",
        ),
        (
            {
                "mounts": (Mount(TOY, PurePosixPath("/s"), False),),
                "volumes": (Volume("shared", PurePosixPath("/s/data")),),
            },
            "/s/data lies inside another mount",
        ),
    ],
)
def test_what_cannot_be_stood_in_for_is_refused(changes: dict[str, object], reason: str) -> None:
    refusal = unwritable(_toy(**changes))
    assert refusal is not None
    assert refusal.startswith("service front: ")
    assert reason in refusal


def test_sources_are_absolute() -> None:
    assert all(
        isinstance(mount.source, Path) and mount.source.is_absolute() for mount in _toy().services["front"].mounts
    )
