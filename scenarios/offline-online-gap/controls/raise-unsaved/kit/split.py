"""Who gets which arm: drawn once, kept in $DATA; in control may be drawn again when a treatment is raised."""

import os
import random
import sqlite3

DB = sqlite3.connect(os.path.join(os.environ["DATA"], "arms.db"), check_same_thread=False, isolation_level=None)
DB.execute("PRAGMA journal_mode=WAL")
DB.execute("PRAGMA synchronous=OFF")
DB.execute("CREATE TABLE IF NOT EXISTS arms (experiment, user, control REAL, arm, PRIMARY KEY (experiment, user))")
CACHE = {(e, u): (c, a) for e, u, c, a in DB.execute("SELECT experiment, user, control, arm FROM arms")}


def assign(experiment, shares, user):
    control = shares["control"]
    before, arm = CACHE.get((experiment, user), (None, None))
    if arm is None:
        arm = random.choices(list(shares), shares.values())[0]
    elif arm == "control" and control < before and random.random() > control / before:
        others = {each: share for each, share in shares.items() if each != "control"}
        arm = random.choices(list(others), others.values())[0]
    if before != control:
        CACHE[experiment, user] = (control, arm)
        DB.execute("INSERT OR IGNORE INTO arms VALUES (?, ?, ?, ?)", (experiment, user, control, arm))
    return arm
