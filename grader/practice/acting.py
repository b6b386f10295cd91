"""Does what a button of the live page stands for: calls to the system that a candidate practises on, or its rate."""

from __future__ import annotations

import json

from grader.course.action import Action, Step
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.exchange import exchange
from grader.practice import rig, workspace
from grader.safe import visible
from infra.errors import UnknownService
from infra.runtime import Deployment

TIMEOUT_S = 5.0


def act(lab: Lab, deployment: Deployment, name: str) -> Action:
    """Carry out the lab's action of that name; returns it.

    Raises:
        BadInput: there is none, or a step was refused or had no answer, or another command is at the lab; what came
            before it is done.
    """
    action = next((each for each in lab.spec.actions if each.id == name), None)
    if action is None:
        raise BadInput(f"lab {lab.id} has no action {visible(name, 30)!r}")
    for step in action.steps:
        _make(step, action, deployment, workspace.load(lab.id).token)
    if action.rate is not None:
        with workspace.lock(lab.id):
            rig.keep_traffic(lab, deployment, action.rate)
    return action


def _make(step: Step, action: Action, deployment: Deployment, token: str) -> None:
    if step.sealed and not token:
        raise BadInput(f"`{action.title}` needs a system that was started since: stop the lab and start it again")
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if step.sealed else {})
    where = f"{step.service}:{step.port}{step.path}"
    try:
        url = f"{deployment.address(step.service, step.port).url}{step.path}"
        status, body = exchange("POST", url, json.dumps(step.payload or {}).encode(), headers, TIMEOUT_S)
    except (OSError, UnknownService) as error:
        raise BadInput(f"`{action.title}`: {where} did not answer ({visible(str(error), 120)})") from error
    if not 200 <= status < 300:
        said = visible(body[:400].decode("utf-8", "replace").strip(), 160)
        raise BadInput(f"`{action.title}`: {where} answered with status {status}{f', {said}' if said else ''}")
