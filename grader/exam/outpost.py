"""Where the processes of an exam run: a post of the runtime's, with the sealed echo that tells how busy it is there."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from grader.errors import Unproven
from grader.exam.children import Child
from infra.runtime import Post


class Outpost:
    """A post and its metronome, each opened when it is first asked for: in a cluster that takes seconds, in which
    systems can start."""

    def __init__(self, open_post: Callable[[], Post], raw: Path, *, sound: bool) -> None:
        """`raw` is the scratch folder of the run; `sound`: ask the metronome how much of the machine is to be had."""
        self._open_post, self._raw, self._sound = open_post, raw, sound
        self._open = ExitStack()

    @cached_property
    def post(self) -> Post:
        """The post. Raises as `infra.runtime.Runtime.post`."""
        post = self._open_post()
        self._open.callback(post.close)
        return post

    @property
    def url(self) -> str:
        """The metronome's, for others at the post.

        Raises:
            Unproven: it did not start. The post's errors as well.
        """
        return self._metronome[0]

    @property
    def room(self) -> float:
        """Cores that are to be had there (see `grader.metronome.sound`); boundless where it was not asked. Raises as
        `url`."""
        return self._metronome[1]

    @cached_property
    def _metronome(self) -> tuple[str, float]:
        child, url, room = start_metronome(self._raw, self.post, sound=self._sound)
        self._open.callback(child.end)
        return url, room

    def close(self) -> None:
        """End the metronome and close the post, if they were opened."""
        self._open.close()


def start_metronome(raw: Path, post: Post, *, sound: bool) -> tuple[Child, str, float]:
    """The sealed echo, its URL for others at the same post, and how much of the machine is to be had there.

    Raises:
        Unproven: it did not start.
    """
    child = Child("grader.metronome", *(["--sound"] if sound else []), log=raw / "metronome.log", post=post)
    try:
        hello = child.read()
        return child, f"http://127.0.0.1:{hello['port']}/", hello.get("room", math.inf)
    except (Unproven, KeyError, json.JSONDecodeError):
        child.end()
        raise
