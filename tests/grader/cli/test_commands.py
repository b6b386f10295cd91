"""The real `lab` on a course of its own: what it says and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.grader.course import LAB, REPOSITORY, Course

COMMANDS = ["list", "start", "status", "logs", "open", "check", "grade", "hint", "debrief", "diff", "reset", "restart"]
COMMANDS += [
    "join",
    "leave",
    "submit",
    "stop",
    "watch",
    "report",
    "judge",
    "convert",
    "review",
    "diff-results",
    "verify",
    "doctor",
    "lint",
    "new",
    "render",
    "plan",
]
ROUTING = "work/desk/desk/routing.py"


def fits(text: str) -> bool:
    """At most 80 columns, but for paths and addresses that must stay whole."""
    return all(len(line) <= 80 or " " not in line.strip() for line in text.splitlines())


def test_help_lists_every_command(course: Course) -> None:
    done = course.lab("--help")

    assert done.returncode == 0
    assert fits(done.stdout)
    for name in COMMANDS:
        assert f"\n  {name} " in done.stdout


def test_list_as_json_has_the_published_keys(desk: Course) -> None:
    done = desk.lab("list", "--json")

    [row] = json.loads(done.stdout)
    told = {"id", "title", "question", "level", "minutes", "pack", "runtimes", "status", "workshop", "draft"}
    assert set(row) == told
    assert (row["id"], row["status"], row["level"], row["minutes"], row["pack"]) == ("desk", "new", "beginner", 15, "")
    assert "process" in row["runtimes"]
    assert done.stderr == ""


def test_list_says_what_to_do_next(desk: Course) -> None:
    done = desk.lab("list")

    assert done.stdout.splitlines()[-1].startswith("Next: lab start desk")
    assert fits(done.stdout)


CATALOGUE = """
- {code: S1, id: cascade, pack: serving, question: One failure takes all down.}
- {code: I1, id: toll, pack: serving, question: Who pays?}
- {code: W1, id: desk, pack: start, question: Who is hurt?}
"""


def test_list_groups_labs_by_pack_and_says_how_long_each_takes(desk: Course) -> None:
    desk.new("toll"), desk.new("own")
    (desk.root / "labs" / "catalogue.yaml").write_text(CATALOGUE)

    lines = desk.lab("list").stdout.splitlines()

    heads = [lines.index(pack) for pack in ("To begin with", "Serving models", "Others")]
    assert heads == sorted(heads)
    for head, lab_id in zip(heads, ("desk", "toll", "own"), strict=True):
        assert lines[head + 1].split() == [lab_id, "new", "15", "min,", "beginner"]
        assert lines[head + 2].strip().startswith("Some customers always get an error.")
    assert "1 more is planned; README.md names them." in lines and "Next: lab start desk  (shows its brief)" in lines


@pytest.mark.parametrize("command", ["start", "check", "grade"])
def test_a_planned_lab_is_said_to_be_planned(desk: Course, command: str) -> None:
    (desk.root / "labs" / "catalogue.yaml").write_text(CATALOGUE)

    done = desk.lab(command, "cascade")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "lab: lab cascade is planned and not here yet; `lab list` shows those that are\n"


def test_list_sees_a_changed_lab_at_once(desk: Course) -> None:
    desk.lab("list")
    path = desk.root / "labs/desk/lab.yaml"
    path.write_text(path.read_text().replace("title: Tickets", "title: Letters"))

    [row] = json.loads(desk.lab("list", "--json").stdout)

    assert row["title"].startswith("Letters")


def test_list_survives_a_broken_lab_and_a_damaged_cache(desk: Course) -> None:
    desk.lab("list")
    (desk.root / ".brownout/catalog.json").write_text('{"desk": {"key": 1, "entry": {}}}')
    (desk.root / "labs/desk/compose.yaml").write_text("services: [")

    done = desk.lab("list")

    assert done.returncode == 0
    assert "desk cannot be read" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("start", "desc"),
        ("check", "desc"),
        ("grade", "desc"),
        ("hint", "desc"),
        ("diff", "desc"),
        ("reset", "desc", "--yes"),
        ("stop", "desc"),
        ("logs", "desc"),
        ("status", "desc"),
        ("open", "desc"),
        ("report", "desc"),
        ("debrief", "desc"),
        ("watch", "desc"),
        ("verify", "desc"),
        ("restart", "desc"),
    ],
)
def test_an_unknown_lab_is_one_sentence_with_the_nearest_name(desk: Course, arguments: tuple[str, ...]) -> None:
    done = desk.lab(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "lab: there is no lab 'desc'; did you mean desk?\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("start",), "missing argument 'ID'; `lab start --help` says how it is called"),
        (("frob",), "no such command 'frob'; `lab --help` says how it is called"),
        (("check", "desk", "--frob"), "no such option: --frob; `lab check --help` says how it is called"),
        (("grade", "desk", "--seed"), "option '--seed' requires an argument; `lab grade --help` says how it is called"),
        (("new", "a", "b"), "got unexpected extra argument(s) (b); `lab new --help` says how it is called"),
        (("workshop", "size"), "missing argument 'FILE'; `lab workshop size --help` says how it is called"),
        (("logs", "desk", "-n", "0"), "invalid value for '--lines' / '-n': "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_that_is_called_amiss_is_one_sentence(desk: Course, arguments: tuple[str, ...], says: str) -> None:
    done = desk.lab(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"lab: {says}") and done.stderr.count("\n") == 1


def test_a_group_of_commands_alone_shows_its_help(desk: Course) -> None:
    done = desk.lab("workshop")

    assert done.returncode == 2 and "Usage: lab workshop" in done.stderr and "\n  size " in done.stderr


def test_hints_come_one_by_one_and_are_remembered(desk: Course) -> None:
    texts = [desk.lab("hint", "desk").stdout for _ in range(4)]

    assert "hint 1 of 3" in texts[0] and "Look at who is hurt" in texts[0]
    assert "hint 3 of 3" in texts[2] and "The cause" in texts[2]
    assert "all 3 hints" in texts[3]
    again = desk.lab("hint", "desk", "--all").stdout
    assert "Look at who is hurt" in again and "The cause" in again
    assert "for assessors" not in again


def test_a_hint_after_a_pass_costs_nothing(desk: Course) -> None:
    from grader.practice import workspace

    before = desk.lab("hint", "desk").stdout
    workspace.update("desk", passed=True)
    after = desk.lab("hint", "desk").stdout

    assert "An interviewer would note it" in before
    assert "An interviewer" not in after and "it costs nothing" in after


def a_run(folder: Path, verdict: str) -> Path:
    folder.mkdir(parents=True)
    result = {"lab": "desk", "verdict": verdict, "objectives": [{"verdict": verdict}]}
    (folder / "result.json").write_text(json.dumps(result))
    (folder / "report.html").write_text("<p>")
    return folder


def test_any_run_can_be_reported_and_the_last_exam_is_the_default(desk: Course) -> None:
    from grader.practice import workspace

    last, other = a_run(desk.root / "results/desk/last", "pass"), a_run(desk.root / "results/desk/other", "fail")
    workspace.update("desk", last_run=str(last))

    by_default = desk.lab("report", "desk", "--print").stdout
    asked = desk.lab("report", "desk", str(other), "--print").stdout
    nothing = desk.lab("report", "desk", str(desk.root), "--print")

    assert "desk: pass; 1 of 1" in by_default and (last / "report.html").as_uri() in by_default
    assert "desk: fail; 0 of 1" in asked and (other / "report.html").as_uri() in asked
    assert nothing.returncode == 2 and "holds no report" in nothing.stderr


def test_logs_find_a_request_in_the_last_runs(desk: Course) -> None:
    from grader.practice import workspace

    exam = a_run(desk.root / "results/desk/one", "fail")
    workspace.update("desk", last_run=str(exam))
    for run in (exam, desk.root / "results/desk/rehearsal"):
        (run / "logs" / "hidden-cause.0").mkdir(parents=True)
        (run / "logs" / "hidden-cause.0" / "desk.log").write_text(
            f"3fa91c sent\n3fa91c KeyError in {run.name}\x1b[2J\nother\n"
        )

    found = desk.lab("logs", "desk", "--find", "3fa91c", "-n", "1")
    nothing = desk.lab("logs", "desk", "--find", "00000000")
    unknown = desk.lab("logs", "desk", "disk", "--find", "3fa91c")

    assert found.stdout.splitlines()[:2] == [  # the last line of each
        "rehearsal, a trial, desk | 3fa91c KeyError in rehearsal[2J",
        "last exam, a trial, desk | 3fa91c KeyError in one[2J",
    ]
    assert "add --lines 2" in found.stderr
    assert (nothing.returncode, "nothing with '00000000' in rehearsal" in nothing.stderr) == (0, True)
    assert (unknown.returncode, unknown.stderr) == (2, "lab: there is no service 'disk'; there are: desk\n")


def test_objectives_are_listed_only_where_the_brief_does_not(desk: Course, capsys: pytest.CaptureFixture[str]) -> None:
    from grader.cli import system
    from grader.course import catalog

    brief = desk.root / "labs/desk/README.md"
    ids = [slo.id for slo in system.objectives(catalog.find_lab("desk"))]
    brief.write_text("A story.")
    system.introduce(catalog.find_lab("desk"))
    without = capsys.readouterr().out
    brief.write_text(" ".join(f"`{name}`" for name in ids))
    system.introduce(catalog.find_lab("desk"))

    assert "What users are promised" in without
    assert "What users are promised" not in capsys.readouterr().out


def test_a_rehearsal_knows_what_only_the_exam_judges(desk: Course) -> None:
    from grader.cli import grading, system
    from grader.course import catalog
    from grader.result import ObjectiveResult, Result, Verdict

    lab = catalog.find_lab("desk")
    slos = system.objectives(lab)
    tried = [ObjectiveResult(s.id, s.title, "", s.target, 1, 1, 1.0, 0.0, 1.0, Verdict.PASS) for s in slos[:1]]
    result = Result("desk", Verdict.PASS, (), tuple(tried), (), 1, "process", 1.0, {})

    assert grading.untried(lab, result) == [slo.title for slo in slos[1:]] != []


def test_the_debrief_opens_after_a_pass(desk: Course) -> None:
    done = desk.lab("debrief", "desk")

    assert done.returncode == 2
    assert "once you have passed" in done.stderr


def test_notes_on_the_exam_open_with_the_debrief(desk: Course) -> None:
    from grader.practice import workspace

    notes = desk.root / "scenarios" / "desk" / "notes.md"
    notes.write_text("# Notes\n\nNobody looks at Sundays.\n")
    early = desk.lab("debrief", "desk", "--notes")
    workspace.update("desk", passed=True)
    told, debriefed = desk.lab("debrief", "desk", "--notes"), desk.lab("debrief", "desk")
    notes.unlink()

    assert early.returncode == 2 and "once you have passed" in early.stderr
    assert "Nobody looks at Sundays." in told.stdout
    assert debriefed.returncode == 0 and "Sundays" not in debriefed.stdout
    assert "desk has no notes" in desk.lab("debrief", "desk", "--notes").stdout


def begun(course: Course) -> Path:
    """A workspace without a running system; returns the open file."""
    from grader.practice import workspace

    workspace.create("desk")
    return course.root / ROUTING


def test_diff_is_a_diff(desk: Course) -> None:
    path = begun(desk)
    path.write_text(path.read_text().replace("26 //", "27 //"))

    done = desk.lab("diff", "desk")

    assert done.returncode == 0
    assert "-SHARE = 26 // len(TEAMS)\n+SHARE = 27 // len(TEAMS)\n" in done.stdout
    patched = subprocess.run(
        ["git", "apply", "--check", "-R", "-p1", "--directory=work/desk", "-"],
        input=done.stdout,
        text=True,
        cwd=desk.root,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(desk.root.parent)},
        capture_output=True,
    )
    assert patched.returncode == 0, patched.stderr


def test_reset_without_a_terminal_wants_a_yes(desk: Course) -> None:
    path = begun(desk)
    path.write_text("mine\n")

    refused = desk.lab("reset", "desk")
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert path.read_text() == "mine\n"

    done = desk.lab("reset", "desk", "--yes")
    assert done.returncode == 0
    [kept] = (desk.root / "work/.backup").iterdir()
    assert (kept / "desk/routing.py").read_text() == "mine\n"
    assert path.read_text() != "mine\n"


def test_grading_without_a_workspace_says_how_to_get_one(desk: Course) -> None:
    done = desk.lab("grade", "desk")

    assert done.returncode == 2
    assert "lab start desk" in done.stderr


def test_a_changed_sealed_file_is_bad_input(desk: Course) -> None:
    begun(desk)
    (desk.root / "work/desk/compose.yaml").write_text("services: {}\n")

    done = desk.lab("grade", "desk")

    assert done.returncode == 2
    assert "compose.yaml" in done.stderr and "Traceback" not in done.stderr
    assert not list((desk.root / ".brownout/stage").iterdir())


def test_an_unknown_runtime_is_refused(desk: Course) -> None:
    done = desk.lab("grade", "desk", "--submission", str(desk.root / "labs/desk"), "--runtime", "moon")

    assert done.returncode == 2
    assert "there is no runtime 'moon'" in done.stderr


def test_render_prints_one_document_and_nothing_else(desk: Course) -> None:
    compose, k8s = (desk.lab("render", "desk", "--runtime", name) for name in ("compose", "k8s"))

    assert (compose.returncode, compose.stderr, k8s.returncode, k8s.stderr) == (0, "", 0, "")
    assert yaml.safe_load(compose.stdout)["services"]["desk"]["read_only"] is True
    assert [one["kind"] for one in yaml.safe_load_all(k8s.stdout)][0] == "Namespace"


def test_what_has_no_format_is_not_rendered(desk: Course) -> None:
    done = desk.lab("render", "desk", "--runtime", "process")

    assert done.returncode == 2
    assert done.stderr.startswith("lab: local processes have no format")


def test_an_output_folder_that_cannot_be_written(desk: Course) -> None:
    blocked = desk.root / "file"
    blocked.write_text("")

    done = desk.lab("grade", "desk", "--submission", str(desk.root / "labs/desk"), "--out", str(blocked / "run"))

    assert done.returncode == 2
    assert str(blocked) in done.stderr and "Traceback" not in done.stderr


def test_rows_that_cannot_be_written_are_refused_before_the_work(desk: Course) -> None:
    done = desk.lab("verify", "desk", "--json", str(desk.root / "nowhere" / "rows.json"), timeout_s=10)

    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_an_unknown_control_is_refused_with_the_nearest_name(desk: Course) -> None:
    done = desk.lab("verify", "desk", "--control", "refrence", timeout_s=10)

    assert done.returncode == 2
    assert done.stderr == "lab: --control: there is no control 'refrence'; did you mean reference?\n"


@pytest.mark.parametrize(
    "arguments", [("verify",), ("stop",), ("grade",), ("bogus",), ("grade", "desk", "--seed", "x")]
)
def test_bad_usage_exits_2(desk: Course, arguments: tuple[str, ...]) -> None:
    done = desk.lab(*arguments)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_run_is_not_judged(desk: Course) -> None:
    done = desk.lab("judge", str(desk.root))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_what_does_not_run_says_how_to_start_it(desk: Course) -> None:
    for arguments in (("logs", "desk"), ("open", "desk"), ("restart", "desk"), ("watch", "desk")):
        done = desk.lab(*arguments)
        assert done.returncode == 2
        assert "lab start desk" in done.stderr


def test_stop_of_what_does_not_run_is_no_error(desk: Course) -> None:
    assert desk.lab("stop", "desk").returncode == 0
    assert desk.lab("stop", "--all").returncode == 0


def test_a_home_without_labs_is_named(tmp_path: Path, course: Course) -> None:
    (course.root / "labs").rmdir()

    done = course.lab("list")

    assert done.returncode == 2
    assert "has no folder labs/" in done.stderr


@pytest.mark.parametrize("lab_id", ["Desk", "x", "../up", "a b", "cast", "desk"])
def test_new_refuses_bad_and_taken_ids(desk: Course, lab_id: str) -> None:
    done = desk.lab("new", lab_id)

    assert done.returncode == 2
    assert sorted(path.name for path in (desk.root / "labs").iterdir()) == ["desk"]


def test_lab_ids_are_completed(desk: Course) -> None:
    done = subprocess.run(
        LAB,
        env={**desk.environment, "_LAB_COMPLETE": "complete_bash", "COMP_WORDS": "lab grade d", "COMP_CWORD": "2"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )

    assert done.stdout.split() == ["desk"]


def test_a_reader_that_goes_away_is_no_error(desk: Course) -> None:
    done = subprocess.run(
        f"'{LAB[0]}' -m grader.cli list | true",
        shell=True,
        env=desk.environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )

    assert done.stderr == ""


def test_colours_only_on_a_terminal(desk: Course) -> None:
    assert "\x1b" not in desk.lab("hint", "desk").stdout


def test_a_draft_is_marked_and_left_out_of_what_is_proven(desk: Course) -> None:
    (desk.root / "labs" / "desk" / "draft.md").write_text("The exam was not attacked yet.\n")

    shown = desk.lab("list")
    assert "draft" in shown.stdout and "not proven yet" in shown.stdout
    assert json.loads(desk.lab("list", "--json").stdout)[0]["draft"] is True
    refused = desk.lab("verify", "--all", "--status")
    assert refused.returncode == 2 and "no control to verify" in refused.stderr
