"""The links to a board: a secret for each page, and the port, kept so that open pages go on after a restart."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from grader.errors import BadInput

NAME = "board.json"


@dataclass(frozen=True)
class Links:
    """`teacher` and `everybody` are the secrets of the two pages; `port` was last used, 0 for none yet."""

    teacher: str
    everybody: str
    port: int = 0

    def urls(self) -> tuple[str, str]:
        """Links to the teacher's page and to the one for projection. What follows # is never sent to a server."""
        base = f"http://127.0.0.1:{self.port}"
        return f"{base}/#{self.teacher}", f"{base}/projection#{self.everybody}"


def kept(folder: Path) -> Links:
    """Those of a workshop, new ones if there are none.

    Raises:
        BadInput: the file is damaged.
    """
    path = folder / NAME
    try:
        found = Links(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Links(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(
            f"{path} is damaged ({type(error).__name__}): remove it; links given out are void then"
        ) from error
    if not (isinstance(found.port, int) and len(str(found.teacher)) > 20 and len(str(found.everybody)) > 20):
        raise BadInput(f"{path} is damaged: remove it; links given out are void then")
    return found


def keep(folder: Path, links: Links, port: int) -> Links:
    """Write them, with the port that is used now; for the owner's eyes only."""
    links = replace(links, port=port)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(links), file)
    return links
