"""The commands of ``bin/``: reads the arguments, runs the command, turns trouble into a readable ending."""

import argparse
from collections.abc import Sequence

from ops import demo, django_run, prepare, testing
from ops.console import Trouble, complain, say
from ops.layout import PYTHON, ROOT, VENV, chosen_data_dir
from ops.stopping import StopNow, stop_on_signals

INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; the first argument is its name. Returns the exit code."""
    name, rest = arguments[0], list(arguments[1:])
    commands = {"demo": _demo, "setup": _setup, "manage": _manage, "test": _test, "bench": _bench, "lock": _lock}
    stop_on_signals()
    try:
        return commands[name](rest)
    except Trouble as trouble:
        complain(trouble)
        return 1
    except StopNow:
        return INTERRUPTED
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        complain(
            Trouble(f"{error.strerror or error}{where}", "se at mappen finnes, at det er plass, og hvem som eier den")
        )
        return 1


def _demo(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="Starter portalen med demodata på denne maskinen. Ctrl-C stopper alt."
    )
    parser.add_argument("--port", type=int, default=8000, help="porten nettleseren bruker (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="adressen det lyttes på (127.0.0.1)")
    parser.add_argument("--data", metavar="MAPPE", help="mappen dataene ligger i (.portal)")
    parser.add_argument("--reset", action="store_true", help="slett dataene i mappen og begynn på nytt")
    chosen = parser.parse_args(arguments)
    return demo.run_demo(chosen_data_dir(chosen.data), host=chosen.host, port=chosen.port, reset=chosen.reset)


def _setup(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/setup", description="Gjør klart alt portalen trenger for å kjøre.")
    parser.add_argument("--production", action="store_true", help="uten innebygde tjenere og testverktøy")
    prepare.prepare(production=parser.parse_args(arguments).production)
    say(f"Klart. Python-miljøet er {VENV}. Prøv: bin/demo")
    return 0


def _manage(arguments: list[str]) -> int:
    prepare.as_before()
    return django_run.manage(chosen_data_dir(None), arguments)


def _test(arguments: list[str]) -> int:
    prepare.prepare()
    return testing.run_tests(arguments)


def _bench(arguments: list[str]) -> int:
    if not (ROOT / "benchmarks").is_dir():
        raise Trouble("Mappen benchmarks/ finnes ikke.")
    prepare.prepare()
    return django_run.bench(arguments)


def _lock(arguments: list[str]) -> int:
    if not PYTHON.exists():
        prepare.make_environment()
    prepare.lock_files()
    return 0
