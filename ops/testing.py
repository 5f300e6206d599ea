"""``bin/test``: lint, types and every test, against servers of its own. Stops at the first step that fails."""

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops import foundation, system
from ops.console import Trouble, run, say
from ops.environment import django_command, key_ring, portal_environment
from ops.layout import DEFAULT_DATA, PYTHON, ROOT, DataDir
from ops.stopping import call
from ops.throwaway import throwaway_services

BIN = PYTHON.parent
TEMPLATE = "portal_template"
# Tests that run the portal's own processes, on clones of the template.
PROCESS_TESTS = (ROOT / "tests" / "browser", ROOT / "tests" / "jobs")
# Whole portals at once: memory for four; the databases of Redis, two for each, would do for eight.
PORTALS = 4


def run_tests(arguments: Sequence[str]) -> int:
    """With no arguments the whole check; with arguments only pytest, with these. Returns the exit code."""
    logs = DEFAULT_DATA / "log" / "test"
    browser = system.ensure_browser(logs / "apt.log")
    with throwaway_services() as (data_dir, addresses):
        env = portal_environment(data_dir, addresses, mode="test", role="owner")
        env |= {"PORTAL_CHROMIUM": browser, "PORTAL_TEST_TEMPLATE": TEMPLATE, "PORTAL_TEST_DATA": str(data_dir.root)}
        if not arguments:
            static_checks(env, logs)
            django_checks(env, logs)
        if needs_processes(arguments):
            make_template(env, data_dir)
        return run_pytest(arguments, env)


def run_pytest(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """The tests asked for; all of them in two rounds: on every core, and then those that run the portal's processes,
    of which each test process starts its own.

    Both rounds are run, whatever the first one finds. Returns the first exit code that is not 0.
    """
    if arguments:
        say("→ pytest")
        return call([str(BIN / "pytest"), *arguments], env=env, cwd=ROOT)
    alone = [str(path.relative_to(ROOT)) for path in PROCESS_TESTS]
    # A module's tests share its world, so they stay together.
    cores = os.cpu_count() or 1
    rounds = (
        ("pytest", cores, [f"--ignore={path}" for path in alone]),
        ("pytest med portalens egne prosesser", min(cores, PORTALS), alone),
    )
    codes = []
    for title, at_once, chosen in rounds:
        say(f"→ {title}")
        split = ["-n", str(at_once), "--dist", "loadfile"]
        codes.append(call([str(BIN / "pytest"), "-q", *split, *chosen], env=env, cwd=ROOT))
    return next((code for code in codes if code), 0)


def static_checks(env: Mapping[str, str], logs: Path) -> None:
    """What can be said without running the portal. Raises Trouble naming the step that failed."""
    for title, *command in (
        ("ruff", "ruff", "check", "--output-format", "concise", "."),
        ("ruff format", "ruff", "format", "--check", "."),
        ("import-linter", "lint-imports"),
        ("mypy", "mypy"),
        ("djlint", "djlint", "templates", "--lint", "--quiet"),
    ):
        command[0] = str(BIN / command[0])
        run(title, command, log=logs / f"{title.replace(' ', '-')}.log", env=env, cwd=ROOT)


def django_checks(env: Mapping[str, str], logs: Path) -> None:
    """Django's own checks: in this mode, with production settings, and that no migration is missing."""
    for title, command, extra in (
        ("makemigrations --check", ["makemigrations", "--check", "--dry-run"], {}),
        ("check", ["check", "--fail-level", "WARNING"], {}),
        ("check --deploy", ["check", "--deploy", "--fail-level", "WARNING"], production_like()),
    ):
        log = logs / f"{title.replace(' ', '')}.log"
        run(title, django_command(*command), log=log, env={**env, **extra}, cwd=ROOT)


def production_like() -> dict[str, str]:
    """What a production environment sets, with keys made for the occasion."""
    return {
        "PORTAL_MODE": "production",
        "PORTAL_DB_AS": "web",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "PORTAL_FNR_KEYS": key_ring("k1"),
        "PORTAL_FNR_HASH_KEYS": key_ring("h1"),
        "ALLOWED_HOSTS": "portal.invalid",
        "PORTAL_SMTP_HOST": "post.portal.invalid",
        "PORTAL_BASE_URL": "https://portal.invalid",
    }


def needs_processes(arguments: Sequence[str]) -> bool:
    """Whether pytest may reach tests that run the portal's processes: yes unless every path given lies elsewhere."""
    paths = [ROOT / argument.split("::")[0] for argument in arguments if not argument.startswith("-")]
    existing = [path for path in paths if path.exists()]
    return not existing or any(
        path == tests or path in tests.parents or tests in path.parents for path in existing for tests in PROCESS_TESTS
    )


def make_template(env: Mapping[str, str], data_dir: DataDir) -> None:
    """A database with everything a demo has, for browser and job tests to clone, and the static files of production."""
    create_database(env)
    owner_env = {
        **env,
        "PORTAL_MODE": "demo",
        "DATABASE_OWNER_URL": with_database(env["DATABASE_OWNER_URL"], TEMPLATE),
    }
    foundation.lay(owner_env, data_dir.logs)
    foundation.collect_static(owner_env, data_dir.logs)
    foundation.tell_story(owner_env, data_dir.logs, data_dir.root / "demo-loaded")


def create_database(env: Mapping[str, str]) -> None:
    """Make the template database anew, as its owner."""
    code = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['DATABASE_OWNER_URL'], autocommit=True) as link:\n"
        f"    link.execute('DROP DATABASE IF EXISTS {TEMPLATE}')\n"
        f"    link.execute('CREATE DATABASE {TEMPLATE}')\n"
    )
    if call([str(PYTHON), "-c", code], env=env, cwd=ROOT):
        raise Trouble(f"Kunne ikke lage databasen {TEMPLATE}.", "se at DATABASE_OWNER_URL er en rolle med CREATEDB")


def with_database(url: str, name: str) -> str:
    """The same connection string with another database's name."""
    address, question, options = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{question}{options}"
