"""Whether a stranger's JSON has the form that was asked for."""

from __future__ import annotations

from typing import Any


def fits(value: Any, shape: Any) -> bool:
    """Whether parsed JSON has a shape.

    A shape is a type (`str`, `bool`, `int`, `dict`, `list`; `float` for any number; `object` for anything), None, a
    tuple of shapes of which one has to fit, a set of allowed texts, `[shape]` for a list of such, `{str: shape}` for an
    object with such values, or an object of keys that must be there, with others beside them. True is no number.
    """
    if isinstance(shape, tuple):
        return any(fits(value, each) for each in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(each, shape[0]) for each in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and _has(value, shape)
    if isinstance(shape, (set, frozenset)):
        return isinstance(value, str) and value in shape
    if shape is None:
        return value is None
    if isinstance(value, bool):
        return shape in (bool, object)
    return isinstance(value, (int, float) if shape is float else shape)


def _has(value: dict[str, Any], shape: dict[Any, Any]) -> bool:
    if str in shape:
        return all(fits(each, shape[str]) for each in value.values())
    return all(key in value and fits(value[key], each) for key, each in shape.items())
