"""YAML of strangers, read so that nothing in it can hurt who reads on. pyyaml; `checked` needs a model of pydantic."""

from __future__ import annotations

from typing import Any

import yaml

MOST_BYTES = 64 << 10
_MISUNDERSTOOD = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError)


class NotPlain(ValueError):
    """A text that is not what was asked for. One sentence."""


class _Loader(yaml.SafeLoader):
    """YAML without aliases, which make much of little."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise NotPlain("aliases (*name) are not understood, write it twice")
        return super().compose_node(parent, index)


def documents(text: str, most_bytes: int = MOST_BYTES) -> list[Any]:
    """The documents in a text, without empty ones. NotPlain if it is too large, no YAML, or has an alias."""
    if len(text.encode(errors="replace")) > most_bytes:
        raise NotPlain(f"more than {most_bytes >> 10} KiB")
    try:
        return [each for each in yaml.load_all(text, _Loader) if each is not None]
    except yaml.YAMLError as error:
        raise NotPlain(f"no YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise NotPlain("nested too deep") from None
    except NotPlain:
        raise
    except _MISUNDERSTOOD as error:  # a number that Python cannot hold, a tag that does not fit its text
        raise NotPlain(f"no YAML: {error!r}") from None


def checked(model: Any, document: Any) -> Any:
    """A document as a pydantic model. NotPlain, with the key and why, if it does not fit."""
    try:
        return model.model_validate(document)
    except RecursionError:
        raise NotPlain("nested too deep") from None
    except ValueError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]  # type: ignore[attr-defined]
        key = ".".join(str(part) for part in first["loc"])
        raise NotPlain(": ".join(filter(None, [key, first["msg"]]))) from None
