"""A page shown to a real browser without a server: static files from the finders, the page from the test."""

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

HOST = "http://portal.test"
# The policy of portal.settings: what it refuses must not be needed.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; img-src 'self' data:; base-uri 'self'; object-src 'none'"
)
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a browser window on HTML text. Missing static files, console errors and refusals fail the test."""
    contexts, problems = [], []

    def answer(route: Route, pages: dict[str, str]) -> None:
        path = route.request.url.removeprefix(HOST).split("?")[0]
        if not path.startswith("/static/"):
            # A word in front of a body is its status: "422 <form …>".
            status, _, body = pages.get(path, pages["/"]).partition(" ")
            if not status.isdigit():
                status, body = "200", pages.get(path, pages["/"])
            headers = {"Content-Security-Policy": CSP, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(status=int(status), body=body, headers=headers)
            return
        found = finders.find(path.removeprefix("/static/"))
        if not found:
            problems.append(f"404 {path}")
            route.fulfill(status=404)
            return
        route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0])

    def complain(kind: str, text: str) -> None:
        # A 422 or 500 that a test answers with is reported as an error too.
        if kind == "error" and "status of" not in text and "Response Status Error Code" not in text:
            problems.append(text)

    def open_page(html: str, *, width: int = 1280, dark: bool = False, script: bool = True, **paths: str) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="nb-NO",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complain(message.type, message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.route(
            "**/*", lambda route: answer(route, {"/": html, **{f"/{key}/": text for key, text in paths.items()}})
        )
        page.goto(f"{HOST}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def axe(page: Page) -> list[str]:
    """What axe finds, one line each: rule and the elements."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{found['id']}: {[node['target'] for node in found['nodes']]}" for found in result["violations"]]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
