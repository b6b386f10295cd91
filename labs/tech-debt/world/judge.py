"""The word for an answer."""

import re

PAGE = {"parts": [str], "legacy_score": float, "degraded": [str]}
REFUSAL = {"errors": [{"key": str, "problem": str}]}
NEAR = {"legacy_score": 0.011, "score": 0.00011}
DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)


def page(reply, right, aspect):
    """Of a page: its list and what is said to be degraded; for `in-use` on a usual day the old number."""
    if word := reply.bad(PAGE):
        return word
    told = reply.json
    if reply.status != 200:
        return "malformed"
    if set(told["degraded"]) != set(right["degraded"]):
        return "degraded"
    if aspect == "legacy":
        return near(told, right, "legacy_score")
    if told["parts"] == right["parts"]:
        return "right"
    return "order" if sorted(told["parts"]) == sorted(right["parts"]) else "list"


def near(told, right, key):
    """Whether a number is what it always was."""
    return "right" if abs(told[key] - right[key]) <= NEAR[key] else "number"


def score(reply, right):
    """Of `/internal/scores`."""
    word = reply.bad({"score": float})
    if not word and reply.status != 200:
        word = "malformed"
    return word or near(reply.json, right, "score")


def refusal(reply, right):
    """Of a push that has to be refused, and its key named."""
    if 200 <= reply.status < 300:
        return "accepted"
    if word := reply.bad(REFUSAL):
        return word
    named, beside = right["keys"]
    keys = {error["key"] for error in reply.json["errors"] if error["problem"].strip()}
    if reply.status != 422:
        return "malformed"
    return "right" if keys & set(named) and keys <= {*named, *beside} else "unnamed"


def definitions(files):
    """Where each function is defined, in whatever file."""
    found = {}
    for path, text in files.items():
        for match in DEFINED.finditer(text):
            found.setdefault(match[1], path)
    return found
