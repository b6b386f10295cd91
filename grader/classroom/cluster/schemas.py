"""The kinds of object that a workshop adds to a cluster. Pure."""

from __future__ import annotations

from typing import Any

from grader.classroom.cluster.model import MOST_ARCHIVE, MOST_HINT, MOST_HINTS
from grader.classroom.cluster.names import DESKS, GROUP, SUBMISSIONS, VERSION

Manifest = dict[str, Any]
TIME: Manifest = {"type": "string", "maxLength": 32}
COUNT: Manifest = {"type": "integer", "minimum": 0}


def definitions() -> list[Manifest]:
    """CustomResourceDefinitions of desks and submissions."""
    return [_desks(), _submissions()]


def _desks() -> Manifest:
    spec = {
        "started": TIME,
        "saved": TIME,
        "seen": TIME,
        "saves": COUNT,
        "changed": _texts(200, 256),
        "hintsWanted": {**COUNT, "maximum": MOST_HINTS},
    }
    status = {"hints": _texts(MOST_HINTS, MOST_HINT)}
    columns = [("Started", "string", ".spec.started"), ("Saved", "string", ".spec.saved")]
    return _definition("Desk", DESKS, _object(spec), status, columns)


def _submissions() -> Manifest:
    spec = _object(
        {"lab": {"type": "string", "maxLength": 60}, "archive": {"type": "string", "maxLength": MOST_ARCHIVE}}
    )
    fixed = {"rule": "self == oldSelf", "message": "what was submitted cannot be changed: submit again"}
    objective: Manifest = {name: {"type": "string", "maxLength": 400} for name in ("id", "title", "verdict")}
    objective["close"] = {"type": "boolean"}
    status = {
        "state": {"type": "string", "enum": ["queued", "running", "done"]},
        "position": COUNT,
        "verdict": {"type": "string", "maxLength": 16},
        "close": {"type": "boolean"},
        "reasons": _texts(50, 4000),
        "objectives": {"type": "array", "maxItems": 50, "items": _object(objective)},
        "started": TIME,
        "finished": TIME,
        "durationSeconds": {"type": "number"},
        "tries": COUNT,
    }
    columns = [
        ("Lab", "string", ".spec.lab"),
        ("State", "string", ".status.state"),
        ("Position", "integer", ".status.position"),
        ("Verdict", "string", ".status.verdict"),
        ("Close", "boolean", ".status.close"),
    ]
    whole = {**spec, "required": ["lab", "archive"], "x-kubernetes-validations": [fixed]}
    return _definition("Submission", SUBMISSIONS, whole, status, columns)


def _definition(
    kind: str, plural: str, spec: Manifest, status: Manifest, columns: list[tuple[str, str, str]]
) -> Manifest:
    schema = {**_object({"spec": spec, "status": _object(status)}), "required": ["spec"]}
    age = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}
    version = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
        "additionalPrinterColumns": [*({"name": n, "type": t, "jsonPath": p} for n, t, p in columns), age],
    }
    names = {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{GROUP}"},
        "spec": {"group": GROUP, "scope": "Namespaced", "names": names, "versions": [version]},
    }


def _object(properties: Manifest) -> Manifest:
    return {"type": "object", "properties": properties}


def _texts(most: int, longest: int) -> Manifest:
    return {"type": "array", "maxItems": most, "items": {"type": "string", "maxLength": longest}}
