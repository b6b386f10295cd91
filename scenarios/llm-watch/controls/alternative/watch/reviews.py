"""Which answers people look at: first the strangest, then what customers dislike and we do not, then any."""

EACH, STRANGE, DISLIKED = 16, 6, 7


def choose(rng, harm, answers, disliked):
    """Sixteen traces; what is strange in the same way is chosen once."""
    chosen = []
    for _ in range(STRANGE):
        one = max(answers, key=lambda one: harm.strangeness(one["answer"]))
        chosen.append(one["trace"])
        harm.remember([one["answer"]])
    chosen += [trace for trace in disliked if trace not in chosen][:DISLIKED]
    others = [answers[at]["trace"] for at in rng.permutation(len(answers))]
    return (chosen + [trace for trace in others if trace not in chosen])[:EACH]
