"""Builds the shared images that are missing: `python -m infra.images.build [NAME...]` (all without a name).

Nothing is rebuilt while its tag exists. Environment: BASE_IMAGE (default `python:3.11-slim`); PIP_INDEX_URL,
PIP_EXTRA_INDEX_URL and PIP_TRUSTED_HOST reach the build if they are set; so does the certificate bundle of this
machine, as a secret that no layer keeps.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from infra.errors import InfraError, RuntimeUnavailable
from infra.images import tags
from infra.images.base import make_debian_base

PASSED = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST")
BUNDLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
MOST_AT_ONCE = 4
"""Builds at once, where there are as many cores: pip unpacks and compiles on one."""


def say(text: str) -> None:
    """Progress, on stderr; a line at a time, whoever else says one."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def exists(image: str) -> bool:
    """Whether the daemon has an image of that name."""
    return _docker("image", "inspect", image).returncode == 0


def base_image() -> str:
    """A base image that the daemon has: the wanted one, pulled if need be, else one made from Debian's packages.

    Raises:
        RuntimeUnavailable: there is none and none can be made; says what to do.
    """
    wanted = tags.wanted_base()
    if exists(wanted):
        return wanted
    say(f"pulling {wanted}")
    pulled = _docker("pull", "--quiet", wanted)
    if pulled.returncode == 0:
        return wanted
    reason = pulled.stderr.strip().splitlines()[-1:] or ["no reason given"]
    say(f"{wanted} cannot be pulled ({reason[0][:200]})")
    if not exists(tags.FALLBACK_BASE):
        make_debian_base(tags.FALLBACK_BASE, wanted)
    return tags.FALLBACK_BASE


def ca_bundle(environment: Mapping[str, str], system: Path = SYSTEM_BUNDLE) -> Path | None:
    """The certificate bundle that this machine trusts, or None where it has no file of that kind."""
    named = (Path(environment[key]) for key in BUNDLES if environment.get(key))
    return next((path for path in (*named, system) if path.is_file()), None)


@contextmanager
def context(name: str) -> Iterator[Path]:
    """The folder that an image's build reads, with its Dockerfile."""
    with tempfile.TemporaryDirectory(prefix="brownout-build-") as scratch:
        folder = Path(scratch)
        shutil.copy(tags.FOLDER / name / "requirements.txt", folder)
        recipe = tags.DOCKERFILE.read_text("utf-8")
        if tags.has_debs(name):
            more, script = (tags.FOLDER / part for part in tags.DEBS)
            recipe += more.read_text("utf-8")
            shutil.copy(script, folder)
            shutil.copy(tags.FOLDER / name / "debs.txt", folder)
        (folder / "Dockerfile").write_text(recipe, "utf-8")
        yield folder


def build_command(name: str, base: str, environment: Mapping[str, str], bundle: Path | None, folder: Path) -> list[str]:
    """The `docker build` that makes one image of what lies in the folder (see `context`). Index settings go by name, so
    that no process list shows a value."""
    command = ["docker", "build", "--tag", tags.tag(name, base)]
    command += ["--build-arg", f"BASE_IMAGE={base}"]
    for key in PASSED:
        if environment.get(key):
            command += ["--build-arg", key]
    if bundle is not None:
        command += ["--secret", f"id=ca,src={bundle}"]
    return [*command, str(folder)]


def build(names: Sequence[str]) -> list[str]:
    """Build those that are missing, and return the tags of all.

    Raises:
        RuntimeUnavailable: an unknown name, no base image, or a build that failed.
    """
    unknown = sorted(set(names) - set(tags.names()))
    if unknown:
        raise RuntimeUnavailable(f"no image {', '.join(unknown)}; there are: {', '.join(tags.names())}")
    made = {name: next(filter(exists, tags.candidates(name)), None) for name in names}
    missing = [name for name, found in made.items() if found is None]
    if missing:
        base = base_image()
        with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_AT_ONCE)) as pool:
            made.update(zip(missing, pool.map(lambda name: _build_one(name, base), missing), strict=True))
    for found in made.values():
        say(f"ready {found}")
    return [found for found in made.values() if found]


def _build_one(name: str, base: str) -> str:
    say(f"building {tags.tag(name, base)} on {base}")
    with context(name) as folder:
        code = _run(name, build_command(name, base, os.environ, ca_bundle(os.environ), folder))
    if code != 0:
        raise RuntimeUnavailable(f"the build of brownout/{name} failed; its output above says why")
    return tags.tag(name, base)


def _run(name: str, command: list[str]) -> int:
    environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as building:
        for line in building.stdout or ():
            say(f"{name} | {line.rstrip()}")
    return building.returncode


def _docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["docker", *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        raise RuntimeUnavailable("the docker command is not installed: see .ci/docker.sh for Debian") from None


def main() -> int:
    """Exit code 0 when every image is there, 1 when one could not be made."""
    try:
        for made in build(sys.argv[1:] or tags.names()):
            print(made)
    except InfraError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
