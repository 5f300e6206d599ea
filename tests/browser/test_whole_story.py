"""The first thing the portal must do: one coordinated referral from a concern to a decision read by those who may."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import steps
from tests.browser.conftest import Enter
from tests.browser.hands import fill, follow, inbox, press, sees, sees_not, status_of
from tests.browser.looking import axe
from tests.browser.steps import BUP, HEALTH, PPT, SCHOOL, Story
from tests.running import until

pytestmark = pytest.mark.browser

SCHOOL_TEXT = "Han mister tråden etter få minutter og trenger en voksen ved siden av seg."
PPT_TEXT = "Kartleggingen viser sprik mellom språk og arbeidsminne."
HEALTH_TEXT = "Vekst og hørsel er vurdert. Han sover dårlig og spiser lite frokost."
GP_TEXT = "Undersøkt på kontoret. Ingen funn som forklarer vanskene."
OVERALL = "Samlet vurdert er det behov for utredning i spesialisthelsetjenesten."
VOICE = "Jeg vil være med på fotball, men jeg glemmer alltid hva jeg skal."
QUESTION = "Hvordan fungerer han i små grupper sammenlignet med hel klasse?"
ANSWER = "I små grupper holder han på i tjue minutter, i hel klasse i fem."
REASON = "Vanskene er alvorlige nok til utredning."
ADVICE = "Hold fast på faste pauser og en voksen ved siden av i norsk og matematikk."
FAMILY = "Dere får time hos oss. Vi ringer dere to uker før."


def test_from_concern_to_outcome(person: Enter, tmp_path: Path) -> None:
    story = Story(child="Aron Vandringsmo")
    teacher, coordinator = person("jonas-tenkli"), person("marte-eksempelmo")

    # Given a teacher's concern, and parents who know of it
    steps.concern(teacher, story)
    assert status_of(coordinator, f"/saker/{story.case}/") == 404
    steps.parents_informed(teacher, story)
    steps.level(teacher, story, 1)
    # When the baton is offered to the coordinator, who takes it
    steps.offer(teacher, story, "Marte Eksempelmo")
    steps.accept(coordinator, story)
    steps.level(coordinator, story, 2)
    for name, relation in (("Eva Vandringsmo", "Mor"), ("Per Vandringsmo", "Far")):
        steps.guardian(coordinator, story, name, relation)
    for service in (SCHOOL, PPT, HEALTH):
        steps.participant(coordinator, story, service)
    steps.consent(coordinator, story, ["Eva", "Per"], [BUP, "fastlegekontor"],
                  ["Helse", "Barnehage, skole"])  # fmt: skip
    steps.child_voice(coordinator, story, VOICE)

    # Then every service that is asked writes its part, and one says no
    steps.ask_department(coordinator, story, "Bør en gutt på ni år med slike vansker henvises?")
    intake = person("astrid-modellmo")
    steps.answer_department(
        intake, "Bør en gutt på ni år med slike vansker henvises?", "Ja, henvis. Legg ved PPTs kartlegging."
    )
    sees_not(intake, story.child)
    steps.start(coordinator, story)
    for service in (SCHOOL, PPT, HEALTH):
        steps.ask(coordinator, story, service)
    attach_the_consultation(coordinator, story)
    school_writes(teacher, story)
    ppt = person("sara-fabelnes")
    ppt_writes(ppt, story, tmp_path)
    visitor = person("ragnhild-diktas")
    part_written = declines_then_writes(visitor, coordinator, story)

    # When the GP assesses and finalises
    steps.hand_over(coordinator, story, "Henrik Eventyrvik")
    gp = person("henrik-eventyrvik")
    steps.not_an_emergency(gp, story)
    sees(gp, SCHOOL_TEXT, PPT_TEXT, VOICE)
    steps.gp_assessment(gp, story, GP_TEXT)
    steps.finalise(gp, story, OVERALL)
    # Then the worker's PDF holds every part in order
    assert_pdf(gp, story, tmp_path)

    # When intake receives, asks the exact contributor, and decides
    steps.receive(intake, story)
    sees(intake, OVERALL, SCHOOL_TEXT, PPT_TEXT, HEALTH_TEXT, GP_TEXT, VOICE)
    steps.ask_contributor(intake, story, SCHOOL, QUESTION)
    steps.answer(teacher, story, QUESTION, ANSWER)
    intake.goto(f"/inntak/{story.referral}/")
    intake.get_by_text("Se spørsmålet").first.click()
    sees(intake, ANSWER)
    steps.decide_right(intake, story, REASON, ADVICE, FAMILY)

    # Then those who may, read the outcome, and nobody else
    for reader in (coordinator, gp):
        inbox(reader, "utfall", story.reference)
        sees(reader, REASON, ADVICE, FAMILY)
    press(coordinator, "Lest")
    inbox_is_without(coordinator, "utfall", story)
    contributor_reads(ppt, story)
    consent_is_withdrawn_for(coordinator, story, HEALTH)
    visitor.goto(part_written)
    sees(visitor, "Bidraget ditt er brukt")
    sees_not(visitor, ADVICE, REASON)
    assert status_of(visitor, f"/henvisninger/{story.referral}/utfall/") == 404
    assert status_of(visitor, f"/saker/{story.case}/") == 404
    for stranger in ("olav-skisseberg", "vilde-pahitt", "solveig-skyggeland", "randi-papirdal", "anne-systemhaug"):
        page = person(stranger)
        referral = f"/henvisninger/{story.referral}/"
        places = [
            f"/saker/{story.case}/",
            f"/inntak/{story.referral}/",
            referral,
            f"{referral}pdf/",
            f"{referral}utfall/",
        ]
        for path in places:
            assert status_of(page, path) in {403, 404}, (stranger, path)


def attach_the_consultation(page: Page, story: Story) -> None:
    page.goto(f"/saker/{story.case}/henvisning/")
    follow(page.locator("#droftinger"), BUP)
    press(page, "Legg ved henvisningen", exact=False)
    sees(page, "Drøftingen er lagt ved henvisningen")
    page.goto(f"/henvisninger/{story.referral}/")
    expect(page.locator("section", has=page.get_by_role("heading", name="Drøftinger"))).to_contain_text(BUP)


def school_writes(page: Page, story: Story) -> None:
    """The draft saves itself; nobody presses anything."""
    steps.write(page, story, "")
    area = page.locator("#contribution-form textarea").first
    area.press_sequentially(SCHOOL_TEXT)
    expect(page.locator("[data-save-state]").first).to_contain_text("Lagret kl.")
    page.reload()
    expect(page.locator("#contribution-form textarea").first).to_have_value(SCHOOL_TEXT)
    for other in page.locator("#contribution-form textarea").all()[1:]:
        other.fill(SCHOOL_TEXT)
    steps.submit(page)


def ppt_writes(page: Page, story: Story, folder: Path) -> None:
    """A report is attached; a file that lies about its type is refused."""
    steps.write(page, story, PPT_TEXT)
    press(page, "Lagre utkast")
    sees(page, "Utkastet er lagret")
    follow(page, "Legg ved en fil")
    lie = folder / "rapport.pdf"
    lie.write_bytes(b"MZ\x90\x00" + b"\x00" * 400)
    report = folder / "kartlegging.png"
    page_picture = page.screenshot(path=report)
    assert page_picture
    page.locator("input[type=file]").set_input_files(lie)
    fill(page, {"title": "Kartlegging"})
    page.locator('[name="kind"]').select_option(index=1)
    press(page, "Last opp")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert axe(page) == []
    page.locator("input[type=file]").set_input_files(report)
    press(page, "Last opp")
    sees(page, "Kartlegging")
    steps.submit(page)


def declines_then_writes(page: Page, holder: Page, story: Story) -> str:
    """A no with a reason is an answer; and one may change one's mind. Returns the contribution's address."""
    inbox(page, "bidrag", story.reference)
    follow(page, "Vi bidrar ikke")
    page.locator('[name="code"]').first.check()
    press(page, "Send svaret")
    sees(page, "Svaret er sendt")
    holder.goto(f"/henvisninger/{story.referral}/")
    expect(holder.locator("tr").filter(has_text=HEALTH)).to_contain_text("Bidrar ikke")
    press(page, "Vi vil bidra likevel")
    expect(page.locator("#contribution-form")).to_be_visible()
    for area in page.locator("#contribution-form textarea").all():
        area.fill(HEALTH_TEXT)
    steps.submit(page)
    return page.url


def assert_pdf(page: Page, story: Story, folder: Path) -> None:
    """Waits for the worker, downloads, and reads every part in order."""
    answer = until(
        lambda: (
            (got := page.request.get(f"/henvisninger/{story.referral}/pdf/"))
            and got.headers["content-type"] == "application/pdf"
            and got
        ),
        seconds=60,
        what="PDF-en",
    )
    path = folder / "henvisning.pdf"
    path.write_bytes(answer.body())
    reader = PdfReader(path)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    places = [text.find(words) for words in (OVERALL, GP_TEXT, SCHOOL_TEXT, PPT_TEXT, HEALTH_TEXT)]
    assert -1 not in places, places
    assert places == sorted(places)
    for words in (VOICE, story.child, "Eva Vandringsmo", "kartlegging.png"[:11]):
        assert words in text or words.capitalize() in text, words
    assert all(story.reference in sheet.extract_text() for sheet in reader.pages)


def contributor_reads(page: Page, story: Story) -> None:
    """Consent covers the outcome for a service in the case; what others assess stays closed."""
    page.goto("/varsler/")
    press(page, "Sykehuset har vurdert henvisningen", exact=False)
    sees(page, ADVICE)
    assert status_of(page, f"/henvisninger/{story.referral}/vurdering/") in {403, 404}
    assert status_of(page, f"/inntak/{story.referral}/") in {403, 404}


def consent_is_withdrawn_for(holder: Page, story: Story, service: str) -> None:
    """The parents take their consent back for one of the services."""
    holder.goto(f"/saker/{story.case}/samtykke/")
    holder.locator('main a[href$="/trekk/"]').first.click()
    expect(holder).to_have_url(re.compile(r"/samtykke/[0-9a-f-]+/trekk/$"))
    for box in holder.locator('[name="services"]').all():
        label = holder.locator(f'label[for="{box.get_attribute("id")}"]').inner_text()
        box.set_checked(service in label)
    holder.locator("main form button[type=submit]").last.click()
    expect(holder).to_have_url(re.compile(rf"{story.case}/samtykke/"))


def inbox_is_without(page: Page, task: str, story: Story) -> None:
    page.goto("/innboks/")
    expect(page.locator(".inbox__item").filter(has_text=story.reference).filter(has_text=task)).to_have_count(0)
