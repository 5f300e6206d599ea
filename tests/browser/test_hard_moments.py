"""What must not go wrong: two who write at once, a session that ends in the middle, an emergency, a double press."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import Enter, log_in
from tests.browser.hands import inbox, press, sees
from tests.browser.looking import FOCUSED, STEPS, axe
from tests.browser.steps import Story
from tests.browser.stories import asked_story
from tests.running import Place

pytestmark = pytest.mark.browser

MINE = "Emil skriver at familien har hatt råd og veiledning siden i vår."
THEIRS = "Petter skriver at samarbeidet med foreldrene er godt."
LOST = "Ragnhild var midt i en setning da hun ble ropt ut av rommet"
# A session that has been left alone for an hour.
LEFT_ALONE = """
import sys
from portal.sessions import SessionStore
session = SessionStore(sys.argv[1])
session["last_seen"] -= 3600
session.save()
"""


@pytest.fixture(scope="module")
def story(browser: Browser, address: str) -> Story:
    """One referral that all tests here go on from, each with a service of its own."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    log_in(page, "marte-eksempelmo")
    made = asked_story("Brage Vandringsmo", page)
    context.close()
    return made


def writing(page: Page, story: Story) -> Page:
    """The writer's page, opened from the inbox."""
    inbox(page, "bidrag", story.reference)
    expect(page.locator("#contribution-form")).to_be_visible()
    return page


def test_two_who_write_at_once_both_keep_their_text(person: Enter, story: Story) -> None:
    """Given two people with the same section open; when both write; then the second sees both texts and none is
    lost."""
    emil, petter = writing(person("emil-omrissen"), story), writing(person("petter-tankestrek"), story)
    emil.locator("#contribution-form textarea").first.press_sequentially(MINE)
    expect(emil.locator("[data-save-state]").first).to_contain_text("Lagret kl.")
    petter.locator("#contribution-form textarea").first.press_sequentially(THEIRS)
    expect(petter.locator("[id^=note-]").filter(has_text="lagret").first).to_be_visible()
    press(petter, "Lagre utkast")
    sees(petter, MINE, THEIRS)
    assert axe(petter) == []
    press(petter, "Lagre utkast")
    sees(petter, "Utkastet er lagret")
    emil.reload()
    kept = emil.locator("#contribution-form textarea").first.input_value()
    assert MINE in kept
    assert THEIRS in kept


def test_a_session_that_ends_while_writing_keeps_the_text(person: Enter, story: Story, demo: Place) -> None:
    """Given a draft being written; when the session has ended; then the text waits on the page after the next login."""
    page = writing(person("ragnhild-diktas"), story)
    where = page.url
    cookie = next(c for c in page.context.cookies() if c["name"] == "sessionid")
    demo.run(LEFT_ALONE, cookie["value"], as_owner=True)
    page.locator("#contribution-form textarea").first.press_sequentially(LOST)
    page.wait_for_url("**/konto/**")
    log_in(page, "ragnhild-diktas")
    page.goto(where)
    sees(page, "Du har tekst som ikke ble lagret", LOST)
    assert axe(page) == []


def test_an_emergency_stops_the_form_and_shows_the_phone(person: Enter, story: Story) -> None:
    """Given a GP's page; when it is an emergency; then there is a phone number and no form, and the case shows the
    call."""
    coordinator, gp = person("marte-eksempelmo"), person("henrik-eventyrvik", width=360)
    steps.hand_over(coordinator, story, "Henrik Eventyrvik")
    inbox(gp, "Vurder", story.reference)
    press(gp, "Ja, det kan ikke vente")
    phone = gp.locator("a.emergency__phone")
    expect(phone).to_be_visible()
    assert (phone.get_attribute("href") or "").startswith("tel:")
    expect(gp.locator("#gp-form")).to_have_count(0)
    assert axe(gp) == []
    gp.locator('[name="called"]').select_option(index=1)
    gp.locator('[name="spoke_with"]').fill("vakthavende lege")
    press(gp, "Registrer samtalen")
    sees(gp, "Øyeblikkelig hjelp er varslet", "vakthavende lege")
    coordinator.goto(f"/saker/{story.case}/")
    sees(coordinator, "Vurdert som øyeblikkelig hjelp", "vakthavende lege")


def test_a_double_press_makes_one(person: Enter, windows: Callable[..., object]) -> None:
    """Given a concern written down; when the button is pressed twice; then there is one case."""
    page = person("jonas-tenkli")
    page.goto("/saker/ny/")
    for name, text in {
        "name": "Dobbel Trykkmo", "birth_date": "01.02.2016", "seen_and_heard": "Stille.", "how_long": "uker",
        "shared_with": "ingen",
    }.items():  # fmt: skip
        page.locator(f'[name="{name}"]').fill(text)
    page.get_by_role("button", name="Opprett saken").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dobbel Trykkmo")
    page.goto("/saker/?vis=alle")
    page.locator("#q").fill("Dobbel Trykkmo")
    page.keyboard.press("Enter")
    page.wait_for_url("**sok=1**")
    expect(page.locator("main").get_by_role("link", name="Dobbel Trykkmo")).to_have_count(1)


def test_one_can_go_from_login_to_a_submitted_contribution_by_keyboard(
    windows: Callable[..., object], story: Story
) -> None:
    """Given no mouse; when a teacher logs in, opens the task and writes; then the contribution can be submitted."""
    page: Page = windows("tastatur").new_page()
    page.goto("/demo/")
    reach(page, "Jonas Tenkli")
    page.keyboard.press("Enter")
    page.wait_for_url("**/innboks/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold", "hopplenken fører til innholdet"
    link = page.locator(".inbox__item").filter(has_text=story.reference).locator("a.inbox__title").first
    reach(page, link.inner_text(), link.get_attribute("href") or "")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bidrag/**")
    for number in range(page.locator("#contribution-form textarea").count()):
        reach_area(page, number)
        page.keyboard.type("Skrevet uten mus.")
    reach(page, "Lever bidraget")
    page.keyboard.press("Enter")
    sees(page, "Bidraget er levert")


def reach(page: Page, text: str, href: str = "") -> None:
    """Presses Tab until the focus is there; it must be seen on the way."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        assert now["seen"], f"fokus vises ikke på {now['tag'][:160]}"
        if text in now["text"] and (not href or now["href"] == href):
            return
    raise AssertionError(f"Tab nådde aldri «{text}»")


def reach_area(page: Page, number: int) -> None:
    """Presses Tab until the focus is in the text area with this number."""
    name = page.locator("#contribution-form textarea").nth(number).get_attribute("name")
    for _ in range(STEPS):
        if page.evaluate(FOCUSED)["name"] == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab nådde aldri {name}")
