"""The machine's own packages: what must be there, installed where it may be, else what to type."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ops.console import Trouble, run

PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def is_root() -> bool:
    """Whether this process may do everything."""
    return os.geteuid() == 0


def apt_prefix() -> list[str] | None:
    """How to run apt-get without asking anybody: as root, through a sudo that needs no password, or not at all."""
    if shutil.which("apt-get") is None:
        return None
    if is_root():
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def install(packages: Sequence[str], *, why: str, log: Path) -> None:
    """Install packages with apt-get, or raise :class:`Trouble` with the line to type."""
    by_hand = f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
    prefix = apt_prefix()
    if prefix is None:
        raise Trouble(f"{why} mangler på maskinen, og denne brukeren kan ikke installere.", by_hand)
    command = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    try:
        run(f"Installerer {' '.join(packages)}", command, log=log)
    except Trouble:
        run("Henter pakkelister", [*prefix, "apt-get", "update"], log=log, remedy=by_hand)
        run(f"Installerer {' '.join(packages)}", command, log=log, remedy=by_hand)


def loadable(libraries: Sequence[str]) -> bool:
    """Whether the dynamic loader finds every one of these libraries now."""
    try:
        for name in libraries:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def ensure_pango(log: Path) -> None:
    """WeasyPrint sets text with Pango, which no wheel carries."""
    if not loadable(PANGO):
        install(PANGO_PACKAGES, why="Pango (skriver PDF)", log=log)
        if not loadable(PANGO):
            raise Trouble("Pango er installert, men kan ikke lastes.", "kjør: sudo ldconfig, og prøv igjen")


def find_browser() -> str | None:
    """A Chromium for the browser tests: ``PORTAL_CHROMIUM`` decides alone, else the usual names."""
    chosen = os.environ.get("PORTAL_CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def ensure_browser(log: Path) -> str:
    """The path of a real Chromium; installed where it may be, otherwise an error that says what to type."""
    if os.environ.get("PORTAL_CHROMIUM") and not find_browser():
        raise Trouble(
            f"PORTAL_CHROMIUM peker på {os.environ['PORTAL_CHROMIUM']}, som ikke kan kjøres.",
            "rett variabelen, eller ta den bort og installer chromium",
        )
    if not find_browser():
        install(["chromium"], why="Chromium (nettlesertestene)", log=log)
    path = find_browser()
    # Ubuntu's package of that name only says to fetch it from elsewhere.
    if path is None or not _answers(path):
        raise Trouble(
            "Fant ingen Chromium. Nettlesertestene hoppes aldri over.",
            "Debian: sudo apt-get install -y chromium. Ubuntu: sudo snap install chromium. "
            "Ellers: PORTAL_CHROMIUM=/sti/til/chromium bin/test",
        )
    return path


def _answers(browser: str) -> bool:
    """Whether it can be started at all."""
    try:
        return subprocess.run([browser, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
