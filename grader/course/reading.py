"""Reading descriptions: a YAML file as a model, and one sentence for what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from grader.errors import BadInput

_Model = TypeVar("_Model", bound=BaseModel)


def parse(model: type[_Model], path: Path) -> _Model:
    """A YAML file as `model`.

    Raises:
        BadInput: missing, not YAML, or not of that form; names the file and the key.
    """
    return validate(model, read_yaml(path)[0], path)


def read_yaml(path: Path) -> list[Any]:
    """All documents of a YAML file, at least one.

    Raises:
        BadInput: missing, not text, not YAML, or empty.
    """
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        documents = list(yaml.load_all(path.read_text("utf-8"), Loader=loader))
    except FileNotFoundError:
        raise BadInput(f"{path}: does not exist") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from error
    if not documents:
        raise BadInput(f"{path}: is empty")
    return documents


def validate(model: type[_Model], document: Any, path: Path) -> _Model:
    """`document` as `model`; BadInput names the file and the first key that is wrong."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        problem: Any = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "top level"
        raise BadInput(f"{path}: {where}: {problem['msg']}") from error
