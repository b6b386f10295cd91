"""A composite action step by step, as a runner of GitHub would take it: no such runner is to be had from a registry."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.grader.course import REPOSITORY

RECIPES = REPOSITORY / "recipes"
ACTION = RECIPES / "github" / "action.yml"
WORKFLOW = RECIPES / "github" / "workflow.yml"


class _Loader(yaml.SafeLoader):
    """YAML 1.2, in which `on` is a word."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if letter not in "oO" or tag != "tag:yaml.org,2002:bool"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path) -> Any:
    """A YAML file."""
    return yaml.load(path.read_text(), _Loader)


def act(folder: Path, inputs: Mapping[str, str], environment: Mapping[str, str]) -> tuple[int, str, str, str]:
    """Take the action's steps but the one that sets up.

    Returns:
        The exit code, what was printed, the page, and the output `verdict`.
    """
    action = load(ACTION)
    given = {f"inputs.{name}": inputs.get(name, str(one.get("default", ""))) for name, one in action["inputs"].items()}
    page = folder / "summary"
    page.touch()
    printed, code = "", 0
    for number, step in enumerate(action["runs"]["steps"]):
        if step["name"] == "Set up" or (step.get("if") and not _holds(step["if"], given)) or code:
            continue
        outputs = folder / f"outputs-{number}"
        outputs.touch()
        job = {
            "GITHUB_ACTION_PATH": str(ACTION.parent),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(page),
        }
        own = {name: _filled(value, given) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            [step["shell"], "-e", "-c", step["run"]],
            cwd=folder,
            env={**environment, **job, **own},
            capture_output=True,
            text=True,
        )
        printed, code = printed + done.stdout, done.returncode
        for line in outputs.read_text().splitlines():
            name, _, value = line.partition("=")
            given[f"steps.{step['id']}.outputs.{name}"] = value
    return code, printed, page.read_text(), _filled(action["outputs"]["verdict"]["value"], given)


def _filled(text: str, given: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: given.get(match[1], ""), text)


def _holds(condition: str, given: Mapping[str, str]) -> bool:
    name, _, word = condition.partition(" != ")
    return given[name] != word.strip("'")
