"""The `Traffic` of a scenario's load.py; free of the generator's heavy libraries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grader.course.modules import ScenarioBroken as ScenarioBroken
from grader.course.modules import import_file as import_file
from grader.course.modules import share_modules as share_modules
from grader.course.spec import TIMELINE
from grader.load.api import Traffic
from grader.load.schedule import Stretch, timeline


def make_traffic(path: Path, parameters: Mapping[str, Any], seed: int, phases: Iterable[Stretch]) -> Traffic:
    """The `Traffic` of a load.py. Beside the parameters it is told its phases, as `timeline`.

    Raises:
        BadInput: there is no such file.
        ScenarioBroken: it has none, or it cannot be made with these parameters.
    """
    module = import_file(path)
    try:
        traffic: Traffic = module.Traffic({**parameters, TIMELINE: timeline(phases)}, seed)
        urlsplit(traffic.target)
    except Exception as error:  # the scenario's own code
        raise ScenarioBroken(f"{path}: Traffic cannot be made: {error!r}") from error
    return traffic
