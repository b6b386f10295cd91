"""Looks at pages of metrics: good, broken, hanging, gone; what is made of the samples."""

from __future__ import annotations

import pytest
from collector.samples import NO_METRICS, Scrape, parsed

from tests.labs.cast.collector.conftest import GOOD, Running, many
from tests.waiting import eventually


def test_a_page_is_looked_at_again_and_again(collector: Running) -> None:
    eventually(lambda: collector.seen("scrapes/good")["words"].count("ok") >= 3)
    eventually(lambda: collector.seen("scrapes/good?stage=scan")["total"][-1] == 7)

    eventually(lambda: collector.http.get(f"{collector.public}/telemetry/bill").json()["series"]["good"] == 3)


@pytest.mark.parametrize(
    ("name", "word"),
    [("garbage", "malformed"), ("huge", "malformed"), ("many", "malformed"), ("gone", "none"), ("hangs", "none")],
)
def test_a_page_that_cannot_be_read(collector: Running, name: str, word: str) -> None:
    eventually(lambda: word in collector.seen(f"scrapes/{name}")["words"])

    found = collector.seen(f"scrapes/{name}")
    assert set(found["words"]) <= {word, "none"} and found["error"]
    assert collector.ledger()["scrapes"][name].keys() == set(found["words"])


def test_one_that_hangs_holds_up_nobody_and_is_not_asked_twice_at_once(collector: Running) -> None:
    looked = collector.service.looked
    looked["/hangs"], looked["/good"] = [], []
    eventually(lambda: len(looked["/hangs"]) >= 3 and len(looked["/good"]) >= 3)

    first, second, third = looked["/hangs"][:3]
    assert second - first >= 0.9 and third - second >= 0.9, "each is given up after a second"


def test_all_are_looked_at_on_demand(collector: Running) -> None:
    wanted = {
        "good": "ok",
        "garbage": "malformed",
        "huge": "malformed",
        "many": "malformed",
        "gone": "none",
        "hangs": "none",
    }

    eventually(lambda: collector.seen("now") == wanted)


def test_samples_are_summed_by_labels() -> None:
    scrape = Scrape(0, 0, "ok", samples=parsed(GOOD))

    assert scrape.total("tickets_total") == 12 and scrape.total("tickets_total", tenant="a") == 8
    assert scrape.total("tickets_total", stage="none") == 0
    assert scrape.by("tickets_total", "stage") == {("scan",): 7, ("embed",): 5}
    assert scrape.by("tickets_total", "tenant", "more") == {("a", ""): 8, ("b", ""): 4}
    assert scrape.series == 3


def test_a_histogram_is_its_series() -> None:
    page = b'# TYPE s histogram\ns_bucket{le="1.0"} 3\ns_bucket{le="+Inf"} 4\ns_sum 5.5\ns_count 4\n'
    scrape = Scrape(0, 0, "ok", samples=parsed(page))

    assert scrape.total("s_bucket", le="1.0") == 3 and scrape.total("s_sum") == 5.5 and scrape.series == 4


@pytest.mark.parametrize("page", [b"\xff", many(5001), b'x{a="b} 1\n', b"x one\n", b"x{\n"])
def test_what_is_no_page_of_metrics(page: bytes) -> None:
    with pytest.raises(NO_METRICS):
        parsed(page)
