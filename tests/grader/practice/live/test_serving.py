"""The page's server keeps its doors; it tells what it sees, obeys what it may, and leaves nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psutil
import pytest

from grader.errors import BadInput
from grader.practice.live import journal, record
from grader.practice.live.serving import PAGES, Serving, serving
from grader.practice.seat import Seat
from tests.grader.course import Course
from tests.grader.practice.live.conftest import ROUTING, within


def base(served: Serving) -> str:
    return f"http://127.0.0.1:{served.page.port}"


def bearer(served: Serving) -> dict[str, str]:
    return {"Authorization": f"Bearer {served.page.secret}"}


@contextmanager
def feed(served: Serving) -> Iterator[Iterator[dict[str, Any]]]:
    """What the page is told: all parts, as they are after each message."""
    with httpx.stream("GET", base(served) + "/events", headers=bearer(served), timeout=60) as answer:
        assert answer.status_code == 200

        def parts() -> Iterator[dict[str, Any]]:
            known: dict[str, Any] = {}
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    known |= json.loads(line.removeprefix("data: ")).get("parts", {})
                    yield known

        yield parts()


@pytest.mark.parametrize("path", sorted(PAGES))
def test_pages_hold_nothing_and_allow_nothing(served: Serving, path: str) -> None:
    answer = httpx.get(base(served) + path)

    assert answer.status_code == 200 and served.page.secret not in answer.text and "Tickets" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/events", "/find?q=x", "/traces", "/trace?id=a", "/do", "/cancel", "/act"])
@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_wrong_secret_is_refused(served: Serving, path: str, secret: str) -> None:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    content = b'{"what": "restart"}' if path in ("/do", "/cancel", "/act") else None

    answer = httpx.request("POST" if content else "GET", base(served) + path, headers=headers, content=content)

    assert answer.status_code == 403 and "this link is not valid" in answer.text


def test_a_name_that_only_leads_here_is_refused(served: Serving) -> None:
    headers = {**bearer(served), "Host": "evil.example"}

    assert httpx.get(base(served) + "/find?q=x", headers=headers).status_code == 403
    assert httpx.post(base(served) + "/do", headers=headers, content=b'{"what": "restart"}').status_code == 403
    assert journal.marks("desk") == []


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b'{"what": "stop"}', 409, "the page has no command 'stop'"),
        (b"{}", 409, "no command"),
        (b"[1]", 400, "an object in JSON"),
        (b"{", 400, "an object in JSON"),
        (b'{"what": "' + b"x" * 5000 + b'"}', 400, "at most 4096 bytes"),
    ],
)
def test_orders_that_make_no_sense(served: Serving, body: bytes, status: int, said: str) -> None:
    answer = httpx.post(base(served) + "/do", headers=bearer(served), content=body)

    assert answer.status_code == status and said in answer.text


def test_an_order_without_a_length_is_refused(served: Serving) -> None:
    with socket.create_connection(("127.0.0.1", served.page.port), timeout=10) as line:
        head = f"POST /do HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {served.page.secret}\r\n\r\n"
        line.sendall(head.encode())
        assert line.makefile("rb").readline().split()[1] == b"400"


def test_there_is_no_collector_of_traces_here(served: Serving) -> None:
    answer = httpx.get(base(served) + "/traces", headers=bearer(served))

    assert answer.status_code == 409 and answer.text == "lab desk has no collector of traces\n"


def test_the_feed_tells_of_traffic_services_and_log(served: Serving) -> None:
    def whole(parts: dict[str, Any]) -> bool:
        """Each part is told when it is known, so one may come before another."""
        logged = any(name.startswith("log/") for name in parts)
        judged = any(one["bad"] for one in parts.get("objectives", ()))
        measured = any((one["memory"] or 0) > 1 for one in parts.get("services", ()))
        return bool(parts.get("bad")) and logged and judged and measured

    with feed(served) as told_:
        parts = next(one for one in told_ if whole(one))

    objective = parts["objectives"][0]
    assert objective["title"] == "Every customer gets an answer" and objective["good"] + objective["bad"] > 0
    assert sum(parts["chart/everyday/1 min"]["n"]) > 0 and parts["state"]["traffic"] is True
    [service] = parts["services"]
    assert (service["name"], service["open"], service["state"]) == ("desk", True, "running") and service["memory"] > 1
    assert parts["bad"][0]["said"] == "500" and parts["bad"][0]["segment"] in ("Y", "Z")
    assert parts["brief"][0][0] == "h3" and parts["state"]["hints"]["taken"] == 0
    assert parts["state"]["hints"]["of"] == 3 and parts["state"]["hints"]["texts"] == []
    assert parts["diff"] == {"files": [], "cut": 0} and parts["health"]["trouble"] == ""


def test_what_is_written_is_found(served: Serving) -> None:
    def found() -> list[Any]:
        answer = httpx.get(base(served) + "/find", params={"q": "keyerror"}, headers=bearer(served)).json()
        assert isinstance(answer, list)
        return answer

    within(60, found)
    assert {service for service, _ in found()} == {"desk"} and all("KeyError" in line for _, line in found())


def test_a_save_and_a_restart_leave_marks(served: Serving, running: Course) -> None:
    with feed(served) as told_:
        next(one for one in told_ if "services" in one)
        path = running.root / ROUTING
        path.write_text(path.read_text() + "\n# saved\n")
        parts = next(one for one in told_ if one["marks"])
        assert [(mark["what"], mark["text"]) for mark in parts["marks"]] == [("save", "saved desk/routing.py")]
        assert parts["diff"]["files"][0]["path"] == "desk/routing.py"

        assert httpx.post(base(served) + "/do", headers=bearer(served), content=b'{"what":"restart"}').json() == {}
        parts = next(one for one in told_ if one["said"]["code"] is not None and len(one["marks"]) > 1)

    assert parts["said"]["code"] == 0 and parts["said"]["what"] == "restart"
    assert {mark["text"] for mark in parts["marks"]} == {"saved desk/routing.py", "restarted desk"}


def test_a_run_elsewhere_is_followed(served: Serving, running: Course) -> None:
    """As `lab check` in a terminal tells of it."""
    from grader.result import Progress, TrialProgress

    folder = running.root / "results/desk/rehearsal"
    trial = TrialProgress("an ordinary day", "running", "steady", 50.0, 12, 3)
    with feed(served) as told_:
        with journal.run("desk", "rehearsal", folder) as tell:
            (folder / "raw").mkdir(parents=True)
            event = {"trial": "open-day.0", "kind": "request", "due": 1.0, "done": 1.1, "status": 500, "segment": "Z"}
            (folder / "raw" / "open-day.0.events.jsonl").write_text(json.dumps(event) + "\n")
            tell(Progress("running", 2.0, 6.0, (trial,)))
            parts = next(one for one in told_ if (one.get("run") or {}).get("trials") and "chart/0" in one)
            assert parts["run"]["running"] and parts["run"]["what"] == "rehearsal"
            assert parts["run"]["trials"][0]["bad"] == 3
            assert parts["chart/0"]["title"] == "an ordinary day" and sum(parts["chart/0"]["bad"]) == 1
        parts = next(one for one in told_ if not one["run"]["running"])

    assert parts["run"]["result"] is None, "it wrote none"


def test_no_second_page_of_a_lab(served: Serving) -> None:
    with pytest.raises(BadInput, match="is served already"), serving(Seat("desk")):
        pass
    assert record.kept("desk").port == served.page.port


def test_a_page_keeps_its_link_and_leaves_nothing(running: Course) -> None:
    with serving(Seat("desk")) as first:
        pass
    assert not record.kept("desk").served
    with serving(Seat("desk")) as second:
        assert second.page.url == first.page.url
    with socket.create_server(("127.0.0.1", first.page.port)), serving(Seat("desk")) as third:
        assert third.page.port != first.page.port and third.page.secret == first.page.secret
        with pytest.raises(BadInput, match="is served already"), serving(Seat("desk"), first.page.port):
            pass


def command(process: psutil.Process) -> list[str]:
    """Its words; none once it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_what_a_button_started_ends_with_the_page(running: Course) -> None:
    with serving(Seat("desk")) as page:
        httpx.post(base(page) + "/do", headers=bearer(page), content=b'{"what":"check"}')
        within(60, lambda: (journal.now("desk") or {}).get("running"))
        children = psutil.Process().children(recursive=True)
        checks = [child for child in children if "check" in command(child)]
        assert len(checks) == 1

    assert not any(map(alive, checks))
    assert not (journal.now("desk") or {})["running"]


@pytest.mark.parametrize("lab", ["nosuch", "other"])
def test_a_lab_that_does_not_run_has_no_page(running: Course, lab: str) -> None:
    running.lab("new", "other")

    with pytest.raises(BadInput, match="there is no lab|does not run; start it with"), serving(Seat(lab)):
        pass


def test_a_participant_of_a_workshop_submits_and_asks_the_examiner(running: Course) -> None:
    seat = Seat("desk")
    seat.lent = True
    with serving(seat) as page, feed(page) as told_:
        parts = next(one for one in told_ if "state" in one)

    assert parts["about"]["workshop"] is True and parts["about"]["exam"] == "submit"
    hints = parts["state"]["hints"]
    assert (hints["asked"], hints["of"], hints["texts"]) == (True, None, [])
    assert hints["price"] == "Your teacher sees how many you took."


def test_a_lab_without_hints_has_a_page(running: Course) -> None:
    path = running.root / "scenarios/desk/hints.md"
    written = path.read_bytes()
    path.unlink()
    try:
        with serving(Seat("desk")) as page, feed(page) as told_:
            parts = next(one for one in told_ if "state" in one)
    finally:
        path.write_bytes(written)

    assert parts["health"]["trouble"] == "" and parts["state"]["hints"]["of"] == 0
    assert "hints.md cannot be read" in parts["state"]["hints"]["price"]
