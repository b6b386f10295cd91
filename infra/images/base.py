"""A base image out of Debian's packages, for a machine that cannot reach a container registry."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.errors import RuntimeUnavailable

SUITE = "trixie"
PACKAGES = "python3,python3-venv,ca-certificates"


def make_debian_base(image: str, wanted: str) -> None:
    """Make a minimal Debian with Python by `mmdebstrap`, and import it under the name `image` (20 s, 170 MB).

    Raises:
        RuntimeUnavailable: `mmdebstrap` or root is missing, or a step failed; says what to do instead.
    """
    remedy = f"set BASE_IMAGE to an image with Python that `docker pull` can reach ({wanted} cannot be pulled)"
    if shutil.which("mmdebstrap") is None:
        raise RuntimeUnavailable(f"no base image: {remedy}, or install mmdebstrap to make one from Debian's packages")
    if os.geteuid() != 0:
        raise RuntimeUnavailable(f"no base image: {remedy}, or run `make images` as root to make one by mmdebstrap")
    print(f"making {image} from Debian's packages", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="brownout-base-") as folder:
        archive = Path(folder) / "base.tar"
        _step(["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(archive)], remedy)
        _step(["docker", "import", "--change", 'CMD ["python3"]', str(archive), image], remedy)


def _step(command: list[str], remedy: str) -> None:
    done = subprocess.run(command, stdout=sys.stderr)
    if done.returncode != 0:
        raise RuntimeUnavailable(f"no base image: {command[0]} failed with code {done.returncode}; {remedy}")
