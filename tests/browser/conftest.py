"""The portal as ``bin/demo`` runs it, and people who each have a browser window of their own."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.celery import app
from portal.demo.people import described
from tests.browser.looking import Watch
from tests.running import Place, place, portal, without_eager

# How much was looked at; told at the end of the run.
COUNTED: Counter[str] = Counter()
NAMES = {person.key: person.name for person in described()}
# The machine may be busy with more than us.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def demo() -> Iterator[Place]:
    """A database with the demo story in it."""
    assert without_eager(app.conf)
    with place("browser", queue=0) as here:
        yield here


@pytest.fixture(scope="session")
def address(demo: Place) -> Iterator[str]:
    """Where the portal answers."""
    with portal(demo) as where:
        yield where


Enter = Callable[..., Page]


@pytest.fixture
def windows(browser: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser windows that share nothing. Whatever went wrong in one of them fails the test at the end."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_window(who: str = "noen", *, width: int = 1280, script: bool = True) -> BrowserContext:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            locale="nb-NO",
            timezone_id="Europe/Oslo",
        )
        context.set_default_timeout(PATIENCE)
        opened.append((context, Watch(context, who)))
        return context

    yield open_window
    problems = [problem for _context, watch in opened for problem in watch.problems]
    assert all(watch.files for _context, watch in opened if _context.pages), "ingen statiske filer ble hentet"
    for context, _watch in opened:
        context.close()
    assert problems == []


@pytest.fixture
def person(windows: Callable[..., BrowserContext]) -> Enter:
    """``person("marte-eksempelmo")``: a page in a window of that person's own, logged in on the inbox."""

    def enter(key: str, *, width: int = 1280, script: bool = True) -> Page:
        page = windows(key, width=width, script=script).new_page()
        log_in(page, key)
        return page

    return enter


def log_in(page: Page, key: str) -> None:
    """Chooses a person on the demo's page."""
    page.goto("/demo/")
    page.get_by_role("button", name=NAMES[key]).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/innboks/"), page.url


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test process among several tells the first what it looked at."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["looked_at"] = dict(COUNTED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Adds up what the test processes looked at."""
    COUNTED.update(getattr(node, "workeroutput", {}).get("looked_at", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was looked at, in one line."""
    if COUNTED:
        told = ", ".join(f"{number} {what}" for what, number in COUNTED.items())
        terminalreporter.write_line(f"Nettlesertestene så på: {told}")
