"""From a system to a Compose file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.common.manifest import escape
from infra.common.mounts import source
from infra.compose.render import HARDENING, Plan, render, volumes
from infra.compose.volumes import OPEN_BYTES, SEALED_BYTES
from infra.system import System, load_system

TOY = Path(__file__).parents[1] / "systems" / "toy" / "compose.yaml"
LABELS = {"brownout.deployment": "toy-1", "brownout.owner": "7:1.00"}


@pytest.fixture
def system() -> System:
    return load_system(TOY, ("code",))


@pytest.fixture
def plan() -> Plan:
    return Plan(
        name="toy-1",
        labels=LABELS,
        images={"brownout/core": "brownout/core:abc"},
        ports={("front", 8080): 20001, ("shop", 8081): 20002},
        open_root=None,
        secrets={"BROWNOUT_TOKEN": "se$cret"},
        host_cpus=0.5,
    )


def service(system: System, plan: Plan, name: str) -> dict[str, Any]:
    rendered: dict[str, Any] = render(system, plan)["services"][name]
    return rendered


@pytest.mark.parametrize("name", ["front", "back", "shop"])
def test_every_service_is_hardened(system: System, plan: Plan, name: str) -> None:
    rendered = service(system, plan, name)
    limits = HARDENING["ulimits"] | ({"fsize": OPEN_BYTES} if name == "shop" else {})
    assert {key: rendered[key] for key in HARDENING} == {**HARDENING, "ulimits": limits}
    assert rendered["user"] == "10001:10001" and rendered["read_only"] and rendered["cap_drop"] == ["ALL"]


def test_secrets_reach_sealed_services_only(system: System, plan: Plan) -> None:
    assert "BROWNOUT_TOKEN" in service(system, plan, "front")["environment"]
    assert "BROWNOUT_TOKEN" not in service(system, plan, "shop")["environment"]


def test_compose_substitutes_nothing(system: System, plan: Plan) -> None:
    assert service(system, plan, "front")["environment"]["BROWNOUT_TOKEN"] == "se$$cret"
    assert escape({"a": ["$HOME", 1], "b": "plain"}) == {"a": ["$$HOME", 1], "b": "plain"}


def test_ports_are_on_loopback_and_chosen(system: System, plan: Plan) -> None:
    assert service(system, plan, "front")["ports"] == ["127.0.0.1:20001:8080"]
    assert service(system, plan, "back")["ports"] == []


def test_the_exact_image_is_named(system: System, plan: Plan) -> None:
    assert service(system, plan, "front")["image"] == "brownout/core:abc"


def test_no_service_asks_for_more_cores_than_there_are(system: System, plan: Plan) -> None:
    assert service(system, plan, "front")["cpus"] == 0.5


def test_memory_is_a_hard_limit_without_swap(system: System, plan: Plan) -> None:
    rendered = service(system, plan, "shop")
    assert rendered["mem_limit"] == rendered["memswap_limit"] == 256 << 20


def test_a_sealed_service_may_hold_its_volumes_in_memory_too(system: System, plan: Plan) -> None:
    assert service(system, plan, "front")["mem_limit"] == (256 << 20) + SEALED_BYTES


def test_an_internal_network_stays_so(system: System, plan: Plan) -> None:
    networks = render(system, plan)["networks"]
    assert set(networks) == {"edge", "inside"}
    assert networks["inside"]["internal"] is True and "internal" not in networks["edge"]
    assert all(network["labels"] == LABELS for network in networks.values())


def test_a_default_network_is_made_only_if_needed(system: System, plan: Plan) -> None:
    bare = {name: replace(one, networks=()) if name == "shop" else one for name, one in system.services.items()}
    assert "default" in render(replace(system, services=bare), plan)["networks"]


def test_volumes_carry_the_deployments_name(system: System, plan: Plan) -> None:
    assert render(system, plan)["volumes"] == {"shared": {"external": True, "name": "toy-1_shared"}}


def test_volumes_that_open_services_mount_are_told_apart(system: System) -> None:
    front, shop = system.services["front"], system.services["shop"]
    mounting = replace(system, services=system.services | {"shop": replace(shop, volumes=front.volumes)})

    assert volumes(system) == {"shared": SEALED_BYTES} and volumes(mounting) == {"shared": OPEN_BYTES}


def test_open_files_come_from_the_submission(system: System, tmp_path: Path) -> None:
    sealed, opened = system.services["front"].mounts[0], system.services["shop"].mounts[0]
    assert source(system, opened, tmp_path) == tmp_path / "code"
    assert source(system, opened, None) == system.root / "code"
    assert source(system, sealed, tmp_path) == system.root / "sealed"


def test_mounts_are_read_only_and_never_made_up(system: System, plan: Plan) -> None:
    mounts = [entry for entry in service(system, plan, "front")["volumes"] if entry["type"] == "bind"]
    assert mounts and all(entry["read_only"] and not entry["bind"]["create_host_path"] for entry in mounts)
