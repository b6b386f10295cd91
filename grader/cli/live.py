"""`lab live`, and the page that `lab start` opens where there is somebody to see it."""

from __future__ import annotations

import sys
import time

from grader.classroom.desk.seat import seat
from grader.cli.console import browse, has_display, next_step, note, say
from grader.course import catalog
from grader.practice import background, rig
from grader.practice.live import record
from infra import own

UP_S = 10.0
"""How long a page may take until it is served."""


def live(lab_id: str, port: int, only_print: bool) -> None:
    """Serve the page of a running lab until Ctrl-C or `lab stop`; open the one that is served already.

    Raises:
        BadInput: there is no such lab, it does not run, or the port cannot be used.
    """
    catalog.lab_folder(lab_id)
    rig.require(lab_id)
    page = record.kept(lab_id)
    if page.served:
        browse(page.url, only_print)
        next_step(f"lab stop {lab_id}", "ends the lab and its page")
        return
    from grader.practice.live.serving import serving

    with serving(seat(lab_id), port) as served:
        browse(served.page.url, only_print)
        note("Ctrl-C ends the page; the lab goes on. The link is for you alone, and stays the same.")
        while not served.over.is_set():  # a wait without an end may miss a signal
            time.sleep(0.5)
    say(f"{lab_id} was stopped, and its page with it.")


def begin(lab_id: str) -> None:
    """Open the page where there is a terminal and a browser, served in the background; else say how to."""
    if not (sys.stdout.isatty() and has_display()):
        say(f"`lab live {lab_id}` shows all of it on one page.")
        return
    if not record.kept(lab_id).served:
        errors = record.folder(lab_id) / "errors"
        errors.parent.mkdir(parents=True, exist_ok=True)
        process = background.begin(own.command("grader.cli.live_alone", lab_id), errors)
        give_up = time.monotonic() + UP_S
        while background.runs(process) and not record.kept(lab_id).served and time.monotonic() < give_up:
            time.sleep(0.05)
    page = record.kept(lab_id)
    if page.served:
        say("On one page, until `lab stop`:")
        browse(page.url, only_print=False)
    else:
        note(f"its page did not start; `lab live {lab_id}` says why")


def end(lab_id: str) -> None:
    """End a page that is served in the background."""
    record.kept(lab_id).end()
