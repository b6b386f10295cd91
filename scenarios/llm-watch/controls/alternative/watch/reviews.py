"""Which answers people look at: first the strangest, then what customers dislike and we do not, then any."""

EACH, STRANGE, DISLIKED = 16, 6, 7


def choose(rng, harm, answers, disliked):
    """Sixteen traces."""
    strange = harm.strangest([one["answer"] for one in answers], STRANGE)
    chosen = [answers[at]["trace"] for at in strange]
    harm.remember(answers[at]["answer"] for at in strange)
    chosen += [trace for trace in disliked if trace not in chosen][:DISLIKED]
    others = [answers[at]["trace"] for at in rng.permutation(len(answers))]
    return (chosen + [trace for trace in others if trace not in chosen])[:EACH]
