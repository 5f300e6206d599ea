"""The database before anybody logs in: migrations, privileges, the directory, the editions, the static files."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ops import stamp
from ops.console import run
from ops.environment import django_command
from ops.layout import PYTHON, ROOT


def lay(owner_env: Mapping[str, str], logs: Path) -> None:
    """Migrate and load what every installation has. It may be run again at any time."""
    command: list[str | Path] = [PYTHON, "-m", "ops.release"]
    run(
        "Oppdaterer database, rettigheter, katalog og retningslinje",
        command,
        log=logs / "release.log",
        env=owner_env,
        cwd=ROOT,
    )


def tell_story(owner_env: Mapping[str, str], logs: Path, told: Path) -> None:
    """The demo's people and then their cases; ``told`` marks that it has been done. The people go first: the story is
    made of what they do. They may be made again, for those who are there already stay as they are."""
    django_step("Lager demopersonene", ["load_demo_people"], owner_env, logs)
    once(told, lambda: django_step("Lager demosakene (bare første gang)", ["load_demo"], owner_env, logs))


def collect_static(env: Mapping[str, str], logs: Path) -> None:
    """Static files with hashed names and compressed twins, as in production; only when something has changed."""
    mark = Path(env["PORTAL_STATIC_ROOT"]) / "portal.stamp" if "PORTAL_STATIC_ROOT" in env else None
    seen = stamp.fingerprint([ROOT / "requirements.lock", *signatures(ROOT / "static")])
    if mark is None or not stamp.is_fresh(mark, seen):
        django_step("Samler statiske filer", ["collectstatic", "--no-input"], env, logs)
        if mark is not None:
            stamp.write(mark, seen)


def signatures(folder: Path) -> list[str]:
    """Name, size and time of every file below a folder: enough to see that something has changed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]


def django_step(title: str, command: list[str], env: Mapping[str, str], logs: Path) -> None:
    """One management command as a step, its output in a log of its own."""
    run(title, django_command(*command), log=logs / f"{command[0]}.log", env=env, cwd=ROOT)


def once(mark: Path, work: Callable[[], None]) -> None:
    """Do something the first time only; a try that fails is tried again."""
    if not mark.exists():
        work()
        mark.touch()
