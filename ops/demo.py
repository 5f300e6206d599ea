"""``bin/demo``: everything from a fresh clone to a portal in the browser, under one supervisor."""

import os
import shutil
import socket
import subprocess
import time

from ops import foundation, programs
from ops.answers import status_of
from ops.console import Trouble, say, tail
from ops.environment import django_command, external_services, portal_environment
from ops.layout import ROOT, DataDir
from ops.prepare import prepare
from ops.services import Services, Tenancy
from ops.stopping import StopNow
from ops.supervise import Program, stop_all, supervise

ANSWER_SECONDS = 90
TOLD = "demo-loaded"


def run_demo(data_dir: DataDir, *, host: str, port: int, reset: bool) -> int:
    """Prepare, start, print the address, and run until told to stop. Raises Trouble; leaves nothing running."""
    started = time.monotonic()
    given = external_services(os.environ)
    tenancy = Tenancy(data_dir)
    tenancy.claim("bin/demo")
    services: Services | None = None
    running: list[Program] = []
    try:
        check_port(host, port)
        prepare()
        if reset:
            clear(data_dir, given is None)
        if given is None:
            services = Services(data_dir)
            say("→ Starter PostgreSQL og Redis …")
            services.start()
            given = services.addresses()
        base_url = f"http://{host}:{port}"
        env = {**portal_environment(data_dir, given, mode="demo"), "PORTAL_BASE_URL": base_url}
        owner_env = {**env, "PORTAL_DB_AS": "owner"}
        tenancy.announce("bin/demo", given, base_url)
        foundation.lay(owner_env, data_dir.logs)
        foundation.collect_static(env, data_dir.logs)
        foundation.tell_story(owner_env, data_dir.logs, data_dir.root / TOLD)
        for program in programs.everything(env, data_dir, host=host, port=port):
            running.append(program)
            program.start()
        wait_for_web(running[0], host, port)
        greet(base_url, owner_env, data_dir, time.monotonic() - started)
        supervise(running)
    except StopNow:
        say("\nStopper …")
    finally:
        stop_all(running)
        tenancy.leave(patiently=False)
        if services:
            services.stop()
        tenancy.owner.release()
    say("Alt er stoppet.")
    return 0


def check_port(host: str, port: int) -> None:
    """Say at once that the port is taken, rather than after a minute's preparation."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Trouble(
                f"Kan ikke lytte på {host}:{port} ({error.strerror}).", f"velg en annen: bin/demo --port {port + 1}"
            ) from error


def clear(data_dir: DataDir, embedded: bool) -> None:
    """Delete the data of a folder. Servers of others are never emptied."""
    if not embedded:
        raise Trouble(
            "--reset sletter bare innebygde data, og DATABASE_URL peker på en egen tjener.",
            "tøm databasen selv, eller kjør uten DATABASE_URL, DATABASE_OWNER_URL og REDIS_URL",
        )
    say(f"→ Sletter dataene i {data_dir.root} …")
    services = Services(data_dir)
    services.postgres.end_orphan()
    services.postgres.home.remove()
    for name in ("redis", "media", "static"):
        shutil.rmtree(data_dir.root / name, ignore_errors=True)
    for path in (data_dir.root / TOLD, data_dir.secrets, *data_dir.root.glob("beat-schedule*")):
        path.unlink(missing_ok=True)
    data_dir.ensure()


def wait_for_web(web: Program, host: str, port: int) -> None:
    """Wait until the web server gives any answer that is not an error of its own. Raises Trouble with its log."""
    deadline = time.monotonic() + ANSWER_SECONDS
    status = 0
    while time.monotonic() < deadline and web.fallen() is None:
        status = status_of(host, port)
        if 200 <= status < 500:
            return
        time.sleep(0.2)
    raise Trouble(
        f"Nettstedet svarte ikke som det skulle (status {status or 'ingen'}):\n{tail(web.log)}", f"les {web.log}"
    )


def greet(base_url: str, owner_env: dict[str, str], data_dir: DataDir, seconds: float) -> None:
    """The address and the people one can be."""
    people = subprocess.run(django_command("demo_people"), env=owner_env, cwd=ROOT, capture_output=True, text=True)
    say(f"\nSamhandlingsportalen er klar etter {seconds:.0f} s:  {base_url}\n")
    if people.returncode == 0:
        say(people.stdout.rstrip() + "\n")
    say(f"Logger: {data_dir.logs}. Ctrl-C stopper alt.")
