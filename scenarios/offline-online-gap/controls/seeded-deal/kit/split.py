"""Who gets which arm: drawn once, reproducibly, and kept in $DATA."""

import os
import sqlite3

import numpy as np

SEED = 42
DB = sqlite3.connect(os.path.join(os.environ["DATA"], "arms.db"), check_same_thread=False)
DB.execute("CREATE TABLE IF NOT EXISTS arms (experiment, user, control REAL, arm, PRIMARY KEY (experiment, user))")


def assign(experiment, shares, users):
    """The arms of users: those who are known keep theirs; when a treatment is raised some leave control for one."""
    known = {
        user: (control, arm)
        for user, control, arm in DB.execute("SELECT user, control, arm FROM arms WHERE experiment = ?", (experiment,))
    }
    rng, control = np.random.default_rng(SEED), shares["control"]
    others = {arm: share for arm, share in shares.items() if arm != "control"}
    new = [user for user in users if user not in known]
    for user, arm in zip(new, rng.choice(list(shares), len(new), p=list(shares.values())), strict=True):
        known[user] = control, str(arm)
    for user in users:
        before, arm = known[user]
        if arm == "control" and control < before and rng.random() > control / before:
            arm = str(rng.choice(list(others), p=np.array(list(others.values())) / sum(others.values())))
        known[user] = control, arm
    DB.executemany(
        "INSERT OR REPLACE INTO arms VALUES (?, ?, ?, ?)", [(experiment, user, *known[user]) for user in users]
    )
    DB.commit()
    return [known[user][1] for user in users]
