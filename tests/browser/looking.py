"""What a page may not do: refuse by CSP, complain in the console, miss a file, fail; and what axe and a ruler say."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from ops.layout import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
TELL_REFUSALS = """document.addEventListener('securitypolicyviolation', event =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""
# The browser's own words for an answer of 400 and above, and htmx's; the answers themselves are looked at below.
ANSWERS = ("Failed to load resource", "Response Status Error Code")
FAILED = 500
BAD = 400
# Where the focus is, and whether one sees it: an outline round the control, round its whole field (a box and its
# words), or round the row whose link it is; the skip link comes into view itself. ``again``: it has been here before.
FOCUSED = """() => { const e = document.activeElement, box = e.getBoundingClientRect();
  const drawn = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const parts = ['::before', '::after'].map(part => getComputedStyle(e, part));
  const round = ['li', '.ds-field'].map(name => getComputedStyle(e.closest(name) || e));
  const comes = e.matches('.ds-skip-link') && box.top >= 0 && box.height > 10;
  const again = e === document.body || e.metByTab === true;
  e.metByTab = true;
  return {text: e.innerText || e.value || '', href: e.getAttribute('href') || '', name: e.getAttribute('name') || '',
          tag: e.cloneNode(false).outerHTML, again,
          seen: e.matches(':focus-visible') && (comes || [getComputedStyle(e), ...parts, ...round].some(drawn))} }"""
# What one can use in the page but never came to; of radio buttons with one name, one is enough.
NEVER_MET = """() => {
  const all = [...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary)')];
  const shown = e => e.getClientRects().length && e.checkVisibility({visibilityProperty: true});
  const met = e => e.metByTab || (e.type === 'radio' && all.some(one => one.name === e.name && one.metByTab));
  return all.filter(e => !e.disabled && e.tabIndex >= 0 && shown(e) && !met(e)).map(e => e.cloneNode(false).outerHTML)
}"""
# More than any page has controls.
STEPS = 400


class Watch:
    """Everything that went wrong in a context's pages. What a test has expected it takes out of ``problems`` itself."""

    def __init__(self, context: BrowserContext, who: str) -> None:
        self.who = who
        self.problems: list[str] = []
        self.files = 0
        context.add_init_script(TELL_REFUSALS)
        context.on("console", self._said)
        context.on(
            "weberror", lambda error: self._note("skriptfeil", f"{error.page.url if error.page else ''} {error.error}")
        )
        context.on("response", self._answered)

    def _note(self, kind: str, text: str) -> None:
        self.problems.append(f"{self.who}: {kind}: {text}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(words in message.text for words in ANSWERS):
            self._note("konsoll", f"{message.page.url if message.page else ''} {message.text}")

    def _answered(self, response: Response) -> None:
        static = "/static/" in response.url
        self.files += static
        if response.status >= FAILED or (static and response.status >= BAD):
            self._note("svar", f"{response.status} {response.request.method} {response.url}")


def axe(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe finds, one line each: the rule, the element and why."""
    page.evaluate(_axe_source())
    result: dict[str, Any] = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        f"{found['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def by_keyboard(page: Page) -> list[str]:
    """What is wrong for one who has no mouse: focus that does not show, controls one never comes to, no way out."""
    wrong = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        if now["again"]:
            return wrong + [f"nås ikke med tastatur: {tag[:160]}" for tag in page.evaluate(NEVER_MET)]
        if not now["seen"]:
            wrong.append(f"fokus vises ikke: {now['tag'][:160]}")
    return [*wrong, f"Tab kom ikke rundt på {STEPS} trykk"]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _axe_source(path: Path = AXE) -> str:
    assert path.exists(), "axe-core mangler: kjør bin/setup"
    return path.read_text(encoding="utf-8")
