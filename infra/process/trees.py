"""Removing a folder in which somebody else's code has written."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Remove a folder and all in it, whatever modes were set inside; follows no links. No error if it is not there.

    Raises:
        OSError: something in it cannot be removed.
    """
    if sys.version_info >= (3, 12):
        shutil.rmtree(folder, onexc=lambda function, path, error: _unlock(path, error))
    else:
        shutil.rmtree(folder, onerror=lambda function, path, problem: _unlock(path, problem[1]))


def _unlock(path: str, error: BaseException) -> None:
    if isinstance(error, FileNotFoundError):
        return
    os.chmod(os.path.dirname(path), stat.S_IRWXU)
    if os.path.isdir(path) and not os.path.islink(path):
        os.chmod(path, stat.S_IRWXU)
        shutil.rmtree(path)
    else:
        os.unlink(path)
