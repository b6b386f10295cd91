"""Past runs of a lab: what each came to, and where its report is."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import catalog
from grader.result import named
from grader.safe import visible

MOST = 40
MOST_BYTES = 8 << 20
WORDS = {"pass", "fail", "invalid", "undecided"}


@dataclass(frozen=True)
class Attempt:
    """A run folder with a result."""

    folder: Path
    at: float
    told: dict[str, Any]


class Attempts:
    """Runs below `results/ID`, newest first, each read once; and links to their reports that nobody can guess."""

    def __init__(self, lab_id: str) -> None:
        self._top = catalog.root() / "results" / lab_id
        self._read: dict[Path, Attempt] = {}
        self._links: dict[str, Path] = {}

    def look(self) -> list[dict[str, Any]]:
        """The newest of them as plain data."""
        found = [attempt for path in self._folders() if (attempt := self._attempt(path))]
        found.sort(key=lambda attempt: attempt.at, reverse=True)
        return [self._shown(attempt) for attempt in found[:MOST]]

    def result(self, folder: Path) -> dict[str, Any] | None:
        """The result of one run; None where there is none (yet)."""
        attempt = self._attempt(folder)
        return self._shown(attempt) if attempt else None

    def paper(self, link: str) -> bytes | None:
        """The report behind a link."""
        path = self._links.get(link)
        try:
            return path.read_bytes() if path else None
        except OSError:
            return None

    def _folders(self) -> list[Path]:
        try:
            return [path for path in self._top.iterdir() if path.is_dir() and not path.is_symlink()]
        except OSError:
            return []

    def _attempt(self, folder: Path) -> Attempt | None:
        path = folder / "result.json"
        try:
            status = path.stat()
            known = self._read.get(folder)
            if known and known.at == status.st_mtime:
                return known
            if status.st_size > MOST_BYTES:
                return None
            told = _told(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        self._read[folder] = Attempt(folder, status.st_mtime, told)
        return self._read[folder]

    def _shown(self, attempt: Attempt) -> dict[str, Any]:
        report = attempt.folder / "report.html"
        link = next((link for link, path in self._links.items() if path == report), "")
        if not link and report.is_file():
            link = f"/report/{secrets.token_urlsafe(24)}"
            self._links[link] = report
        name = attempt.folder.name
        what = "rehearsal" if name == "rehearsal" else "twist" if name.startswith("twist-") else "exam"
        return {"name": visible(name, 80), "what": what, "at": round(attempt.at), "report": link, **attempt.told}


def _told(result: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a result; nothing that would tell what was drawn."""
    proven = result["verdict"] != "invalid"
    objectives = [
        {
            "id": visible(one["id"], 60),
            "title": visible(one["title"], 120),
            "target": float(one["target"]),
            "estimate": None if one["estimate"] is None else float(one["estimate"]),
            "good": int(one["good"]),
            "valid": int(one["valid"]),
            "of": int(one.get("of", 0)),
            "most_bad": None if one.get("most_bad") is None else int(one["most_bad"]),
            "verdict": _word(one["verdict"], proven and one.get("close") is True),
        }
        for one in result["objectives"]
    ]
    return {
        "verdict": _word(result["verdict"], result.get("close") is True),
        "seconds": round(float(result["duration_s"]), 1),
        "kept": sum(one["verdict"] == "pass" for one in result["objectives"]),
        "objectives": objectives,
        "reasons": [
            visible(one["message"], 300) for one in result["reasons"] if one["code"] not in ("objective-missed",)
        ][:8],
    }


def _word(verdict: Any, close: bool) -> str:
    return named(verdict, close) if verdict in WORDS else "undecided"
