"""A shared image as a virtual environment, for the runtime that has no containers.

`.brownout/images/<name>-<hash>/`, where the hash covers the locks and the interpreter: a changed lock makes a new
environment and leaves the old one to the deployments that use it. It is built in its final place (scripts carry their
path) under a lock, and is finished once the file `.complete` is there, so that nobody sees half an environment.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra import own
from infra.errors import PlatformBroken, RuntimeUnavailable
from infra.home import home
from infra.images import programs

IMAGES = Path(__file__).parent
STEPS = ("Resolved", "Prepared", "Installed", "Bytecode")
"""How uv's lines begin that tell what is done."""


def environment(image: str, images: Path = IMAGES) -> Path:
    """Folder of the image's virtual environment, made if it is not there (then slow, with progress on stderr).

    Args:
        image: short name, a folder of `images` with a `requirements.txt`.

    Raises:
        RuntimeUnavailable: no such image, or it cannot be made here; says what to do.
        PlatformBroken: the disk or file system failed.
    """
    lock = images / image / "requirements.txt"
    try:
        folder = home() / "images" / f"{image}-{_fingerprint(lock)}"
        if not _complete(folder):
            _make_once(image, lock, folder)
    except FileNotFoundError as error:
        raise RuntimeUnavailable(f"there is no image {image!r}: {error.filename} is missing") from error
    except OSError as error:
        raise PlatformBroken(f"image {image} cannot be made: {error}") from error
    return folder


def _complete(folder: Path) -> bool:
    return (folder / ".complete").exists() and not programs.gone(folder)


def _fingerprint(lock: Path) -> str:
    interpreter = f"{sys.implementation.cache_tag} {sys.version_info[:3]} {sysconfig.get_platform()}"
    debs = lock.with_name("debs.txt")
    locked = lock.read_bytes() + (debs.read_bytes() if debs.exists() else b"")
    return hashlib.sha256(locked + interpreter.encode()).hexdigest()[:12]


def _make_once(image: str, lock: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _held(folder.with_suffix(".lock")):
        if _complete(folder):
            return
        shutil.rmtree(folder, ignore_errors=True)
        print(f"making image {image} (once): half a minute, or some where packages come from far", file=sys.stderr)
        for command in _recipe(lock, folder):
            _run(image, command, folder.parent)
        programs.provide(lock.parent, folder)
        (folder / ".complete").touch()


@contextmanager
def _held(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _recipe(lock: Path, folder: Path) -> list[list[str]]:
    uv = Path(sys.executable).with_name("uv")
    wanted = _has_requirements(lock)
    if uv.exists():
        make = [str(uv), "venv", "--quiet", "--python", sys.executable, "--no-project", str(folder)]
        fill = [str(uv), "pip", "install", "--require-hashes", "--compile-bytecode", "--python"]
    else:
        make = own.command("venv", "--without-pip", str(folder))
        fill = [*own.command("pip"), "--disable-pip-version-check", "--quiet", "--python"]
    fill.append(str(folder / "bin" / "python"))
    fill += ["-r", str(lock)] if uv.exists() else ["install", "--require-hashes", "-r", str(lock)]
    return [make, fill] if wanted else [make]


def _has_requirements(lock: Path) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in lock.read_text("utf-8").splitlines())


def _run(image: str, command: list[str], place: Path) -> None:
    """Run one step of the recipe; what it says of how far it is goes to stderr."""
    began, said = time.monotonic(), []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd=place,  # a uv.toml in the current folder may be a stranger's
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            step = line.split(" ", 1)[0]
            if step in STEPS:
                at = f"{STEPS.index(step) + 1} of {len(STEPS)}"
                print(f"image {image}, {at} after {time.monotonic() - began:.0f} s: {line.strip()}", file=sys.stderr)
    if process.returncode:
        told = "".join(said)[-1000:].strip()
        raise RuntimeUnavailable(f"image {image} cannot be made: `{' '.join(command)}` ended badly: {told}")
