"""The portal's processes, the same in the demo, in the browser tests and in the containers."""

from collections.abc import Mapping

from ops.layout import PYTHON, ROOT, DataDir
from ops.supervise import Program

BIN = PYTHON.parent


def web(env: Mapping[str, str], data_dir: DataDir, *, host: str, port: int) -> Program:
    """The web server."""
    command = [
        str(BIN / "gunicorn"),
        "-c",
        "ops/gunicorn_conf.py",
        "--bind",
        f"{host}:{port}",
        "portal.wsgi:application",
    ]
    return Program("web", command, env, ROOT, data_dir.logs / "web.log")


def worker(env: Mapping[str, str], data_dir: DataDir, *, name: str, queues: str, concurrency: int = 1) -> Program:
    """A Celery worker for some of the queues."""
    command = [str(BIN / "celery"), "-A", "portal", "worker", "-n", f"{name}@%h", "-Q", queues]
    command += ["--concurrency", str(concurrency), "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    return Program(name, command, env, ROOT, data_dir.logs / f"{name}.log", grace=30)


def beat(env: Mapping[str, str], data_dir: DataDir) -> Program:
    """The clock: exactly one in an installation."""
    command = [str(BIN / "celery"), "-A", "portal", "beat", "--loglevel", "WARNING", "--pidfile="]
    command += ["--schedule", str(data_dir.root / "beat-schedule")]
    return Program("beat", command, env, ROOT, data_dir.logs / "beat.log")


def everything(env: Mapping[str, str], data_dir: DataDir, *, host: str, port: int) -> list[Program]:
    """Web, a worker for tasks and documents, one for delivery (so that no notice waits behind a PDF), and the clock."""
    return [
        web(env, data_dir, host=host, port=port),
        worker(env, data_dir, name="worker", queues="default,documents"),
        worker(env, data_dir, name="delivery", queues="delivery"),
        beat(env, data_dir),
    ]
