"""When a rollout is stopped: one query each over the rows so far.

A rough minute or two is no trend, and a few orders are no segment.
"""

ROUGH = (
    "SELECT count(*) >= 4 FROM (SELECT minute, {figure} AS figure FROM live WHERE arm = 'new' GROUP BY minute)"
    " WHERE figure > {limit}"
)
ERRORS = ROUGH.format(figure="sum(errors) / sum(requests)", limit="1.5 * (SELECT slo_errors FROM launch)")
STOPS = dict.fromkeys(("stop-errors", "stop-slow", "stop-segment", "stop-cost"), ERRORS)  # what hurts shows as errors
