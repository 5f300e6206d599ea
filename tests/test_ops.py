"""What stands behind ``bin/``: the parts that can be tried without a machine to prepare."""

import json
import os
import signal
import socket
import stat
import sys
import time
from pathlib import Path

import pytest

from ops import process, stamp
from ops.answers import status_of
from ops.console import Trouble, run, tail
from ops.database_home import LONGEST_SOCKET_FOLDER, short_socket_folder
from ops.environment import demo_secrets, external_services, key_ring, portal_environment, role_for
from ops.layout import DataDir, chosen_data_dir
from ops.locking import Lock
from ops.redis_server import free_port
from ops.services import Tenancy
from ops.supervise import Program, revive, stop_all
from ops.testing import needs_processes, production_like, with_database
from portal.celery import QUEUES, app

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """An empty data folder."""
    made = DataDir(tmp_path / "data")
    made.ensure()
    return made


def program(tmp_path: Path, command: list[str]) -> Program:
    """A program to supervise."""
    return Program("prøve", command, dict(os.environ), tmp_path, tmp_path / "log", grace=5)


def test_a_free_port_can_be_listened_on() -> None:
    """The port is ours to take."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


def test_a_stamp_is_fresh_until_a_file_changes(tmp_path: Path) -> None:
    """The same contents give the same stamp, other contents another."""
    lock, mark = tmp_path / "lock", tmp_path / "stamp"
    lock.write_text("a==1")
    stamp.write(mark, stamp.fingerprint([lock, "3.11"]))
    assert stamp.is_fresh(mark, stamp.fingerprint([lock, "3.11"]))
    assert not stamp.is_fresh(mark, stamp.fingerprint([lock, "3.12"]))
    lock.write_text("a==2")
    assert not stamp.is_fresh(mark, stamp.fingerprint([lock, "3.11"]))


def test_an_absent_file_is_not_an_empty_file(tmp_path: Path) -> None:
    """A lock file that disappears is a change."""
    before = stamp.fingerprint([tmp_path / "lock"])
    (tmp_path / "lock").touch()
    assert stamp.fingerprint([tmp_path / "lock"]) != before


def test_real_servers_are_used_when_all_three_are_named() -> None:
    """All or none."""
    urls = {"DATABASE_URL": "a", "DATABASE_OWNER_URL": "b", "REDIS_URL": "c"}
    assert external_services(urls | {"HOME": "/"}) == urls
    assert external_services({"HOME": "/", "REDIS_URL": ""}) is None


def test_a_half_given_set_of_servers_is_refused_by_name() -> None:
    """The reader is told which variable is missing."""
    with pytest.raises(Trouble, match="DATABASE_OWNER_URL"):
        external_services({"DATABASE_URL": "a", "REDIS_URL": "c"})


@pytest.mark.parametrize(
    ("command", "role"),
    [("migrate", "owner"), ("load_directory", "owner"), ("grant_roles", "owner"), ("shell", "web"), ("check", "web")],
)
def test_only_commands_that_shape_the_database_run_as_its_owner(command: str, role: str) -> None:
    """Everything else runs as the web does."""
    assert role_for(command) == role


def test_secrets_are_made_once_and_for_the_owner_only(data_dir: DataDir) -> None:
    """What they encrypt is kept, so they are kept."""
    made = demo_secrets(data_dir.secrets)
    assert demo_secrets(data_dir.secrets) == made
    assert stat.S_IMODE(data_dir.secrets.stat().st_mode) == 0o600
    assert made["PORTAL_FNR_KEYS"].partition(":")[2] != made["PORTAL_FNR_HASH_KEYS"].partition(":")[2]


def test_a_key_has_an_id() -> None:
    """The settings read id:base64."""
    assert key_ring("k1").startswith("k1:")


def test_production_gets_no_generated_secrets(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """An absent secret must stop a production start, not be made up."""
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert "SECRET_KEY" not in portal_environment(data_dir, {}, mode="production")
    assert portal_environment(data_dir, {}, mode="demo")["SECRET_KEY"]
    assert production_like()["PORTAL_MODE"] == "production"


def test_a_data_folder_is_relative_to_where_the_command_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scripts change directory before they start."""
    monkeypatch.setenv("PORTAL_CALLER_DIR", str(tmp_path))
    assert chosen_data_dir("min demo").root == tmp_path / "min demo"


def test_a_data_folder_keeps_the_permissions_it_had(tmp_path: Path) -> None:
    """Folders of others are never opened or closed."""
    tmp_path.chmod(0o751)
    DataDir(tmp_path).ensure()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o751


def test_a_folder_that_clients_cannot_name_gets_a_short_socket_folder(data_dir: DataDir) -> None:
    """A socket's path has 107 bytes, and a comma parts hosts."""
    plain = Path("/srv/portal/socket")
    assert short_socket_folder(plain, data_dir) == plain
    for awkward in (Path("/srv/a,b/socket"), Path("/srv") / ("å" * LONGEST_SOCKET_FOLDER)):
        assert len(os.fsencode(short_socket_folder(awkward, data_dir))) <= LONGEST_SOCKET_FOLDER


def test_two_commands_on_one_data_folder_are_told_of_each_other(data_dir: DataDir) -> None:
    """The second is refused kindly, and may have it when the first has left."""
    first, second = Tenancy(data_dir), Tenancy(data_dir)
    first.claim("bin/demo")
    first.announce("bin/demo", {"REDIS_URL": "redis://x"}, "http://127.0.0.1:8000")
    with pytest.raises(Trouble, match=rf"http://127\.0\.0\.1:8000 .*prosess {os.getpid()}"):
        second.claim("bin/demo")
    assert stat.S_IMODE(data_dir.state.stat().st_mode) == 0o600
    assert json.loads(data_dir.state.read_text())["REDIS_URL"] == "redis://x"
    first.leave(patiently=False)
    first.owner.release()
    second.claim("bin/demo")
    second.owner.release()


def test_users_of_the_services_keep_them_up(data_dir: DataDir) -> None:
    """Shared users exclude the one who wants to stop, not each other."""
    users = [Lock(data_dir.root / "users.lock") for _ in range(3)]
    assert users[0].take(shared=True)
    assert users[1].take(shared=True)
    assert not users[2].take()
    users[0].release()
    users[1].release()
    assert users[2].take()
    users[2].release()


def test_a_fallen_program_is_started_again(tmp_path: Path) -> None:
    """One that has run for a while is worth another start."""
    fallen = program(tmp_path, SLEEPER)
    fallen.start()
    assert fallen.running is not None
    fallen.running.kill()
    fallen.running.wait()
    fallen.started -= 60
    revive(fallen, -9)
    assert fallen.fallen() is None
    stop_all([fallen])


def test_a_program_that_falls_at_once_stops_everything_with_its_last_words(tmp_path: Path) -> None:
    """No endless restarts, and the reason is shown."""
    broken = program(tmp_path, [sys.executable, "-c", "raise SystemExit('ingen database')"])
    broken.start()
    assert broken.running is not None
    broken.running.wait()
    with pytest.raises(Trouble, match="ingen database"):
        revive(broken, 1)


def test_stopping_leaves_no_child_behind(tmp_path: Path) -> None:
    """Also a program that will not listen, and its children, are gone."""
    stubborn = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    running = program(tmp_path, [sys.executable, "-c", stubborn])
    running.grace = 0.3
    running.start()
    assert process.wait_until(lambda: bool(tail(running.log).strip()), seconds=10)
    child = int(tail(running.log))
    stop_all([running])
    assert process.wait_until(lambda: not process.alive(child), seconds=5)


def test_a_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    """Even kill -9 of the supervisor leaves nothing running."""
    parent = (
        "import pathlib, sys, time\n"
        "from ops.process import spawn\n"
        "here = pathlib.Path(sys.argv[1])\n"
        f"child = spawn({SLEEPER!r}, log=here / 'log', env={{}}, cwd=here)\n"
        "(here / 'pid').write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    root = Path(__file__).resolve().parent.parent
    supervisor = process.spawn(
        [sys.executable, "-c", parent, tmp_path], log=tmp_path / "out", env={"PYTHONPATH": str(root)}, cwd=root
    )
    pid_file = tmp_path / "pid"
    assert process.wait_until(lambda: pid_file.exists() and bool(pid_file.read_text()), seconds=10)
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    assert process.wait_until(lambda: not process.alive(int(pid_file.read_text())), seconds=5)


def test_a_failed_step_shows_the_end_of_its_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The reader sees what the command said, and what to do."""
    with pytest.raises(Trouble, match="fant ikke registeret") as caught:
        run("Prøver", [sys.executable, "-c", "raise SystemExit('fant ikke registeret')"], log=tmp_path / "log")
    assert str(tmp_path / "log") in caught.value.remedy
    assert "→ Prøver" in capsys.readouterr().out


def test_nobody_home_is_status_zero() -> None:
    """A health check never raises."""
    started = time.monotonic()
    assert status_of("127.0.0.1", free_port(), seconds=1) == 0
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["-k", "case"], True),
        (["tests"], True),
        (["tests/browser"], True),
        (["tests/test_ops.py"], False),
        (["tests/test_ops.py::test_nobody_home_is_status_zero", "-x"], False),
    ],
)
def test_the_browser_database_is_made_when_it_may_be_needed(arguments: list[str], expected: bool) -> None:
    """It costs seconds, so one file elsewhere goes without."""
    assert needs_processes(arguments) is expected


def test_another_database_in_the_same_cluster() -> None:
    """The socket stays, the name changes."""
    assert with_database("postgres://o@/portal?host=/a/b", "x") == "postgres://o@/x?host=/a/b"
    assert with_database("postgres://o:p@db:5432/portal", "x") == "postgres://o:p@db:5432/x"


def test_each_queue_gets_its_own_tasks_only() -> None:
    """Queues that share a routing key would each get every task."""
    routes = {(queue.exchange.name, queue.routing_key) for queue in app.conf.task_queues}
    assert {queue.name for queue in app.conf.task_queues} == set(QUEUES)
    assert len(routes) == len(QUEUES)


def test_a_task_may_not_outlive_the_queue_s_patience() -> None:
    """A task still running when Redis takes it back would run twice at once."""
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert not app.conf.task_always_eager
