"""The main path with JavaScript turned off: everything is still a page with forms."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Enter
from tests.browser.hands import inbox, press, sees
from tests.browser.steps import SCHOOL, Story
from tests.browser.stories import asked_story

pytestmark = pytest.mark.browser

TEXT = "Han får til mer når oppgavene er korte."
OVERALL = "Behov for utredning i spesialisthelsetjenesten."


def test_contributor_gp_and_intake_without_script(person: Enter) -> None:
    """Given no script; when the contribution, the assessment and the decision are made; then everybody can read it."""
    coordinator = person("marte-eksempelmo", script=False)
    story = asked_story("Selje Vandringsmo", coordinator)
    teacher = person("jonas-tenkli", script=False)
    contributes(teacher, story)
    steps.hand_over(coordinator, story, "Henrik Eventyrvik")
    gp = person("henrik-eventyrvik", script=False)
    steps.not_an_emergency(gp, story)
    steps.gp_assessment(gp, story, "Undersøkt uten funn.")
    steps.finalise(gp, story, OVERALL)
    intake = person("astrid-modellmo", script=False)
    steps.receive(intake, story)
    sees(intake, OVERALL, TEXT)
    steps.ask_contributor(intake, story, SCHOOL, "Hvor korte oppgaver?")
    steps.answer(teacher, story, "Hvor korte oppgaver?", "Ti minutter.")
    steps.decide_right(intake, story, "Behov for utredning.", "Korte oppgaver.", "Dere får time.")
    inbox(coordinator, "utfall", story.reference)
    sees(coordinator, "Behov for utredning.", "Dere får time.")


def contributes(page: Page, story: Story) -> None:
    """Saved with a button, then submitted."""
    steps.write(page, story, TEXT)
    press(page, "Lagre utkast")
    sees(page, "Utkastet er lagret")
    expect(page.locator("#contribution-form textarea").first).to_have_value(TEXT)
    steps.submit(page)
