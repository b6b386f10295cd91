"""What the replay says of files that it cannot carry out, in the image's own Python.

Run by a test, as rules_of.py is: reads a list of mappings from path to text, and says a word and a sentence for each.
"""

import json
import sys

from world import World


def said(files):
    """The word and the sentence; the name of what was raised, if something was."""
    world = World({"seed": 1, "cases": [{"id": "a", "asked": {}}]})
    try:
        return [world._carried_out("a", files), world.trouble]
    except Exception as error:
        return ["raised", repr(error)]


json.dump([said(files) for files in json.load(sys.stdin)], sys.stdout)
