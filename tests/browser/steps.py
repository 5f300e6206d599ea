"""The acts of the story, each done by one person on their own pages, with script or without."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.hands import day, fill, follow, inbox, part, press, sees

SCHOOL, PPT, HEALTH = "Namsos kommune – barneskole", "PPT Midtre Namdal", "Namsos kommune – helsestasjon"
PROTECTION, BUP = "Barnevernstjenesten Midtre Namdal", "BUP Namsos"
WORRY = "Sitter alene i alle friminutt og svarer ikke når klassen snakker til ham."
QUESTIONS = "Er det en nevroutviklingsforstyrrelse, og hva kan skolen gjøre?"


@dataclass
class Story:
    """What one journey is about; filled in as it goes."""

    child: str
    case: str = ""
    reference: str = ""
    referral: str = ""


def concern(page: Page, story: Story) -> None:
    """A teacher writes what was seen and heard."""
    page.goto("/saker/ny/")
    fill(
        page,
        {
            "name": story.child,
            "birth_date": "14.03.2017",
            "seen_and_heard": WORRY,
            "how_long": "siden høstferien",
            "shared_with": "Rektor og helsesykepleier",
        },
    )
    press(page, "Opprett saken")
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.child)
    story.case = part(page.url, "saker")
    story.reference = page.locator(".eyebrow .nowrap").first.inner_text()
    sees(page, WORRY)


def parents_informed(page: Page, story: Story) -> None:
    """The teacher notes that the guardians know."""
    page.goto(f"/saker/{story.case}/foresatte-informert/")
    fill(page, {"on": day(-2), "how": "Samtale på skolen med begge foreldrene"})
    press(page, "Registrer")
    expect(page).to_have_url(f"{origin(page)}/saker/{story.case}/")


def level(page: Page, story: Story, number: int) -> None:
    """The holder moves the case to another level, with a reason."""
    page.goto(f"/saker/{story.case}/niva/")
    page.locator(f'[name="to_level"][value="{number}"]').check()
    fill(page, {"reason": f"Drøftet med foreldrene {day()}: flere tjenester må hjelpe til sammen."})
    press(page, "Endre nivå")
    expect(page.locator(".eyebrow").first).to_contain_text(str(number))


def offer(page: Page, story: Story, to: str) -> None:
    """The holder offers the baton to a coordinator."""
    page.goto(f"/saker/{story.case}/stafettholder/")
    fill(page, {"to": to, "message": "Kan du samordne videre?"})
    press(page, "Spør")
    sees(page, "Venter på svar")


def accept(page: Page, story: Story) -> None:
    """The coordinator finds the offer in the inbox and takes the baton."""
    inbox(page, "stafett", story.reference)
    press(page, "Ta imot stafettpinnen")
    page.goto(f"/saker/{story.case}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.child)


def guardian(page: Page, story: Story, name: str, relation: str) -> None:
    """The holder records a parent with parental responsibility."""
    page.goto(f"/saker/{story.case}/foresatte/ny/")
    fill(
        page,
        {
            "name": name,
            "relation": relation,
            "parental_responsibility": True,
            "daily_care": True,
            "phone": "99 88 77 66",
        },
    )
    press(page, "Lagre")
    expect(page.locator("main")).to_contain_text(name)


def participant(page: Page, story: Story, service: str) -> None:
    """The holder brings in a service that knows the child."""
    page.goto(f"/saker/{story.case}/deltakere/ny/")
    fill(page, {"service": service, "purpose": "Kjenner barnet og følger opp tiltak"})
    press(page, "Legg til")
    sees(page, service)


def consent(page: Page, story: Story, parties: list[str], others: list[str], categories: list[str]) -> None:
    """Both parents say yes, to the services of the case and to some more."""
    page.goto(f"/saker/{story.case}/samtykke/nytt/")
    fill(
        page,
        {
            "decision": "Ja, dette kan deles",
            "parties": parties,
            "categories": categories,
            "others": others,
            "how": "Skriftlig, på papir",
        },
    )
    press(page, "Registrer")
    sees(page, parties[0])


def child_voice(page: Page, story: Story, words: str) -> None:
    """The child's own words, and how they came about."""
    page.goto(f"/saker/{story.case}/barnets-stemme/ny/")
    fill(page, {"words": words, "obtained_on": day(-1)})
    page.locator('[name="how_obtained"]').select_option(index=1)
    press(page, "Lagre")
    sees(page, words)


def ask_department(page: Page, story: Story, question: str) -> None:
    """The holder discusses with the department before referring."""
    page.goto(f"/saker/{story.case}/drofting/ny/")
    fill(page, {"department": BUP, "question": question})
    page.locator("main form button[type=submit]").first.click()
    sees(page, "Avdelingen er spurt", "Venter på svar")


def answer_department(page: Page, question: str, advice: str) -> None:
    """The department answers."""
    page.goto("/droftinger/")
    page.locator(".inbox__item").filter(has_text=question[:60]).locator("a.inbox__title").click()
    fill(page, {"answer": "Bør henvises hit", "answer_text": advice})
    press(page, "Send svaret")
    sees(page, advice)


def start(page: Page, story: Story) -> None:
    """The holder starts the referral."""
    page.goto(f"/saker/{story.case}/henvisninger/ny/")
    fill(
        page,
        {
            "receiver": BUP,
            "worry": WORRY,
            "questions": QUESTIONS,
            "why_specialist": "Tiltak på skolen og samtaler har ikke hjulpet nok.",
        },
    )
    press(page, "Start henvisningen")
    expect(page).to_have_url(re.compile(r"/henvisninger/[0-9a-f-]{36}/$"))
    story.referral = part(page.url, "henvisninger")


def ask(page: Page, story: Story, service: str) -> None:
    """The holder asks a service for its contribution."""
    page.goto(f"/henvisninger/{story.referral}/")
    press(page.locator("main form").filter(has_text=service), "Be om bidrag", exact=False)
    expect(page.locator("table")).to_contain_text(service)


def write(page: Page, story: Story, text: str) -> None:
    """A contributor opens the request from the inbox and writes in every section; nothing is submitted yet."""
    inbox(page, "bidrag", story.reference)
    expect(page.get_by_role("button", name="Lever bidraget")).to_be_visible()
    for area in page.locator("#contribution-form textarea").all():
        area.fill(text)


def submit(page: Page) -> None:
    """The contributor hands it in."""
    press(page, "Lever bidraget")
    sees(page, "Bidraget er levert")


def hand_over(page: Page, story: Story, referrer: str) -> None:
    """The holder hands the referral to the one who is to assess."""
    page.goto(f"/henvisninger/{story.referral}/")
    fill(page, {"referrer": referrer})
    press(page, "Send til vurdering")
    sees(page, f"Henvisningen ligger nå hos {referrer}")


def not_an_emergency(page: Page, story: Story) -> None:
    """The GP opens the page from the inbox and answers the first question."""
    inbox(page, "Vurder", story.reference)
    sees(page, "Er dette øyeblikkelig hjelp?")
    press(page, "Nei")
    expect(page.locator("#gp-form")).to_be_visible()


def gp_assessment(page: Page, story: Story, text: str) -> None:
    """The GP writes the assessment and says it is complete."""
    page.goto(f"/henvisninger/{story.referral}/vurdering/")
    for area in page.locator("#gp-form textarea").all():
        area.fill(text)
    press(page, "Vurderingen er fullført")
    expect(page.locator("#fastlege")).to_contain_text("Fullført")


def finalise(page: Page, story: Story, overall: str) -> None:
    """The GP writes the overall assessment, looks it over and sends."""
    page.goto(f"/henvisninger/{story.referral}/vurdering/")
    page.locator('#overall-form [name="overall"], form [name="overall"]').first.fill(overall)
    page.locator("#overall-finalise").click()
    expect(page.get_by_role("heading", name="Ferdigstill og send", level=1)).to_be_visible()
    page.locator("#finalise-send").click()
    expect(page).not_to_have_url(f"{origin(page)}/henvisninger/{story.referral}/ferdigstill/")


def receive(page: Page, story: Story) -> None:
    """Intake registers that the referral has come."""
    page.goto("/inntak/")
    follow(page, story.child)
    follow(page, "Registrer mottak")
    fill(page, {"received_on": day()})
    press(page, "Registrer")
    sees(page, "Frist for vurdering", "virkedager igjen av 10")


def ask_contributor(page: Page, story: Story, target: str, question: str) -> None:
    """Intake asks the exact contributor about the exact section."""
    page.goto(f"/inntak/{story.referral}/spor/")
    fill(page, {"target": target, "question": question, "due_on": day(3)})
    press(page, "Send spørsmålet")
    sees(page, "Klokka går")


def answer(page: Page, story: Story, question: str, text: str) -> None:
    """The contributor answers from the inbox."""
    inbox(page, "mer informasjon", story.reference)
    sees(page, question)
    fill(page, {"answer": text})
    press(page, "Send svaret")
    sees(page, "Inntaket har fått svaret")


def decide_right(page: Page, story: Story, reason: str, advice: str, family: str) -> str:
    """Intake decides: a right to help, with a date. Returns the date as it was written."""
    page.goto(f"/inntak/{story.referral}/avgjor/?utfall=right")
    starts = day(40)
    fill(
        page,
        {"treatment_deadline": starts, "reason": reason, "advice": advice, "family_message": family},
    )
    press(page, "Registrer avgjørelsen")
    sees(page, reason)
    return starts


def origin(page: Page) -> str:
    """Scheme and host of where the page is."""
    return "/".join(page.url.split("/")[:3])
