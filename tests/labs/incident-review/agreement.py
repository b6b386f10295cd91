"""Whether the tables of an evening tell one story: each function looks at two of them or more."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

MINUTE = np.timedelta64(60, "s")


def rows(table: Any) -> list[dict[str, Any]]:
    """A table as rows."""
    columns = {name: np.asarray(values).tolist() for name, values in table.items()}
    return [dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True)]


def by_request(one: Any, column: str) -> dict[int, Any]:
    """A column of `requests`, by request."""
    requests = one.tables["requests"]
    return dict(zip(requests["request"].tolist(), requests[column], strict=True))


def carts_and_requests(one: Any) -> None:
    """Who paid in the hours of the tables has a payment at that moment that went well, and nobody else has one."""
    tables = one.tables
    ts, status = np.asarray(tables["requests"]["ts"]), np.asarray(tables["requests"]["status"])
    paying = (np.asarray(tables["requests"]["route"]) == "pay") & (status == 200)
    first: dict[int, Any] = {}
    for customer, when in zip(np.asarray(tables["requests"]["customer"])[paying], ts[paying], strict=True):
        first[customer] = min(when, first.get(customer, when))
    paid = dict(zip(tables["carts"]["customer"], tables["carts"]["paid"], strict=True))
    assert len(paid) == len(tables["carts"]["cart"]) == len(set(tables["carts"]["cart"]))
    over = ts.max()
    for customer, when in paid.items():
        if np.isnat(when) or when > over:
            assert customer not in first
        else:
            assert first[customer] == when
    assert first.keys() <= paid.keys()
    assert over > one.truth.ended + 30 * MINUTE


def spans_and_requests(one: Any) -> None:
    """Each traced request has the spans of its way; those of a failed payment are wrong from the edge down to one."""
    hosts = dict(zip(one.tables["hosts"]["host"], one.tables["hosts"]["service"], strict=True))
    status = by_request(one, "status")
    names = one.scene.names
    of: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for span in rows(one.tables["spans"]):
        assert (hosts[span["host"]] == span["service"]) if span["host"] else span["service"] in one.scene.parties
        assert (span["version"] is None) == (span["host"] is None)
        of[span["request"]].append(span)
    assert 0.2 < len(of) / len(status) < 0.3
    for request, spans in of.items():
        there = {span["service"]: span for span in spans}
        assert len(there) == len(spans) and there[names["edge"]]["caller"] is None
        assert all(span["caller"] in there for span in spans if span["caller"])
        wrong = {name for name, span in there.items() if span["error"]} - {names["extra"]}
        assert bool(wrong) == (status[request] >= 500)
        if status[request] >= 500:
            callers = {there[name]["caller"] for name in wrong}
            assert names["edge"] in wrong and callers - {None} <= wrong


def versions_and_changes(one: Any) -> None:
    """A version is met from its deploy on, on hosts of its service, and no other change has a version."""
    spans = one.tables["spans"]
    when = by_request(one, "ts")
    offsets = dict(zip(one.tables["offices"]["office"], one.tables["offices"]["utc_offset"], strict=True))
    services = dict(zip(one.tables["hosts"]["host"], one.tables["hosts"]["service"], strict=True))
    touched = rows(one.tables["touched"])
    first: dict[str, Any] = {}
    for request, version, service in zip(spans["request"].tolist(), spans["version"], spans["service"], strict=True):
        if version:
            moment, known = first.get(version, (when[request], service))
            assert known == service
            first[version] = min(moment, when[request]), service
    new = {version for version in first if version not in one.scene.base.values()}
    deployed = {}
    for at, change in enumerate(one.tables["changes"]["change"]):
        version, service = one.tables["changes"]["version"][at], one.tables["changes"]["service"][at]
        begun = one.tables["changes"]["shown"][at] - np.timedelta64(offsets[one.tables["changes"]["office"][at]], "h")
        assert (version is not None) == (one.tables["changes"]["kind"][at] == "deploy")
        hosts = [row["host"] for row in touched if row["change"] == change]
        assert bool(hosts) == (version is None) and all(services[host] == service for host in hosts)
        if version in new:
            deployed[version] = begun, service
    for version in new:
        begun, service = deployed[version]
        assert first[version][1] == service and first[version][0] >= begun


def logs_and_the_others(one: Any) -> None:
    """What is logged of a request is logged at a host that it met, and an error only where something went wrong."""
    status = by_request(one, "status")
    met: dict[int, set[str]] = defaultdict(set)
    for request, host in zip(one.tables["spans"]["request"].tolist(), one.tables["spans"]["host"], strict=True):
        met[request].add(host)
    for row in rows(one.tables["logs"]):
        assert row["request"] not in met or row["host"] in met[row["request"]]
        if row["level"] == "error":
            assert status[row["request"]] >= 500 or row["service"] == one.scene.names["extra"]


def the_rest(one: Any) -> None:
    """Gauges are of all hosts and minutes; what was drained or left is met no more; all is as it was drawn."""
    scene, truth = one.scene, one.truth
    assert set(one.tables["gauges"]["host"]) == set(one.tables["hosts"]["host"])
    when = by_request(one, "ts")
    spans = one.tables["spans"]
    gone = {"host": spans["host"], "outside": spans["service"]}.get(scene.kind)
    if gone is not None:
        last = max(when[each] for each in spans["request"][gone == truth.cause.partition(":")[2]].tolist())
        assert last <= scene.at(scene.effect)
    assert abs(truth.started - scene.at(scene.onset)) <= MINUTE and abs(truth.ended - scene.at(scene.effect)) <= MINUTE
    assert abs(truth.paged - scene.at(scene.page)) <= np.timedelta64(2, "s")
    fix = next(change for change in scene.changes if change.id == truth.mitigated)
    assert fix.begun == scene.fix and truth.component == scene.component
    suspects = {change.id for change in scene.changes if 0 < scene.onset - change.begun < 30 * 60}
    near = {change.id for change in scene.changes if abs(scene.onset - change.begun - 30 * 60) <= 60}
    assert suspects - near <= set(truth.weights) <= suspects | near


ALL = carts_and_requests, spans_and_requests, versions_and_changes, logs_and_the_others, the_rest
