"""What every runtime does: one suite, run on each that is found, skipped with the reason where it cannot be used.

A runtime that cannot do something by its nature is excused in `EXCEPTIONS`; an excused test is still run and must still
fail, so that no excuse outlives its reason. `test_conformance_of_fakes.py` proves that the suite can fail.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from infra.errors import GivenUp, InfraError, PlatformBroken, ServiceFailed, SystemRefused, UnknownService
from infra.runtime import Deployment, Post, Runtime, State
from tests.infra.toy import (
    PATIENCE_S,
    START_S,
    TOY,
    Place,
    Shelf,
    a_name,
    answers,
    ask,
    ask_back,
    ask_shop,
    eventually,
    places,
    usable,
)

EXCEPTIONS: dict[str, dict[str, str]] = {
    "process": {
        "test_mounts_are_read_only": "local processes write with the rights of the user who started them",
        "test_an_internal_network_has_no_way_out": "local processes share the machine's network",
    },
}

REPOSITORY = Path(__file__).parents[2]


def _places() -> dict[str, Runtime] | None:
    fakes = os.environ.get("BROWNOUT_TEST_FAKES")
    if fakes:
        broken = importlib.import_module("tests.infra.broken")
        return {kind: broken.FAKES[kind]() for kind in fakes.split(",")}
    return None


@pytest.fixture(scope="module", params=places(_places()))
def place_of_module(request: pytest.FixtureRequest) -> Iterator[Place]:
    place = Place(request.param)
    usable(place.runtime, place.system)
    yield place
    place.stop_all()


@pytest.fixture(autouse=True)
def excused(request: pytest.FixtureRequest, place_of_module: Place) -> None:
    reason = EXCEPTIONS.get(place_of_module.runtime.name, {}).get(request.node.originalname)
    if reason:
        request.node.add_marker(pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError))


@pytest.fixture
def place(place_of_module: Place) -> Iterator[Place]:
    """For tests that deploy: what they made is stopped after each."""
    mine = Place(place_of_module.runtime)
    yield mine
    mine.stop_all()


@pytest.fixture(scope="module")
def shelf(place_of_module: Place) -> Shelf:
    return Shelf(place_of_module)


@pytest.fixture
def toy(shelf: Shelf) -> Deployment:
    """A whole toy, shared with other tests."""
    return shelf.take()


# Before it runs


def test_refuses_nothing_of_the_toy(place: Place) -> None:
    assert place.runtime.refusal(place.system) is None


def test_it_has_walls_only_if_it_says_so(place: Place) -> None:
    """What is excused below is what walls are for."""
    assert place.runtime.walled is (place.runtime.name not in EXCEPTIONS)


def test_preparing_again_is_quick(place: Place) -> None:
    took = []
    for _ in range(3):
        since = time.monotonic()
        place.runtime.prepare(place.system)
        took.append(time.monotonic() - since)
    assert min(took) < 2.0  # other work only adds to it


# Deploying


def test_services_are_listed_in_start_order(toy: Deployment) -> None:
    assert toy.services()[0] == "front"
    assert sorted(toy.services()) == ["back", "front", "shop"]


def test_all_run_and_answer_after_deploy(place: Place) -> None:
    deployment = place.deploy()

    for name in deployment.services():
        status = deployment.status(name)
        assert (status.state, status.exit_code, status.replicas) == (State.RUNNING, None, 1)
    assert ask(deployment, "/healthz") == ask_back(deployment, "/healthz") == ask_shop(deployment, "/healthz") == "ok"


def test_a_deployment_says_its_name_and_runtime(place: Place, toy: Deployment) -> None:
    assert toy.runtime == place.runtime.name
    assert place.runtime.attach(toy.name).name == toy.name


def test_the_environment_of_the_file_arrives(toy: Deployment) -> None:
    assert ask(toy, "/environment")["BACK"].startswith("http://")


def test_modules_of_a_mount_are_found_by_pythonpath(toy: Deployment) -> None:
    assert ask(toy, "/shared") == "imported from a mount"


def test_secrets_reach_sealed_services_only(toy: Deployment) -> None:
    assert ask(toy, "/environment")["BROWNOUT_TOKEN"] == "tell-nobody"
    assert ask_back(toy, "/environment")["BROWNOUT_TOKEN"] == "tell-nobody"
    assert "tell-nobody" not in str(ask_shop(toy, "/environment"))


def test_open_files_come_from_the_submission(place: Place, submission: Callable, version: Callable) -> None:
    deployment = place.deploy(open_root=submission(version("mine")))
    assert ask_shop(deployment, "/version") == "mine"


def test_without_a_submission_the_lab_runs_as_shipped(toy: Deployment) -> None:
    assert ask_shop(toy, "/version") == "shipped"


def test_a_name_in_use_is_refused(place: Place, toy: Deployment) -> None:
    with pytest.raises(SystemRefused):
        place.deploy(name=toy.name)
    assert answers(toy)


def test_two_deployments_do_not_see_each_other(place: Place, submission: Callable, version: Callable) -> None:
    with ThreadPoolExecutor() as pool:
        one, two = pool.map(lambda text: place.deploy(open_root=submission(version(text))), ["one", "two"])

    ask_back(one, "/count")
    ask(one, "/say?text=only-one")
    assert [ask_shop(one, "/version"), ask_shop(two, "/version")] == ["one", "two"]
    assert [ask(one, "/count"), ask(two, "/count")] == [2, 1]
    assert "only-one" not in two.logs("front")
    one.kill("back")
    assert two.status("back").state is State.RUNNING
    one.stop()
    assert ask_back(two, "/healthz") == "ok"


# Deploying that fails


def _fails(place: Place, root: Path, timeout_s: float = 30.0) -> ServiceFailed:
    with pytest.raises(ServiceFailed) as caught:
        place.deploy(open_root=root, ready_timeout_s=timeout_s)
    return caught.value


def test_a_syntax_error_is_shown(place: Place, submission: Callable) -> None:
    failure = _fails(place, submission("def broken(:\n"))
    assert (failure.service, failure.exit_code) == ("shop", 1)
    assert "SyntaxError" in failure.log_tail


def test_an_exit_before_it_is_ready_is_seen_at_once(place: Place, submission: Callable) -> None:
    since, patience_s = time.monotonic(), 60.0
    failure = _fails(place, submission("print('going'); raise SystemExit(3)"), patience_s)
    assert (failure.service, failure.exit_code) == ("shop", 3)
    assert "going" in failure.log_tail
    assert time.monotonic() - since < patience_s / 2  # not when patience ends, however busy the machine


def test_a_service_that_is_never_ready_is_given_up(place: Place, submission: Callable) -> None:
    failure = _fails(place, submission("import time; print('dreaming', flush=True); time.sleep(999)"), 6.0)
    assert (failure.service, failure.exit_code) == ("shop", None)
    assert "dreaming" in failure.log_tail


def test_a_failed_deploy_leaves_nothing(place: Place, submission: Callable) -> None:
    name = a_name()
    with pytest.raises(ServiceFailed):
        place.deploy(name=name, open_root=submission("raise SystemExit(3)"))
    assert not place.knows(name)
    assert name not in place.runtime.leftovers()


def test_a_deployment_that_is_called_off_leaves_nothing(place: Place, submission: Callable) -> None:
    name, off = a_name(), threading.Event()
    root = submission("import time; time.sleep(999)")
    with ThreadPoolExecutor() as pool:
        made = pool.submit(place.deploy, name=name, open_root=root, ready_timeout_s=PATIENCE_S * 2, off=off.is_set)
        eventually(lambda: place.knows(name) or made.done())
        off.set()
        with pytest.raises(GivenUp):
            made.result()
    assert not place.knows(name)
    assert name not in place.runtime.leftovers()


# Addresses and networks


def test_addresses_are_loopback(toy: Deployment) -> None:
    assert toy.address("front", 8080).host == "127.0.0.1"


def test_services_reach_each_other_by_name(toy: Deployment) -> None:
    assert ask_back(toy, "/via?name=FRONT&path=/healthz") == "ok"
    assert ask(toy, "/via?name=SHOP&path=/version") == "shipped"


@pytest.mark.parametrize("wanted", [("back", 9000), ("front", 1), ("front", 8080, 1), ("nobody", 80)])
def test_an_address_that_is_not_published_is_unknown(toy: Deployment, wanted: tuple) -> None:
    with pytest.raises(UnknownService):
        toy.address(*wanted)


def test_addresses_survive_kill_start_and_restart(toy: Deployment) -> None:
    before = toy.address("front", 8080)
    toy.kill("front")
    toy.start("front")
    toy.restart("front")
    assert toy.address("front", 8080) == before
    toy.wait_ready("front")
    assert answers(toy)


def test_an_internal_network_has_no_way_out(toy: Deployment) -> None:
    with socket.create_server(("0.0.0.0", 0)) as outside, socket.socket(type=socket.SOCK_DGRAM) as way:
        way.connect(("192.0.2.1", 9))
        host, port = way.getsockname()[0], outside.getsockname()[1]
        assert ask_back(toy, f"/reach?host={host}&port={port}") is False


def test_mounts_are_read_only(toy: Deployment) -> None:
    assert ask(toy, "/scribble") is False


# Kill, start, restart


def test_kill_ends_it(toy: Deployment) -> None:
    toy.kill("front")
    toy.kill("front")
    status = toy.status("front")
    assert (status.state, status.exit_code, status.replicas) == (State.EXITED, -9, 0)
    assert not answers(toy)


def breed(toy: Deployment) -> None:
    """Let `back` have a child and a daemon, which write down that they live."""
    ask_back(toy, "/breed")
    eventually(lambda: len(ask(toy, "/beats")) == 2)


def rests(toy: Deployment) -> bool:
    """Whether neither writes anything for a while."""
    last = ask(toy, "/beats")
    threading.Event().wait(0.3)
    return bool(ask(toy, "/beats") == last)


def test_kill_ends_children_and_daemons(toy: Deployment) -> None:
    breed(toy)
    toy.kill("back")
    assert rests(toy)


def test_a_killed_service_stays_dead_until_started(toy: Deployment) -> None:
    toy.kill("shop")
    threading.Event().wait(0.3)
    assert toy.status("shop").state is State.EXITED
    toy.start("shop")
    assert (toy.status("shop").state, toy.status("shop").exit_code) == (State.RUNNING, None)
    toy.wait_ready("shop")
    assert ask_shop(toy, "/version") == "shipped"


def test_starting_what_runs_changes_nothing(toy: Deployment) -> None:
    ask(toy, "/grow?mib=32")
    toy.start("front")
    assert toy.stats()["front"].memory_bytes > 32 << 20
    assert answers(toy)


def test_volumes_survive_kill_and_start(toy: Deployment) -> None:
    before = ask(toy, "/count")
    toy.kill("front")
    toy.start("front")
    toy.wait_ready("front")
    assert ask(toy, "/count") == before + 1


def test_services_share_a_volume(toy: Deployment) -> None:
    assert ask_back(toy, "/count") + 1 == ask(toy, "/count")


def test_restart_brings_new_code_in(place: Place, submission: Callable, version: Callable) -> None:
    root = submission(version("old"))
    deployment = place.deploy(open_root=root)
    (root / "code" / "main.py").write_text(version("new"))
    deployment.restart("shop")
    deployment.wait_ready("shop")
    assert ask_shop(deployment, "/version") == "new"


def test_restart_starts_what_is_dead(toy: Deployment) -> None:
    toy.kill("shop")
    toy.restart("shop")
    toy.wait_ready("shop")
    assert ask_shop(toy, "/healthz") == "ok"


def test_an_exit_has_its_code(toy: Deployment) -> None:
    ask(toy, "/leave?code=7")
    eventually(lambda: toy.status("front").state is State.EXITED)
    assert (toy.status("front").exit_code, toy.status("front").replicas) == (7, 0)


# Pause, resume


def test_pause_makes_requests_hang_and_resume_answers_them(toy: Deployment) -> None:
    toy.pause("front")
    toy.pause("front")
    assert toy.status("front").state is State.PAUSED
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(ask, toy, "/healthz", timeout=20.0)
        threading.Event().wait(0.5)
        hung = not asked.done()
        toy.resume("front")
        toy.resume("front")
        assert (hung, asked.result()) == (True, "ok")
    assert toy.status("front").state is State.RUNNING


def test_pause_freezes_children_too(toy: Deployment) -> None:
    breed(toy)
    toy.pause("back")
    assert rests(toy)
    last = ask(toy, "/beats")
    toy.resume("back")
    eventually(lambda: ask(toy, "/beats") != last)
    toy.kill("back")


def test_a_dead_service_cannot_be_paused(toy: Deployment) -> None:
    toy.kill("shop")
    with pytest.raises(ServiceFailed) as caught:
        toy.pause("shop")
    assert caught.value.service == "shop"


def test_restart_and_kill_work_on_a_paused_service(toy: Deployment) -> None:
    toy.pause("shop")
    toy.restart("shop")
    toy.wait_ready("shop")
    assert ask_shop(toy, "/healthz") == "ok"
    toy.pause("shop")
    toy.kill("shop")
    assert toy.status("shop").state is State.EXITED


# Scale


def test_scale_to_none_and_back(toy: Deployment) -> None:
    toy.scale("shop", 0)
    assert (toy.status("shop").state, toy.status("shop").replicas) == (State.EXITED, 0)
    toy.scale("shop", 1)
    toy.wait_ready("shop")
    assert (toy.status("shop").state, toy.status("shop").replicas) == (State.RUNNING, 1)
    assert ask_shop(toy, "/healthz") == "ok"


def test_scale_up_works_or_is_refused_with_a_reason(toy: Deployment) -> None:
    try:
        toy.scale("shop", 3)
    except SystemRefused as refused:
        assert "shop" in str(refused)
        assert toy.status("shop").replicas == 1
    else:
        assert toy.status("shop").replicas == 3
        assert len({toy.address("shop", 8081, replica) for replica in range(3)}) == 3
        toy.scale("shop", 1)
    assert ask_shop(toy, "/healthz") == "ok"


# Readiness


def test_wait_ready_raises_for_the_dead(toy: Deployment) -> None:
    toy.kill("shop")
    with pytest.raises(ServiceFailed) as caught:
        toy.wait_ready("shop")
    assert caught.value.exit_code == -9


def test_wait_ready_gives_up_on_the_frozen(toy: Deployment) -> None:
    toy.pause("shop")
    with pytest.raises(ServiceFailed) as caught:
        toy.wait_ready("shop", timeout_s=0.5)
    assert (caught.value.service, caught.value.exit_code) == ("shop", None)
    toy.resume("shop")
    toy.wait_ready("shop")


def test_wait_ready_returns_once_it_answers(toy: Deployment) -> None:
    toy.restart("front")
    toy.wait_ready()
    assert answers(toy)


# Logs


def test_logs_show_what_was_said(toy: Deployment) -> None:
    ask(toy, "/say?text=hello-there")
    eventually(lambda: "hello-there" in toy.logs("front"))
    assert "hello-there" not in toy.logs("shop")


def test_logs_survive_kill_and_restart(toy: Deployment) -> None:
    ask(toy, "/say?text=first-life")
    eventually(lambda: "first-life" in toy.logs("front"))
    toy.kill("front")
    toy.start("front")
    toy.restart("front")
    toy.wait_ready("front")
    ask(toy, "/say?text=second-life")
    log = eventually(lambda: "second-life" in (log := toy.logs("front")) and log)
    assert log.index("first-life") < log.index("second-life")


def test_logs_replace_bytes_that_are_no_text(toy: Deployment) -> None:
    ask(toy, "/garble")
    eventually(lambda: "before \ufffd\ufffd after" in toy.logs("front"))


def test_logs_give_the_last_bytes_asked_for(toy: Deployment) -> None:
    ask(toy, "/say?text=the-very-end")
    eventually(lambda: toy.logs("front", max_bytes=8).endswith("ery-end\n"))
    assert len(toy.logs("front", max_bytes=8)) <= 8


def test_a_flood_is_capped_and_others_live_on(place: Place) -> None:
    deployment = place.deploy()
    ask_back(deployment, "/flood?mib=12")
    since = time.monotonic()
    assert deployment.status("front").state is State.RUNNING
    assert answers(deployment)
    assert time.monotonic() - since < 3.0
    eventually(lambda: "the flood is over" in deployment.logs("back"))
    assert len(deployment.logs("back", max_bytes=1 << 30)) < 8 << 20


# Stats


def test_stats_follow_memory_and_cpu(toy: Deployment) -> None:
    before = toy.stats()["front"]
    ask(toy, "/grow?mib=64")
    ask(toy, "/burn?seconds=0.4")
    after = toy.stats()["front"]
    assert 48 << 20 < after.memory_bytes - before.memory_bytes < 128 << 20
    assert 0.2 < after.cpu_seconds - before.cpu_seconds < 5.0
    assert after.processes >= 1
    toy.restart("front")


def test_memory_that_forks_share_counts_once(toy: Deployment) -> None:
    ask(toy, "/grow?mib=64")
    before = toy.stats()["front"]
    ask(toy, "/fork?count=4")
    after = toy.stats()["front"]
    assert after.processes >= before.processes + 4
    assert after.memory_bytes - before.memory_bytes < 64 << 20
    toy.restart("front")


def test_stats_leave_out_the_dead(toy: Deployment) -> None:
    toy.kill("shop")
    assert sorted(toy.stats()) == ["back", "front"]


# The post


@pytest.fixture
def post(place: Place, tmp_path: Path) -> Iterator[Post]:
    post = place.runtime.post(a_name(), [REPOSITORY / "infra"], tmp_path)
    yield post
    post.close()


def _at(post: Post, *command: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(post.command(*command), stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=REPOSITORY)


def test_a_post_has_pipes_exit_codes_and_signals(post: Post) -> None:
    with _at(post, "json.tool", "--compact") as sound, _at(post, "json.tool") as broken:
        assert sound.communicate('{"a":\n1}') == ('{"a":1}\n', "")
        assert broken.communicate("{")[0] == ""
        assert (sound.returncode, broken.returncode) == (0, 1)
    with _at(post, "http.server", "0") as lasting:
        assert lasting.stdout is not None and lasting.stdout.readline()
        lasting.terminate()
        assert lasting.wait() == -signal.SIGTERM


def test_what_a_post_writes_appears_here(post: Post, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("[1,\n2]")
    with _at(post, "json.tool", "--compact", str(tmp_path / "plan.json"), str(tmp_path / "out.txt")) as process:
        process.communicate()
    assert (tmp_path / "out.txt").read_text() == "[1,2]\n"


def test_a_closed_post_is_gone(place: Place, tmp_path: Path) -> None:
    name = a_name()
    post = place.runtime.post(name, [], tmp_path)
    post.close()
    post.close()
    assert name not in place.runtime.leftovers()


def test_a_published_port_has_a_place_near_the_post(toy: Deployment) -> None:
    assert toy.near("front", 8080) == toy.near("front", 8080)
    with pytest.raises(UnknownService):
        toy.near("back", 9000)


# What is not there


def test_unknown_services_are_named_as_such(toy: Deployment) -> None:
    calls = [toy.status, toy.kill, toy.start, toy.restart, toy.pause, toy.resume, toy.wait_ready, toy.logs]
    for call in (*calls, lambda service: toy.scale(service, 1), lambda service: toy.scale(service, 0)):
        with pytest.raises(UnknownService, match="nobody"):
            call("nobody")


def test_an_unknown_deployment_is_named_as_such(place: Place) -> None:
    for name in ("toy-never-was", "../toy"):
        with pytest.raises(UnknownService):
            place.runtime.attach(name)


# From another process, and after the end


def test_an_attached_deployment_does_everything(place: Place, toy: Deployment) -> None:
    attached = place.runtime.attach(toy.name)
    assert attached.services() == toy.services()
    assert attached.address("front", 8080) == toy.address("front", 8080)
    attached.restart("shop")
    attached.wait_ready()
    assert attached.logs("front") == toy.logs("front")
    assert sorted(attached.stats()) == ["back", "front", "shop"]


def _run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_another_process_can_attach(toy: Deployment) -> None:
    code = "import sys; from infra.runtime import runtime; runtime(sys.argv[1]).attach(sys.argv[2]).kill('shop')"
    with _run(code, toy.runtime, toy.name) as other:
        other.communicate()
    assert other.returncode == 0
    assert toy.status("shop").state is State.EXITED


def test_nothing_outlives_its_owner(place: Place) -> None:
    with _run("input()") as owner:
        deployment = place.deploy(owner_pid=owner.pid)
        assert answers(deployment)
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        eventually(lambda: not place.knows(deployment.name))
    assert not answers(deployment)
    eventually(lambda: deployment.name not in place.runtime.leftovers())


DEPLOY = """
import json, sys
from pathlib import Path
from infra.runtime import Request, runtime
from infra.system import load_system
runtime(sys.argv[1]).deploy(load_system(Path(sys.argv[2]), ("code",)), Request(sys.argv[3], **json.loads(sys.argv[4])))
print("deployed", flush=True)
"""


def ordered(**options: Any) -> str:
    """Options of a request, for `DEPLOY`."""
    return json.dumps({"ready_timeout_s": START_S, **options})


def test_nothing_outlives_a_killed_starter(place: Place) -> None:
    name = a_name()
    with _run(DEPLOY + "input()", place.runtime.name, str(TOY / "compose.yaml"), name, ordered()) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "deployed\n"
        assert answers(place.runtime.attach(name))
        starter.send_signal(signal.SIGKILL)
        starter.wait()
    eventually(lambda: not place.knows(name))
    eventually(lambda: name not in place.runtime.leftovers())


def test_a_deployment_without_an_owner_outlives_its_starter(place: Place) -> None:
    name = a_name()
    with _run(DEPLOY, place.runtime.name, str(TOY / "compose.yaml"), name, ordered(owner_pid=None)) as starter:
        starter.communicate()
    deployment = place.runtime.attach(name)
    try:
        assert answers(deployment)
        assert name not in place.runtime.leftovers()
    finally:
        deployment.stop()
    assert not place.knows(name)


def test_stop_removes_everything_and_may_be_repeated(place: Place) -> None:
    deployment = place.deploy()
    deployment.stop()
    deployment.stop()
    assert not place.knows(deployment.name)
    assert not answers(deployment)
    assert deployment.name not in place.runtime.leftovers()


def test_a_stopped_name_can_be_used_again(place: Place) -> None:
    first = place.deploy()
    ask(first, "/count")
    first.stop()
    second = place.deploy(name=first.name)
    first.stop()
    assert ask(second, "/count") == 1


def test_a_stopped_deployment_is_gone_not_failed(place: Place) -> None:
    deployment = place.deploy()
    deployment.stop()
    for call in (deployment.status, deployment.kill, deployment.start, deployment.logs, deployment.wait_ready):
        with pytest.raises(PlatformBroken):
            call("front")
    with pytest.raises(PlatformBroken):
        deployment.stats()


def test_leftovers_do_not_name_the_living(place: Place, toy: Deployment) -> None:
    assert toy.name not in place.runtime.leftovers()


def test_clear_removes_whatever_there_is(place: Place) -> None:
    deployment = place.deploy()
    place.runtime.clear(deployment.name)
    place.runtime.clear(deployment.name)
    assert not place.knows(deployment.name)
    assert not answers(deployment)


def test_every_exception_names_a_test_and_a_reason() -> None:
    for excuses in EXCEPTIONS.values():
        for name, reason in excuses.items():
            assert callable(globals()[name]), name
            assert reason


def test_errors_are_all_of_one_family() -> None:
    assert all(
        issubclass(error, InfraError) for error in (PlatformBroken, ServiceFailed, SystemRefused, UnknownService)
    )
