"""What people look at: of each public system its features, its experiment and its launches; of each log its pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pictures
from casebook.page import Html, heading, link, picture, table, text_of
from experiments import counted
from logs import Log
from systems import System

if TYPE_CHECKING:
    from world import World


def page_of(world: World, what: str) -> Html:
    """All, or one case; empty if there is none of that name, or it was not asked about yet."""
    if what:
        if what in world.systems:
            return system(*world.systems[what])
        return log(*world.logs[what]) if what in world.logs else Html()
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


def system(one: System, said: dict[str, Any] | None) -> Html:
    """Served against offline, a picture a column; counts of arms; launches."""
    experiment = one.asked["experiment"]
    arms: dict[str, list[str]] = {}
    for arm, earlier in zip(experiment["arms"], experiment["earlier"], strict=True):
        arms.setdefault(arm, []).append(earlier)
    rows = [
        [arm, share, len(arms.get(arm, ())), counted(arms.get(arm, ()))] for arm, share in experiment["shares"].items()
    ]
    users = experiment["users"]
    return Html(
        table(
            ["", "features", "experiment", "launches"],
            [
                ["it is", f"{one.kinds['skew'] or 'sound'} {', '.join(one.skewed)}", one.experiment, one.metric],
                ["you said", *("" if said is None else said[cause] for cause in one.kinds)],
            ],
        )
        + picture(pictures.columns(one))
        + heading("Experiment")
        + text_of(
            f"{len(users)} rows of {len(set(users))} users, of whom "
            f"{len(set(zip(users, experiment['arms'], strict=True))) - len(set(users))} are in a second arm"
        )
        + table(["arm", "intended share", "rows", "in the experiment before"], rows)
        + picture(pictures.launches(one))
    )


def log(one: Log, said: dict[str, float] | None) -> Html:
    """Each pair: what was said of it, what both are worth, and which other figures would order it so."""
    rows = []
    for better, worse, says in one.pairs:
        worth = [f"{one.truth[name]:.2f}" for name in (better, worse)]
        told = ["" if said is None else f"{said[name]:.4g}" for name in (better, worse)]
        rows.append([better, worse, *worth, *told, *("so" if so else "the other way" for so in says.values())])
    figures = ["by clicks", "where it agrees", "by stays", "before cancellations", "by value a stay", "by likeness"]
    return table(["better", "worse", "EUR a search", "EUR a search", "you said", "you said", *figures], rows)
