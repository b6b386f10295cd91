"""The seam to the examiner: what of it the teacher's `create` makes. Of `grader.workshop.examiner` only
`manifests(workshop, image, settings)` is used, and only when it is needed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any

Manifest = dict[str, Any]
MODULE = "grader.workshop.examiner.manifests"
IMAGE = "examiner"
"""Of infra/images."""

COURSE_PARTS, EXAMS_AT_ONCE, LABS = "course_parts", "exams_at_once", "labs"
"""Keys of `settings`: how many ConfigMaps `course-N` there are; a number or `auto`; ids, separated by spaces."""


def there() -> bool:
    """Whether this version has an examiner."""
    package = MODULE.rpartition(".")[0]
    return importlib.util.find_spec(package) is not None and importlib.util.find_spec(MODULE) is not None


def images() -> set[str]:
    """Names of the images that it needs."""
    return {IMAGE} if there() else set()


def manifests(workshop: str, image: str, settings: Mapping[str, str]) -> list[Manifest]:
    """The examiner's objects: what runs it, and what it may do."""
    found: list[Manifest] = importlib.import_module(MODULE).manifests(workshop, image, settings)
    return found
