"""The examples in DETAILS.md, as the world reckons them."""

from __future__ import annotations

import pytest

TYPES = [{"type": "k7.small", "units": 120, "memory_gb": 8, "usd_per_hour": 0.19}]


def service(name, count, retires=None, accuracy=0.92):
    variants = [{"variant": "full", "work": 0.6, "memory_gb": 7, "accuracy": accuracy}]
    known = {"name": name, "type": "k7.small", "count": count, "variant": "full", "variants": variants}
    return known | {"accuracy_floor": 0.9, "retires": retires, "depends_on": []}


def fleet_with(services=(), running=("other", 0), **lists):
    empty = dict.fromkeys(("trainings", "stores", "flows", "machines", "pools", "classes"), [])
    offers = [{"type": "k7.small", "months": 12, "discount": 0.31}]
    paid = {"type": running[0], "count": running[1], "usd_per_month": 0.0}
    known = {"month": "2026-06-01", "types": TYPES, "offers": offers, "running": paid, "services": list(services)}
    return empty | known | lists


@pytest.mark.parametrize(("count", "peak", "kept"), [(5, 1000, True), (4, 1000, False), (1, 10, False)])
def test_a_service_is_carried(cloud, count, peak, kept):
    fleet = fleet_with([service("one", count)])

    assert (cloud.services.harm(fleet, cloud.plans.before(fleet), fleet["services"][0], peak) == "") is kept


def test_accuracy_and_memory_are_part_of_it(cloud):
    below = fleet_with([service("one", 5, accuracy=0.89)])
    large = fleet_with([service("one", 5)])
    large["types"] = [TYPES[0] | {"memory_gb": 6}]

    for fleet in (below, large):
        assert cloud.services.harm(fleet, cloud.plans.before(fleet), fleet["services"][0], 10)


@pytest.mark.parametrize(("count", "usd"), [(3, 0.0), (6, 2 * 0.19 * 720)])
def test_what_runs_already_is_used_first(cloud, count, usd):
    fleet = fleet_with([service("one", count)], running=("k7.small", 4))

    assert cloud.services.cost(fleet, cloud.plans.before(fleet)) == pytest.approx(usd)


def test_a_commitment_is_good_for_services_that_last(cloud):
    fleet = fleet_with([service("lasts", 8, "2027-06-01"), service("ends", 3, "2026-10-01")])
    commit = {"resource": "k7.small", "action": "commit", "count": 10}

    assert cloud.services.cost(fleet, cloud.plans.before(fleet)) == pytest.approx(11 * 0.19 * 720)
    assert cloud.services.cost(fleet, cloud.plans.carried_out(fleet, [commit])) == pytest.approx(943.92 + 410.40)
    taken_off = cloud.services.taken_off(fleet, cloud.plans.carried_out(fleet, [commit]))
    assert taken_off == pytest.approx((150.48, 339.264))


def test_a_run_without_checkpoints_begins_again(cloud):
    training = {"hours": 2, "checkpoint_hours": None, "deadline_hours": 3}
    pools = [{"pool": "spot", "usd_per_hour": 1.0, "interruptions_per_hour": 0.1}]

    chance, hours = cloud.trainings.outcomes(training, pools)["spot"]

    assert (chance, hours) == (pytest.approx(0.891), pytest.approx(2.19))


def test_a_run_goes_on_from_its_last_checkpoint(cloud):
    """Four hours of work, a checkpoint every two: one interruption costs one or two hours, so five are enough in
    those runs in which it comes first after a checkpoint, and six in all with one."""
    pools = [{"pool": "spot", "usd_per_hour": 1.0, "interruptions_per_hour": 0.1}]

    def chance(deadline):
        training = {"hours": 4, "checkpoint_hours": 2, "deadline_hours": deadline}
        return cloud.trainings.outcomes(training, pools)["spot"][0]

    assert chance(4) == pytest.approx(0.9**4)
    assert chance(5) == pytest.approx(0.9**4 * (1 + 2 * 0.1))
    assert chance(6) == pytest.approx(0.9**4 * (1 + 2 * 0.1 + 3 * 0.01) + 2 * 0.9**5 * 0.1)


def test_a_store_costs_what_lies_there_and_what_is_read(cloud):
    classes = [
        {"class": "hot", "usd_per_gb": 0.023, "usd_per_gb_read": 0.0, "readable_in_hours": 0},
        {"class": "cold", "usd_per_gb": 0.004, "usd_per_gb_read": 0.02, "readable_in_hours": 12},
    ]
    store = {"name": "one", "gb": 90_000, "class": "hot", "read_gb": [60_000] + [0] * 11, "readable_within_hours": 6}
    fleet = fleet_with(stores=[store | {"kept_until": "2026-05-01", "hold": False}], classes=classes)
    cold = cloud.plans.carried_out(fleet, [{"resource": "one", "action": "tier", "class": "cold"}])

    assert cloud.stores.cost(fleet, cloud.plans.before(fleet), {"one": 60_000}) == pytest.approx(2070.0)
    assert cloud.stores.cost(fleet, cold, {"one": 60_000}) == pytest.approx(360.0 + 1200.0)
    assert cloud.stores.harm(fleet, cold, fleet["stores"][0])


@pytest.mark.parametrize(
    ("until", "hold", "read", "may"),
    [("2026-05-31", False, 0, True), ("2026-05-01", True, 0, False), ("2026-06-01", False, 0, False)]
    + [("2026-05-01", False, 1, False)],
)
def test_a_store_may_be_deleted_when_three_things_hold(cloud, until, hold, read, may):
    store = {"name": "one", "gb": 1, "class": "hot", "read_gb": [read] + [0] * 11, "readable_within_hours": 6}
    fleet = fleet_with(stores=[store | {"kept_until": until, "hold": hold}])
    gone = cloud.plans.carried_out(fleet, [{"resource": "one", "action": "delete"}])

    assert (cloud.stores.harm(fleet, gone, fleet["stores"][0]) == "") is may


def test_what_is_deleted_stays_so(cloud):
    classes = [{"class": "hot", "usd_per_gb": 0.023, "usd_per_gb_read": 0.0, "readable_in_hours": 0}]
    fleet = fleet_with(stores=[{"name": "one", "gb": 1, "class": "hot"}], classes=classes)
    gone, back = {"resource": "one", "action": "delete"}, {"resource": "one", "action": "tier", "class": "hot"}

    assert cloud.plans.carried_out(fleet, [gone, back]).classes == {"one": None}


def test_a_flow_costs_its_way_and_compressing(cloud):
    zones = {"north-2a": "north-2", "north-2b": "north-2", "west-1b": "west-1"}
    prices = {"same_zone": 0.0, "same_region": 0.01, "between": {"north-2|west-1": 0.04}, "internet": 0.09}
    flow = {"name": "one", "gb": 60_000, "from": "north-2a", "to": "west-1b", "may_stand_in": ["west-1"]}
    fleet = fleet_with(flows=[flow | {"compresses_to": 0.4}], zones=zones, transfer=prices | {"compression": 0.004})
    moved = cloud.plans.carried_out(fleet, [{"resource": "one", "action": "move", "zone": "north-2b"}])
    fewer = cloud.plans.carried_out(fleet, [{"resource": "one", "action": "compress"}])

    costs = [cloud.flows.cost(fleet, after) for after in (cloud.plans.before(fleet), moved, fewer)]

    assert costs == pytest.approx([2400.0, 600.0, 1200.0])
    assert cloud.flows.harm(fleet, moved, fleet["flows"][0])
    assert cloud.flows.price(fleet, "west-1b", "north-2a") == 0.04


@pytest.mark.parametrize(
    ("protects", "next_run", "name", "needed"),
    [("other", None, "m", True), ("gone", None, "m", False), (None, None, "wanted", True)]
    + [(None, date, "m", date == "2026-06-09") for date in ("2026-06-09", "2026-05-09", "2026-08-01", "2027-06-09")],
)
def test_who_needs_a_machine(cloud, protects, next_run, name, needed):
    machine = {"name": name, "protects": protects, "next_run": next_run}
    fleet = fleet_with([service("other", 3) | {"depends_on": ["wanted"]}], machines=[machine])

    assert bool(cloud.machines.needed(fleet, machine)) is needed


def test_nothing_beside_the_law_tells_a_flow_that_may_move(fleets):
    large = [
        (fleet["zones"][each["from"]] in each["may_stand_in"], each["compresses_to"] > 0.9)
        for fleet, _ in fleets
        for each in sorted(fleet["flows"], key=lambda one: -one["gb"])[:3]
    ]

    assert large.count((False, True)) == large.count((True, True)) == len(fleets)


def test_reads_and_terms_do_not_tell_how_soon_a_store_is_wanted(fleets):
    wanted = {
        each["readable_within_hours"]
        for fleet, _ in fleets
        for each in fleet["stores"]
        if each["kept_until"][:7] > fleet["month"][:7] and not any(each["read_gb"])
    }

    assert min(wanted) <= 2
    assert max(wanted) >= 72


def test_prices_tell_neither_how_often_pools_are_interrupted_nor_how_long_classes_wait(fleets):
    surest, waits = [], set()
    for fleet, _ in fleets:
        spot = sorted(fleet["pools"], key=lambda each: each["usd_per_hour"])[:3]
        surest.append(min(spot, key=lambda each: each["interruptions_per_hour"]) is spot[2])
        waits.add(sorted(fleet["classes"], key=lambda each: -each["usd_per_gb"])[1]["readable_in_hours"])

    assert 0.3 < sum(surest) / len(fleets) < 0.9
    assert waits == {0, 3}


def test_neither_size_nor_slack_tells_which_training_has_checkpoints(fleets):
    slack = {True: [], False: []}
    for fleet, _ in fleets:
        large = [each for each in fleet["trainings"] if each["machines"] >= 20]
        assert [each["checkpoint_hours"] for each in large].count(None) == 1
        assert len(large) == 4
        for each in large:
            slack[each["checkpoint_hours"] is None].append(each["deadline_hours"] / each["hours"])

    assert sum(one > 2 for one in slack[True]) > len(fleets) / 4
    assert max(slack[False]) < 2.5
