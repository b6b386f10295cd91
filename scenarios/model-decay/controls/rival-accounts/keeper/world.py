"""What may be true of a depot's world: a few rival accounts of its past, each with its odds.

An account says since when the world stands still, or since when it turns, and holds a Gaussian belief about the
weights and their speed (per day). Each day every account foretells the day's outcomes and its odds change by how
well it did (Bayes). New accounts are born daily: "all changed today", "it begins to turn", "it has stopped".
The odds of the births are the false alarm rates; what the outcomes must say to overcome them is the detector.
"""

import laplace
import numpy as np

W, V = slice(0, 6), slice(6, 12)
JUMP, TURN, STOP = 0.004, 0.006, 0.01  # a day's chances
TURN_EVERY = 4  # days between births of turning accounts: when exactly it began matters little
MOST = 14  # accounts that are kept
YOUNG = {"jump": 2, "turn": 14, "stop": 4}  # days in which an account is not dropped
WIDE = 1.6  # deviation of a weight of which nothing is known
CREEP = 0.004  # even a world that stands still moves a little, per weight and day
SPEED, SWERVE = 0.016, 0.0012  # of a turning world, per unit of the weights' length


class World:
    def __init__(self):
        self.mean = np.zeros((1, 12))
        self.cov = np.zeros((1, 12, 12))
        self.cov[0, W, W] = WIDE**2 * np.eye(6)
        self.odds = np.zeros(1)  # logarithms
        self.kind = ["begin"]
        self.age = np.zeros(1, dtype=int)
        self.days = 0

    def learn(self, rows, needed, error):
        """A day passes, with these outcomes."""
        self.move()
        self.bear()
        if len(rows):
            mean, cov, evidence = laplace.update(self.mean[:, W], self.cov[:, W, W], rows, needed, error)
            self.correct(mean, cov)
            self.odds = self.odds + evidence
        self.drop()

    def turning(self):
        return np.array([kind == "turn" for kind in self.kind])

    def move(self):
        self.days += 1
        self.age = self.age + 1
        self.mean, self.cov = ahead(self.mean, self.cov, 1)
        turning = self.turning()
        length = np.linalg.norm(self.mean[:, W], axis=1)
        eye = np.eye(6)
        self.cov[:, W, W] += CREEP**2 * eye
        self.cov[:, V, V] += (turning * (SWERVE * length) ** 2)[:, None, None] * eye

    def bear(self):
        turning = self.turning()
        rest = np.where(turning, -np.inf, self.odds)
        born = [(np.zeros(12), np.diag([WIDE**2] * 6 + [0.0] * 6), np.log(JUMP) + log_sum(self.odds), "jump")]
        if self.days % TURN_EVERY == 0 and np.isfinite(rest.max()):
            i = int(rest.argmax())
            mean, cov = self.mean[i].copy(), self.cov[i].copy()
            cov[V, V] = (SPEED * np.linalg.norm(mean[W])) ** 2 * np.eye(6)
            born.append((mean, cov, np.log(TURN * TURN_EVERY) + rest[i], "turn"))
        if turning.any():
            i = int(np.where(turning, self.odds, -np.inf).argmax())
            mean, cov = self.mean[i].copy(), self.cov[i].copy()
            mean[V], cov[V, :], cov[:, V] = 0, 0, 0
            born.append((mean, cov, np.log(STOP) + self.odds[i], "stop"))
        self.mean = np.concatenate([self.mean, [b[0] for b in born]])
        self.cov = np.concatenate([self.cov, [b[1] for b in born]])
        self.odds = np.concatenate([self.odds, [b[2] for b in born]])
        self.kind = self.kind + [b[3] for b in born]
        self.age = np.concatenate([self.age, np.zeros(len(born), dtype=int)])

    def correct(self, mean, cov):
        """What was learnt of the weights says something of their speed, too."""
        old = self.cov[:, W, W].copy()
        gain = self.cov[:, V, W] @ np.linalg.inv(old)
        back = np.swapaxes(gain, 1, 2)
        self.mean[:, V] += np.einsum("kij,kj->ki", gain, mean - self.mean[:, W])
        self.cov[:, V, V] -= gain @ (old - cov) @ back
        self.cov[:, V, W] = gain @ cov
        self.cov[:, W, V] = cov @ back
        self.mean[:, W], self.cov[:, W, W] = mean, cov

    def drop(self):
        self.odds = self.odds - log_sum(self.odds)
        young = np.array([age <= YOUNG.get(kind, 0) for kind, age in zip(self.kind, self.age, strict=True)])
        young &= self.odds > -30
        keep = np.argsort(-(self.odds + 100 * young), kind="stable")[: max(MOST, int(young.sum()) + 4)]
        keep = np.array([i for i in keep if self.odds[i] > -30])
        self.mean, self.cov, self.odds, self.age = self.mean[keep], self.cov[keep], self.odds[keep], self.age[keep]
        self.kind = [self.kind[i] for i in keep]

    def chances(self):
        return np.exp(self.odds - log_sum(self.odds))

    def draws(self, days, many, random):
        """Weights as they may be in so many days: equally likely draws, and their mean."""
        mean, cov = ahead(self.mean, self.cov, days)
        chances = self.chances()
        picked = np.searchsorted(np.cumsum(chances), (np.arange(many) + 0.5) / many * chances.sum() * 0.999999)
        root = np.linalg.cholesky(cov[:, W, W] + 1e-9 * np.eye(6))
        drawn = mean[picked, W] + np.einsum("sij,sj->si", root[picked], random.standard_normal((many, 6)))
        return drawn, chances @ mean[:, W]


def ahead(mean, cov, days):
    """Beliefs carried forward: weights move with their speed."""
    mean, cov = mean.copy(), cov.copy()
    mean[:, W] += days * mean[:, V]
    cov[:, W, W] += days * (cov[:, W, V] + cov[:, V, W]) + days**2 * cov[:, V, V]
    cov[:, W, V] += days * cov[:, V, V]
    cov[:, V, W] = np.swapaxes(cov[:, W, V], 1, 2)
    return mean, cov


def log_sum(logs):
    top = logs.max()
    return top + np.log(np.exp(logs - top).sum())
