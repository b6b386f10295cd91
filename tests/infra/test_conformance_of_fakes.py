"""The conformance suite can fail: every broken runtime of `broken.py` is caught by the test that is there for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.infra.broken import FAKES

CAUGHT_BY = {
    "KillDoesNothing": "test_kill_ends_it",
    "KillSparesDaemons": "test_kill_ends_children_and_daemons",
    "KillWipesVolumes": "test_volumes_survive_kill_and_start",
    "RestartKeepsOldCode": "test_restart_brings_new_code_in",
    "PauseDoesNothing": "test_pause_makes_requests_hang_and_resume_answers_them",
    "ResumeDoesNothing": "test_pause_freezes_children_too",
    "LogsAreLost": "test_logs_survive_kill_and_restart",
    "LogsChoke": "test_logs_replace_bytes_that_are_no_text",
    "LogsAreUncut": "test_logs_give_the_last_bytes_asked_for",
    "StopLeavesAll": "test_stop_removes_everything_and_may_be_repeated",
    "AddressMoves": "test_addresses_survive_kill_start_and_restart",
    "ExitCodeIsLost": "test_an_exit_has_its_code",
    "EachForkCountsInFull": "test_memory_that_forks_share_counts_once",
    "StatsAreMadeUp": "test_stats_follow_memory_and_cpu",
    "ScaleDoesNothing": "test_scale_to_none_and_back",
    "UnknownIsIgnored": "test_unknown_services_are_named_as_such",
    "ReadyIsAssumed": "test_wait_ready_raises_for_the_dead",
    "SecretsLeak": "test_secrets_reach_sealed_services_only",
    "SubmissionIsIgnored": "test_open_files_come_from_the_submission",
    "FailureLeavesAll": "test_a_failed_deploy_leaves_nothing",
    "FailureIsSilent": "test_a_syntax_error_is_shown",
    "CallingOffIsIgnored": "test_a_deployment_that_is_called_off_leaves_nothing",
    "OutlivesOwner": "test_nothing_outlives_its_owner",
    "NeverAttaches": "test_a_deployment_says_its_name_and_runtime",
    "AccusesTheLiving": "test_leftovers_do_not_name_the_living",
}


def test_every_fake_has_a_test_that_catches_it() -> None:
    assert sorted(CAUGHT_BY) == sorted(FAKES)


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Test ids that failed (not: could not be run), of one run of each fake's test on each fake."""
    report = tmp_path_factory.mktemp("fakes") / "junit.xml"
    suite = Path(__file__).with_name("test_conformance.py")
    chosen = [f"{suite}::{test}[{kind}]" for kind, test in CAUGHT_BY.items()]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *chosen],
        cwd=suite.parents[2],
        env=os.environ | {"BROWNOUT_TEST_FAKES": ",".join(FAKES), "BROWNOUT_TEST_PATIENCE_S": "1.5"},
        stdout=subprocess.DEVNULL,
    )
    cases = ElementTree.parse(report).iter("testcase")
    return {case.attrib["name"] for case in cases if case.find("failure") is not None}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "test"), CAUGHT_BY.items())
def test_the_suite_catches(kind: str, test: str, failed: set[str]) -> None:
    assert f"{test}[{kind}]" in failed
