"""A picture of each lab's live page, as the lab shipped and as its reference has it, in docs/pictures/labs/.

Each lab is started with that control in its workspace and looked at in a real browser: one on the casebook once its
public season is over, any other after some traffic.
"""

from __future__ import annotations

import argparse
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.live import CHROMIUM, lab, submitted
from benchmarks.machine import ROOT, main
from grader.course import casebook, catalog
from grader.errors import BadInput, Unproven
from grader.practice import rig, workspace
from grader.practice.live import record
from grader.practice.live.serving import serving
from grader.practice.seat import Seat

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = ROOT / "docs" / "pictures" / "labs"
WIDTH, TALLEST = 1100, 1500
"""Of a picture, px; it is cut below until it is small enough."""

MOST_BYTES = 80_000
OVER_S, TRAFFIC_S, SETTLED_S = 240.0, 25.0, 2.0
LAP_S = 45.0
"""A public season begins again after so long: it has to be over by then. Other labs have their usual traffic."""

PRESSED_S = 12.0
"""How long charts show what was before a button is pressed, unless said otherwise."""

LAP = "lap"
PICTURES = "#season-pictures"
WATCHED = "#figures"
"""What is looked at of a live page: the pictures of a decision lab, or else the charts of what a lab's services say of
themselves. Of a page that has neither, its upper part."""


def screen(
    lab_id: str, control: str, browser: Browser, own_page: bool, press: str = "", after_s: float = PRESSED_S
) -> Path:
    """Start a lab with a control, look at it, stop it; returns the picture's file.

    Args:
        own_page: look at the lab's own first page, not at the live page.
        press: the words on a button of the live page that is pressed first; "" for none.
        after_s: how long the charts are looked at before it is pressed (s).

    Raises:
        BadInput: its workspace was edited, or it runs already.
        Unproven: it did not start, or its public season did not end.
    """
    if workspace.running(workspace.load(lab_id)):
        raise BadInput(f"{lab_id} runs: `lab stop {lab_id}` first")
    target = FOLDER / f"{lab_id}-{control}.png"
    with submitted(lab_id, control):
        try:
            asked = questions(lab_id)
            lab("start", lab_id, *(["--rate", f"{min(max(asked / LAP_S, 1), 200):.0f}"] if asked else []))
            page = settled(lab_id) if asked or own_page else ""
            if own_page:
                look(browser, page, target, still=True)
            else:
                with serving(Seat(lab_id)):
                    look(
                        browser,
                        record.kept(lab_id).url,
                        target,
                        still=False,
                        pictured=asked > 0,
                        press=press,
                        after_s=after_s,
                    )
        finally:
            lab("stop", lab_id)
    return target


def questions(lab_id: str) -> int:
    """How many there are in the public season of a lab on the casebook; 0 for any other."""
    folder = catalog.find_lab(lab_id).folder
    return casebook.questions(folder, exam=False) if casebook.public_plan(folder).is_file() else 0


def settled(lab_id: str) -> str:
    """Wait until there is something to see; returns the lab's own first page."""
    own = rig.pages(catalog.find_lab(lab_id), rig.require(lab_id))
    page = next(iter(own.values()), "")
    if not questions(lab_id):
        time.sleep(TRAFFIC_S)
        return page
    until, found = time.monotonic() + OVER_S, {"over": False, "broken": ""}
    while not found["over"]:
        if time.monotonic() > until or found["broken"]:
            raise Unproven("platform", f"the public season of {lab_id} did not end: {found['broken'] or 'too slow'}")
        time.sleep(0.5)
        with suppress(httpx.TransportError):  # its world is busy
            found = httpx.get(page + LAP, timeout=10).raise_for_status().json()
    return page


def look(
    browser: Browser, url: str, target: Path, still: bool, pictured: bool = False, press: str = "",
    after_s: float = PRESSED_S,
) -> None:  # fmt: skip
    """Write a picture of a page that is small enough: of its upper part, if it has to be.

    Args:
        still: it has no scripts, and is not to load itself again.
        pictured: wait for the pictures of a decision lab.
        press: the words on a button that is pressed in the middle of the charts; "" for none.
        after_s: how long they are looked at before it is (s).
    """
    page = browser.new_page(viewport={"width": WIDTH, "height": TALLEST})
    if still:
        page.set_content(httpx.get(url, timeout=30).text.replace('http-equiv="refresh"', ""))
    else:
        page.goto(url)
    if press:
        page.wait_for_timeout(1000 * after_s)
        page.get_by_role("button", name=press, exact=True).click()
    drawn = page.locator(PICTURES if pictured else WATCHED)
    if pictured:
        page.locator(f"{PICTURES} img").first.wait_for(timeout=1000 * OVER_S)
    page.wait_for_timeout(1000 * (SETTLED_S if pictured or still else TRAFFIC_S))  # charts begin when somebody looks
    box = drawn.bounding_box() if drawn.count() else None
    top, tall = (box["y"], box["height"]) if box else (0.0, page.evaluate("document.documentElement.scrollHeight"))
    area = {"x": 0.0, "y": top, "width": float(WIDTH), "height": float(min(tall, TALLEST))}
    while len(data := page.screenshot(clip=area, full_page=True)) > MOST_BYTES:  # type: ignore[arg-type]
        area["height"] = int(area["height"] * min(0.95, MOST_BYTES / len(data)))
    page.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def controls(lab_id: str) -> list[str]:
    """The lab as it shipped, and its first reference."""
    known = catalog.find_scenario(catalog.find_lab(lab_id)).controls
    return ["shipped", *[name for name, control in known.items() if control.kind == "reference"][:1]]


def command() -> int:
    """Make the pictures; returns the exit code."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="benchmarks.screens", description="Pictures of labs' live pages.")
    parser.add_argument("labs", nargs="*", help="which; else all that are no drafts")
    parser.add_argument("--control", action="append", help="which; else shipped and the first reference")
    parser.add_argument("--own-page", action="store_true", help="the lab's own first page, not the live page")
    parser.add_argument("--press", default="", help="the words on a button of the live page that is pressed first")
    parser.add_argument("--after", type=float, default=PRESSED_S, help="seconds before it is pressed; a day, say")
    options = parser.parse_args()
    if not os.access(CHROMIUM, os.X_OK):
        raise BadInput("there is no chromium on this machine: install it")
    failed: list[str] = []
    labs = options.labs or [each for each in catalog.lab_ids() if not catalog.is_draft(each)]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for lab_id in labs:
            for control in options.control or controls(lab_id):
                try:
                    made = screen(lab_id, control, browser, options.own_page, options.press, options.after)
                    print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1000:.0f} KB", flush=True)
                except (Unproven, httpx.HTTPError) as error:
                    failed.append(f"{lab_id}, {control}")
                    print(f"{failed[-1]}: no picture, {error}", flush=True)
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    main(command)
