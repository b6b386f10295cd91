"""What is drawn of a supplier, and how long and how large things are."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from casebook.plan import Case, Plan

DAYS, PAST = 9, 14
"""Of a season; and before it, from which the reviewed answers of the history are."""
EACH, REVIEWED = 240, 900
"""So many answers a supplier gives in a day; so many reviewed ones it has at first."""
REVIEWS, LATE, WINDOW = 12, 3, 3
"""Most reviews of a supplier's answers in a day; so many days late a vote may be; over so many days a share is told."""
LEARNT, SEEN = 3, 3
"""New harm is looked for, and a new subject has to be reported, so many days after its first."""
EXAMPLES, BELONG = 5, 4
"""So many traces are reported with a new subject, and so many of them have to be about it."""
LARGEST, LEAST = 2, 90
"""So many versions are asked about on a day that is looked at; not those with fewer answers in the window."""


class Subject(TypedDict):
    """What people ask about, in sentences with slots. `share`: of all questions; `weekend`: of those at weekends.
    A new one has the `day` of its first question, and its share from the second day on."""

    name: str
    questions: list[str]
    answers: list[str]
    tips: list[str]
    share: float
    weekend: float
    day: NotRequired[int]


class Kind(TypedDict):
    """Something that an assistant says, in several wordings: whether it is `bad` here, and from which `day` on it is
    said; the history has those of day -1. `twins`: each wording with one word changed, which is sound everywhere. The
    part after a slash may stand first."""

    name: str
    wordings: list[str]
    twins: list[str]
    bad: bool
    share: float
    day: int


class Version(TypedDict):
    """A version of the prompt: from which day on it answers, with what weight, how often it says what is bad (1: as
    often as the supplier's mean), and how it begins and ends."""

    name: str
    day: int
    minute: int
    weight: float
    bad: float
    openings: list[str]
    closings: list[str]


class Odd(TypedDict):
    """Something odd and harmless: from a day on a `tariff` has another name (the first one first); for
    `days` many people name one `street`, or ask about one usual subject (`surge`)."""

    day: int
    days: int
    what: str
    name: str


class News(TypedDict):
    """Of what each day's sayings are made: sound things that are said on that day only."""

    acts: list[str]
    looks: list[str]
    things: list[str]
    ends: list[str]


class Supplier(Case):
    """A supplier, and its assistant. `retried`: the version that answers when somebody asks once more; `looks`: the
    days on which shares of bad answers are looked at; `fillers`: what may stand between two parts of a wording."""

    name: str
    slots: dict[str, str]
    tariffs: list[str]
    odd: list[Odd]
    subjects: list[Subject]
    kinds: list[Kind]
    news: News
    fillers: list[str]
    says: list[str]
    refuses: list[str]
    versions: list[Version]
    retried: str
    looks: list[int]


class Season(Plan[Supplier]):
    """A plan: `date` is that of day 0."""

    date: str
