"""A referral whose contributions have been asked for, made by people in the browser; several tests go on from it."""

from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.steps import BUP, HEALTH, PPT, PROTECTION, SCHOOL, Story

ASKED = (SCHOOL, PPT, HEALTH, PROTECTION)


def asked_story(child: str, coordinator: Page) -> Story:
    """The coordinator's own concern, taken all the way to four services being asked."""
    story = Story(child=child)
    steps.concern(coordinator, story)
    steps.parents_informed(coordinator, story)
    steps.level(coordinator, story, 2)
    steps.guardian(coordinator, story, "Eva Vandringsmo", "Mor")
    for service in ASKED:
        steps.participant(coordinator, story, service)
    steps.consent(coordinator, story, ["Eva"], [BUP, "fastlegekontor"], ["Helse", "Barnehage, skole", "Barnevern"])
    steps.start(coordinator, story)
    for service in ASKED:
        steps.ask(coordinator, story, service)
    return story
