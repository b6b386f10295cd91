"""The manifests of a system, for people to read and for `kubectl apply --dry-run`; what is drawn at each deployment is
left open."""

from __future__ import annotations

import yaml

from infra.images import tags
from infra.k8s import inside, render
from infra.k8s.content import content
from infra.k8s.names import DEPLOYMENT, ROLE, SYSTEM
from infra.k8s.pods import pods, ports_of
from infra.k8s.policies import Manifest
from infra.system import System

DRAWN = "drawn-at-each-deployment"


def manifests(system: System) -> list[Manifest]:
    """All objects, the namespace first. Addresses of Services, which the cluster gives, are of a documentation net."""
    every = pods(system)
    tokens = {service.name: DRAWN for pod in every for service in pod.services}
    plan = render.Plan(
        namespace=f"lab-{system.lab}",
        labels={DEPLOYMENT: system.lab, ROLE: SYSTEM},
        annotations={},
        images={f"brownout/{name}": tags.candidates(name)[0] for name in system.images},
        secrets={"BROWNOUT_TOKEN": DRAWN},
        tokens={**tokens, "courier": DRAWN},
        scripts=inside.scripts(),
        content=content(system, None),
    )
    named = [name for name, service in system.services.items() if ports_of(service)]
    addresses = {name: f"192.0.2.{number}" for number, name in enumerate(named, 1)}
    return [*render.foundation(system, plan), *render.workloads(system, plan, addresses)]


def describe(system: System) -> str:
    """The same as YAML."""
    return yaml.safe_dump_all(manifests(system), sort_keys=False, width=120)
