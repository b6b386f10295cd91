"""It uses nothing that is not known yet."""

from checks.result import Result


def check(bundle, baseline, samples):
    later = {column["name"] for column in samples["schema"] if column["known"] == "later"}
    used = later & set(bundle.card["features"])
    return Result("leak", not used, float(len(used)), 0.0)
