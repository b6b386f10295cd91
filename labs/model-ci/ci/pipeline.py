"""The gate. The queue starts `check` for each bundle that a team hands in."""

import tempfile
from pathlib import Path

from bundle import Bundle
from checks import CHECKS
from forge import Forge
from staging import deploy


def check(case, team):
    forge = Forge(case)
    with tempfile.TemporaryDirectory() as folder:
        baseline = Bundle(forge.get("baseline"), Path(folder) / "baseline")
        bundle = Bundle(forge.get("bundle"), Path(folder) / "bundle")
        samples = forge.samples()
        results = [each.check(bundle, baseline, samples) for each in CHECKS]
    failed = [result for result in results if not result.passed]
    score = next(result for result in results if result.name == "quality")
    said = f"{len(failed)} checks failed" if failed else "all checks passed"
    report = f"{said}, score {score.measured:.3f} (baseline {score.baseline:.3f})"
    print(f"{team} {bundle.name}: {report}")
    forge.verdict("reject" if failed else "pass", [result.name for result in failed], score.measured, report)
    if not failed:
        deploy(forge, bundle.name)
