"""When a drawn week's alerts fire, with recorded expressions written out and without, in the image's own Python.

Run by a test, as rules_of.py is: `python fires_of.py < files.json`; says two mappings from labels to spans.
"""

import json
import sys

import firing
import metrics
import programs
import rules
from calendar_week import Week

week = Week(3, "w")
listed, said = rules.read(json.load(sys.stdin)), []
for firing.inlined in (rules.inlined, list):
    with programs.serving(metrics.series_of(week)) as server:
        alerts = firing.fired(listed, server)
    said.append({str(each.labels): [each.spans.begins, each.spans.ends] for each in alerts})
json.dump(said, sys.stdout)
