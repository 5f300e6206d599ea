"""``bin/setup``: the Python environment, the npm packages and the vendored files, each made once per lock file."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops import node, stamp, system
from ops.console import Trouble, run, say
from ops.layout import DEFAULT_DATA, PYTHON, ROOT, VENV

LOCK = ROOT / "requirements.lock"
PRODUCTION_LOCK = ROOT / "requirements-production.lock"
PYTHON_MARK = VENV / "portal.stamp"
LOGS = DEFAULT_DATA / "log"
NETWORK = "se om maskinen når pakkeregisteret, og kjør kommandoen en gang til"


def prepare(*, production: bool = False) -> None:
    """Make everything the portal needs to run. A second call with nothing new takes a fraction of a second.

    ``production`` leaves out the embedded servers and the test tools. Raises Trouble, which says what to do.
    """
    if not DEFAULT_DATA.exists():
        DEFAULT_DATA.mkdir(mode=0o700)
    python_packages(PRODUCTION_LOCK if production else LOCK)
    system.ensure_pango(LOGS / "setup-apt.log")
    frontend_packages(keep_packages=not production)


def as_before() -> None:
    """What :func:`prepare` does, for production if that is what this environment was last made for."""
    prepare(production=stamp.is_fresh(PYTHON_MARK, python_fingerprint(PRODUCTION_LOCK)))


def python_fingerprint(lock: Path) -> str:
    """What ``.venv`` depends on."""
    return stamp.fingerprint([lock, sys.version, str(ROOT)])


def python_packages(lock: Path) -> None:
    """``.venv`` with exactly what the lock file says, checked by hash."""
    wanted = python_fingerprint(lock)
    if stamp.is_fresh(PYTHON_MARK, wanted) and PYTHON.exists():
        return
    make_environment()
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-input", "-r", lock]
    run(
        "Installerer Python-pakker (kan ta et par minutter første gang)",
        command,
        log=LOGS / "setup-pip.log",
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        remedy=NETWORK,
    )
    stamp.write(PYTHON_MARK, wanted)


def make_environment() -> None:
    """``.venv`` of the Python that runs this; an environment of another version or without pip is made anew."""
    if PYTHON.exists() and _version(PYTHON) == list(sys.version_info[:3]) and _has_pip():
        return
    ensure_venv_module()
    run(
        f"Lager Python-miljø i .venv (Python {'.'.join(map(str, sys.version_info[:3]))})",
        [base_python(), "-m", "venv", "--clear", VENV],
        log=LOGS / "setup-venv.log",
        remedy=f"slett {VENV} og kjør bin/setup en gang til",
    )


def ensure_venv_module() -> None:
    """Debian keeps ``ensurepip`` in a package of its own."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        system.install([package], why=f"Pythons venv-modul ({package})", log=LOGS / "setup-apt.log")


def base_python() -> str:
    """The interpreter an environment should be made of, also when this one lives in an environment itself."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _version(python: Path) -> list[int]:
    code = "import sys; print(*sys.version_info[:3])"
    answer = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return [int(part) for part in answer.stdout.split()]


def _has_pip() -> bool:
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0


def frontend_packages(*, keep_packages: bool) -> None:
    """``node_modules/`` from the lock file and the files of it that the portal serves, in ``static/vendor/``.

    Only the tests need the packages afterwards (``keep_packages``).
    """
    inputs = [ROOT / "package.json", ROOT / "package-lock.json"]
    packages = stamp.fingerprint(inputs)
    vendored = stamp.fingerprint([*inputs, ROOT / "ops" / "vendor.mjs", ROOT / "static" / "portal" / "icons.txt"])
    packages_mark = ROOT / "node_modules" / "portal.stamp"
    vendored_mark = ROOT / "static" / "vendor" / "portal.stamp"
    installed = stamp.is_fresh(packages_mark, packages)
    if stamp.is_fresh(vendored_mark, vendored) and (installed or not keep_packages):
        return
    tools = node.tools(LOGS)
    if not installed:
        run(
            "Installerer npm-pakker",
            [*tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            log=LOGS / "setup-npm.log",
            env=tools.env,
            cwd=ROOT,
            remedy=NETWORK,
        )
        stamp.write(packages_mark, packages)
    run("Henter stilark, skrifter og ikoner", [tools.node, "ops/vendor.mjs"], log=LOGS / "setup-vendor.log", cwd=ROOT)
    stamp.write(vendored_mark, vendored)


def lock_files() -> None:
    """``bin/lock``: remake the lock files from ``pyproject.toml`` and ``package.json``. Needs network and ``uv``."""
    uv = shutil.which("uv", path=f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        raise Trouble("bin/lock bruker uv, som ikke er installert.", ".venv/bin/pip install uv")
    common = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    common += ["--no-emit-index-url", "--no-header", "-q", "pyproject.toml"]
    everything = ["--group", "embedded", "--group", "test", "-o", LOCK.name]
    run("Låser alle Python-pakker", [*common, *everything], log=LOGS / "lock.log", cwd=ROOT)
    # uv keeps the versions it finds in the file it writes: drift must run what the tests ran.
    shutil.copyfile(LOCK, PRODUCTION_LOCK)
    narrowed = [*common, "-o", PRODUCTION_LOCK.name]
    run("Låser Python-pakker for drift", narrowed, log=LOGS / "lock.log", cwd=ROOT)
    only_node = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    only_node += ["--no-emit-index-url", "--no-header", "-q", "--group", "node", "-o", "ops/node.lock"]
    run("Låser Node for maskiner uten", only_node, log=LOGS / "lock.log", cwd=ROOT)
    tools = node.tools(LOGS)
    npm = [*tools.npm, "install", "--package-lock-only", "--ignore-scripts"]
    run("Låser npm-pakker", npm, log=LOGS / "lock.log", env=tools.env, cwd=ROOT)
    if '"resolved"' in (ROOT / "package-lock.json").read_text(encoding="utf-8"):
        raise Trouble("package-lock.json fikk adresser til et register.", "se at .npmrc følger med")
    say("Låsefilene er laget på nytt.")
