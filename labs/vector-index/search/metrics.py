"""What Prometheus reads at /metrics."""

from prometheus_client import Counter, Histogram, generate_latest

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

searches = Counter("searches", "Searches that were answered")
unknown = Counter("search_unknown", "Searches for words that we do not know")
seconds = Histogram("seconds", "Time by stage: embed, store", ["stage"], buckets=BUCKETS)


def page():
    return generate_latest()
