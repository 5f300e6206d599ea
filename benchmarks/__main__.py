"""``bin/bench``: fills a database of its own, measures, prints a table and writes JSON."""

import argparse
import os
import sys
from pathlib import Path

import django
import psycopg

from ops import foundation, programs
from ops.cli import INTERRUPTED
from ops.console import Trouble, complain, say
from ops.demo import wait_for_web
from ops.layout import DataDir
from ops.redis_server import free_port
from ops.stopping import StopNow, stop_on_signals
from ops.supervise import stop_all
from ops.testing import with_database

DATABASE = "portal_bench"
HOST = "127.0.0.1"


def main() -> int:
    """Runs the whole; the environment is ``bin/bench``'s: the owner's role, servers of its own."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Måler portalen som forhold innenfor samme kjøring.")
    parser.add_argument(
        "--cases", type=int, nargs="+", default=[10_000, 100_000], help="hvor mange saker det måles ved"
    )
    parser.add_argument("--times", type=int, default=120, help="målinger av hver side (120)")
    parser.add_argument("--quick", action="store_true", help="bare 2000 saker og 30 målinger: for å se at alt virker")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.cases, chosen.times = [2000], 30
    stop_on_signals()
    try:
        bench(sorted(chosen.cases), chosen.times, 3 if chosen.quick else 9)
    except Trouble as trouble:
        complain(trouble)
        return 1
    except StopNow:
        return INTERRUPTED
    return 0


def bench(sizes: list[int], times: int, runs: int) -> None:
    """Fills up to each size in turn and measures there; the PDF and the plans once, at the end."""
    data_dir = DataDir(Path(os.environ["PORTAL_MEDIA_ROOT"]).parent)
    owner_env = make_database(data_dir)
    # Django is set up only now: its database exists from here on.
    os.environ["DATABASE_OWNER_URL"] = owner_env["DATABASE_OWNER_URL"]
    django.setup()
    from benchmarks import fill, pages, paper, plans, report

    port = free_port()
    web_env = {
        **owner_env,
        "PORTAL_DB_AS": "web",
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], DATABASE),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "PORTAL_LOG_LEVEL": "ERROR",
    }
    measured = []
    for size in sizes:
        say(f"\n→ Fyller til {size} saker …")
        with psycopg.connect(owner_env["DATABASE_OWNER_URL"], autocommit=True) as link:
            filled = fill.fill(link, size, say)
        web = programs.web(web_env, data_dir, host=HOST, port=port)
        try:
            web.start()
            wait_for_web(web, HOST, port)
            measured.append((filled, pages.measure(port, pages.pages_to_ask(), times)))
        finally:
            stop_all([web])
        report.show_pages(*measured[-1])
    rendered = paper.compare(runs)
    report.show_paper(rendered)
    say(f"\nAlt som JSON: {report.write(measured, rendered, plans.plans())}")


def make_database(data_dir: DataDir) -> dict[str, str]:
    """A database of our own with the demo story in it, made anew; returns the owner's environment."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        link.execute(f"CREATE DATABASE {DATABASE}")
    url = with_database(os.environ["DATABASE_OWNER_URL"], DATABASE)
    env = {**os.environ, "PORTAL_MODE": "demo", "PORTAL_DB_AS": "owner", "DATABASE_OWNER_URL": url}
    foundation.lay(env, data_dir.logs)
    foundation.collect_static(env, data_dir.logs)
    foundation.django_step("Lager demopersonene", ["load_demo_people"], env, data_dir.logs)
    foundation.django_step("Lager demosakene", ["load_demo"], env, data_dir.logs)
    return env


if __name__ == "__main__":
    sys.exit(main())
