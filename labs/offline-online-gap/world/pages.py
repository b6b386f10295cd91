"""What people look at: of each public system its features, its experiment and its launches; of each log its pairs."""

from __future__ import annotations

from casebook.page import Html, heading, link, table, text_of
from columns import ROWS
from experiments import counted
from systems import System

SIZE, DOT = 150, 1.3
SHOWN, NULL = 120, -0.02
"""So many rows of a column are drawn; nulls stand at the edge."""


def page_of(world, what):
    """All, or one case; empty if there is none of that name, or it was not asked about yet."""
    if what:
        made, said = world.seen.get(what, (None, None))
        return Html("") if made is None else system(made, said) if isinstance(made, System) else log(made, said)
    rows = []
    for case in world.kinds["system"]:
        kinds = [case[cause] or "sound" for cause in ("skew", "experiment", "metric")]
        rows.append([link(f"/pages/{case['id']}", case["id"]), *kinds])
    logs = [[link(f"/pages/{case['id']}", case["id"]), "four pairs of models"] for case in world.kinds["log"]]
    experiments = [
        [
            each.name,
            each.population,
            each.asked([], each.now)["shares"],
            "" if each.first is None else counted(each.first.values()),
        ]
        for each in world.experiments.values()
    ]
    return Html(
        heading("Systems, and what is wrong with them")
        + table(["system", "features", "experiment", "launches"], rows)
        + heading("Logs")
        + table(["log", ""], logs)
        + heading("Experiments of Hearthside, asked for the first time")
        + table(["experiment", "population", "shares", "users"], experiments)
    )


def system(one, said):
    """Served against offline, a picture a column; counts of arms; launches."""
    features, experiment = one.asked["features"], one.asked["experiment"]
    pictures = []
    for at, name in enumerate(features["names"]):
        pairs = [(row[at], other[at]) for row, other in zip(features["offline"], features["served"], strict=True)]
        alike = sum(a == b or None not in (a, b) and abs(a - b) <= 1e-5 * abs(a) for a, b in pairs)
        words = f"{name}{' (volatile)' if name in features['volatile'] else ''}: {ROWS - alike} of {ROWS} differ"
        colour = "#c33" if name in one.skewed else "#06c"
        pictures.append(f"<div>{picture(pairs[:SHOWN], colour)}<br>{text_of(words)}</div>")
    arms = {}
    for arm, earlier in zip(experiment["arms"], experiment["earlier"], strict=True):
        arms.setdefault(arm, []).append(earlier)
    rows = [
        [arm, share, len(arms.get(arm, ())), counted(arms.get(arm, ()))] for arm, share in experiment["shares"].items()
    ]
    users = experiment["users"]
    launches = [(launch["offline"], launch["online"]) for launch in one.asked["launches"]]
    return Html(
        table(
            ["", "features", "experiment", "launches"],
            [
                ["it is", f"{one.kinds['skew'] or 'sound'} {', '.join(one.skewed)}", one.experiment, one.metric],
                ["you said", *("" if said is None else said[cause] for cause in one.kinds)],
            ],
        )
        + heading("Features: offline to the right, served upwards, nulls at the edge")
        + f'<div style="display:flex;flex-wrap:wrap;gap:1em">{"".join(pictures)}</div>'
        + heading("Experiment")
        + text_of(
            f"{len(users)} rows of {len(set(users))} users, of whom "
            f"{len(set(zip(users, experiment['arms'], strict=True))) - len(set(users))} are in a second arm"
        )
        + table(["arm", "intended share", "rows", "in the experiment before"], rows)
        + heading("Launches: offline to the right, online upwards")
        + picture(launches, "#06c")
    )


def log(one, said):
    """Each pair: what was said of it, what both are worth, and which other figures would order it so."""
    rows = []
    for better, worse, says in one.pairs:
        worth = [f"{one.truth[name]:.2f}" for name in (better, worse)]
        told = ["" if said is None else f"{said[name]:.4g}" for name in (better, worse)]
        rows.append([better, worse, *worth, *told, *("so" if so else "the other way" for so in says.values())])
    figures = ["by clicks", "where it agrees", "by stays", "before cancellations", "by value a stay", "by likeness"]
    return table(["better", "worse", "EUR a search", "EUR a search", "you said", "you said", *figures], rows)


def picture(points, colour):
    """Points on a square, each axis from its least to its largest."""
    columns = [spread([point[axis] for point in points]) for axis in (0, 1)]
    dots = "".join(
        f'<circle cx="{5 + right * SIZE:.1f}" cy="{5 + (1 - up) * SIZE:.1f}" r="{DOT}" fill="{colour}"/>'
        for right, up in zip(*columns, strict=True)
    )
    return Html(f'<svg width="{SIZE + 10}" height="{SIZE + 10}" style="background:#f8f8f8">{dots}</svg>')


def spread(values):
    """Numbers from 0 to 1; nulls stand a little below."""
    known = [value for value in values if value is not None]
    low, width = min(known, default=0), (max(known, default=0) - min(known, default=0)) or 1
    return [NULL if value is None else (value - low) / width for value in values]
