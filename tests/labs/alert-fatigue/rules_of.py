"""What the replay makes of rules, in the image's own Python: reads texts as JSON, and says what each becomes.

Run by the tests with a folder of the lab's world and `labs/cast/lib` on PYTHONPATH: `python rules_of.py < texts.json`.
"""

import json
import sys

import rules
from plainyaml import NotPlain


def said(text):
    """The rules of a file, recorded expressions written out, by level; or why they are refused."""
    try:
        found = rules.inlined(rules.read({"rules/a.yaml": text}))
        return [[[rule.name, rule.expression] for rule in level] for level in rules.levels(found)]
    except NotPlain as error:
        return str(error)


json.dump([said(text) for text in json.load(sys.stdin)], sys.stdout)
