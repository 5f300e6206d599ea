"""Every page, looked at: axe, width, console, and what a form says when it is sent empty."""

from collections import Counter, defaultdict
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import COUNTED, Enter, log_in
from tests.browser.looking import axe, by_keyboard, overflow
from tests.browser.walking import FILES, LED, WALKERS, Found, every_view, walk
from tests.running import Place

pytestmark = pytest.mark.browser

WIDE, NARROW = 1280, 360
UNPROCESSABLE = 422
# Views that have no page of their own: they take a POST, save in the background, or answer with a fragment.
NO_PAGE = FILES | {
    "cases:acquaintance_end", "cases:emergency_end", "cases:holder_withdraw", "cases:not_duplicate",
    "cases:notification", "cases:step",
    "cases:task_reassign", "portal:kept_discard", "portal:membership_approve", "portal:membership_reviewed",
    "portal:membership_send", "referrals:assess_call", "referrals:assess_emergency", "referrals:assess_gp",
    "referrals:assess_overall", "referrals:ask", "referrals:consult_attach", "referrals:consult_place",
    "referrals:contribution_detach", "referrals:contribution_reopen", "referrals:contribution_section",
    "referrals:detach", "referrals:emergency_call", "referrals:hand_over",
    "referrals:nudge", "referrals:reopen_gp", "referrals:texts",
}  # fmt: skip
OPEN_EVERYTHING = "document.querySelectorAll('main details').forEach(part => { part.open = true })"
# The forms of the page that have fields to fill in.
FORMS = """[...document.querySelectorAll('main form[method=post]')].filter(form =>
  form.querySelector('.ds-field input:not([type=hidden]), .ds-field textarea, .ds-field select'))"""
HOW_MANY_FORMS = f"{FORMS}.length"
# Empties one and sends it without script, as its first button would.
SEND_EMPTY = f"""number => {{
  const form = {FORMS}[number];
  for (const field of form.elements) {{
    if (['radio', 'checkbox'].includes(field.type)) field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = -1;
    else if (!['hidden', 'submit', 'button', 'file'].includes(field.type)) field.value = '';
  }}
  HTMLFormElement.prototype.submit.call(form);
}}"""


@pytest.fixture(scope="module")
def found(browser: object, address: str, demo: Place) -> dict[str, Found]:
    """One page of each kind: the view's name → where it was found first."""
    pages: dict[str, Found] = {}
    looked: Counter[str] = Counter()
    led = defaultdict(list)
    for path, who in demo.rows(LED):
        led[who].append(path)
    for who in WALKERS:
        context = browser.new_context(base_url=address)
        log_in(context.new_page(), who)
        for page in walk(who, context.request, looked, led[who]):
            pages.setdefault(page.view, page)
        context.close()
    return pages


@pytest.fixture
def as_someone(windows: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """One page per person, kept open through the test."""
    pages: dict[str, Page] = {}

    def page_of(who: str) -> Page:
        if who not in pages:
            pages[who] = windows(who).new_page()
            log_in(pages[who], who)
        return pages[who]

    return page_of


def look(page: Page, where: str, widths: tuple[int, ...] = (WIDE, NARROW)) -> list[str]:
    """What is wrong with the page as it stands, wide and narrow."""
    wrong = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{where} {width} px: {line}" for line in axe(page)]
        COUNTED["axe"] += 1
        too_wide = overflow(page)
        if too_wide:
            wrong.append(f"{where} {width} px: siden er {too_wide} px for bred")
    return wrong


def test_every_kind_of_page_is_found(found: dict[str, Found]) -> None:
    assert every_view() - NO_PAGE - set(found) == set()


def test_every_page_is_accessible_and_fits(found: dict[str, Found], as_someone: Callable[[str], Page]) -> None:
    wrong = []
    for one in found.values():
        page = as_someone(one.who)
        page.goto(one.path)
        page.evaluate(OPEN_EVERYTHING)
        wrong += look(page, f"{one.view} ({one.path}, {one.who})")
        if page.locator("h1").count() != 1:
            wrong.append(f"{one.view}: {page.locator('h1').count()} h1")
    COUNTED["sider"] = len(found)
    assert not wrong, "\n".join(wrong)


def test_every_page_can_be_used_by_keyboard(found: dict[str, Found], as_someone: Callable[[str], Page]) -> None:
    wrong = []
    for one in found.values():
        page = as_someone(one.who)
        page.goto(one.path)
        page.evaluate(OPEN_EVERYTHING)
        wrong += [f"{one.view} ({one.path}, {one.who}): {line}" for line in by_keyboard(page)]
        COUNTED["tastatur"] += 1
    assert not wrong, "\n".join(wrong)


def test_a_form_sent_empty_says_what_to_mend(found: dict[str, Found], as_someone: Callable[[str], Page]) -> None:
    wrong = []
    for one in found.values():
        page = as_someone(one.who)
        page.goto(one.path)
        # Sent one after another: a form that may be empty can close those after it.
        number = 0
        while number < page.evaluate(HOW_MANY_FORMS):
            where = f"{one.view} tomt skjema {number + 1} ({one.path}, {one.who})"
            with page.expect_navigation() as sent:
                page.evaluate(SEND_EMPTY, number)
            if sent.value is not None and sent.value.status == UNPROCESSABLE:
                COUNTED["skjemaer"] += 1
                wrong += look(page, where, (NARROW,) if number else (WIDE, NARROW))
                if not page.locator("[data-error-summary], .ds-validation-message").count():
                    wrong.append(f"{where}: sier ikke hva som mangler")
            page.goto(one.path)
            number += 1
    assert not wrong, "\n".join(wrong)


def test_entrance_and_error_pages(windows: Callable[..., BrowserContext], person: Enter) -> None:
    page = windows("noen").new_page()
    wrong = []
    for path in ("/demo/", "/konto/login/", "/konto/password/reset/", "/om/", "/personvern/", "/tilgjengelighet/"):
        assert page.goto(path).status == 200, path
        wrong += look(page, path)
    lost = person("jonas-tenkli")
    lost.goto("/finnes-ikke/")
    wrong += look(lost, "404")
    assert not wrong, "\n".join(wrong)


def test_menus_open_on_a_phone(person: Enter) -> None:
    page = person("marte-eksempelmo", width=NARROW)
    page.locator("details.mainnav > summary").click()
    expect(page.get_by_role("navigation", name="Hovedmeny")).to_be_visible()
    assert axe(page) == []
    page.locator("summary.user").click()
    expect(page.get_by_role("button", name="Logg ut")).to_be_visible()
    assert axe(page) == []
    assert overflow(page) == 0
