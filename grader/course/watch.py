"""What the live page draws of a lab's own figures: `watch` in lab.yaml."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from grader.course.strict import Strict

MOST_URLS = 4


class Figures(Strict):
    """Figures of one address, in Prometheus' text or in JSON.

    Attributes:
        url: in the system's names, of a published port.
        name: of a metric, or in JSON the way to a number, `models.large.waiting`; one part of that may be `*`.
        by: the label whose values are series of their own; without it, and without `*`, all samples are one.
        where: labels that a sample must have, with these values.
        called: the name of a series that has none of its own.
        rate: what is added a second, of a number that only grows.
    """

    url: str
    name: str = Field(pattern=r"^[A-Za-z_:*][\w:.*-]{0,120}$")
    by: str = Field("", pattern=r"^\w{0,60}$")
    where: dict[str, str] = {}
    called: str = Field("", max_length=40)
    rate: bool = False

    @field_validator("url")
    @classmethod
    def _whole(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or not parts.port or not parts.path:
            raise ValueError(f"{url!r} must be http://<service>:<port>/ and perhaps more")
        return url

    @model_validator(mode="after")
    def _one_star(self) -> Figures:
        if self.name.split(".").count("*") > 1 or (self.by and "*" in self.name):
            raise ValueError(f"name {self.name!r} may have one part that is *, and then no `by`")
        return self


class Watch(Strict):
    """One chart.

    Attributes:
        title: of a few words.
        unit: what is counted.
        draw: `stack`, one series upon the other; `share`, each as a part of all; `lines`.
        of: whose figures; those of one name are added up.
    """

    title: str = Field(min_length=1, max_length=60)
    unit: str = Field("", max_length=30)
    draw: Literal["stack", "share", "lines"] = "stack"
    of: tuple[Figures, ...] = Field(min_length=1, max_length=6)
