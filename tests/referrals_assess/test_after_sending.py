"""What still can come while the hospital has the referral: it waits for the next version, and every page says so."""

import pytest
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.documents import add_document
from cases.actions.measures import add_measure
from cases.models import Consent, Notification
from portal.answering import Invalid
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from referrals.actions.assess import register_external_assessment
from referrals.actions.attach import attach_document, detach
from referrals.actions.finalise import finalise_referral, give_reasons, new_version, save_overall, withdraw_referral
from referrals.actions.intake import receive, redirect_referral
from referrals.actions.write import decline_contribution, save_section, submit_contribution
from referrals.models import Attachment, Contribution, Referral
from tests.referral_stories import a_referral, consented_case, fresh_contribution, fresh_referral, written
from tests.referrals_assess.stories import (
    OVERALL,
    answered_no,
    case_hidden_from_bup,
    collected,
    on_the_desk,
    ready,
    sent,
    url,
)
from tests.stories import holder_actor
from tests.uploads import files
from tests.world import World


@pytest.fixture(autouse=True)
def _storage(settings: object, tmp_path: object) -> None:
    """Files of a test stay in its folder."""
    stored = {**settings.STORAGES}
    stored["default"] = {**stored["default"], "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = stored


def sent_too_early(world: World) -> Referral:
    """Sent by the GP without the school's contribution and without a GP assessment, both with the reasons."""
    case = consented_case(world, world.school, world.ppt, world.gp)
    referral = on_the_desk(world, referral=a_referral(world, case, world.school, world.ppt))
    referral = answered_no(world, referral)
    give_reasons(referral=referral, gp_code="no_gp", gp_reason="Ingen fastlege.", by=world.doctor)
    save_overall(referral=referral, text=OVERALL, version=referral.assessment_version, by=world.doctor)
    finalise_referral(referral=fresh_referral(referral), by=world.doctor)
    return fresh_referral(referral)


def of_school(world: World, referral: Referral) -> Contribution:
    """The school's contribution as it is now."""
    return fresh_contribution(Contribution.objects.get(referral=referral, service=world.school))


def told(kind: str) -> set[str]:
    """Who was told of something."""
    return set(Notification.objects.filter(kind=kind).values_list("user__name", flat=True))


def test_a_late_contribution_waits_for_the_next_version(world: World) -> None:
    """Given it was sent without the school, when the school submits, then it goes along with the next version alone."""
    teacher = world.teacher
    referral = sent_too_early(world)
    assert told("contribution.sent_without") >= {teacher.name}
    page = f"/bidrag/{of_school(world, referral).pk}/"
    assert "Dere kan fortsatt levere" in world.client(teacher).get(page).content.decode()
    done = written(world, of_school(world, referral), "Skolen ser uro.", by=teacher)
    assert submit_contribution(contribution=done, by=teacher)
    assert "Det går med når henviseren sender en ny versjon" in world.client(teacher).get(page).content.decode()
    assert told("contribution.late") == {world.doctor.name, world.coordinator.name}
    assert referral.snapshots.count() == 1
    html = world.client(world.doctor).get(url("document", referral.pk)).content.decode()
    assert "Venter på neste versjon" in html
    assert "Bidrag fra Fjordvik skole" in html
    made = new_version(referral=fresh_referral(referral), change="Bidrag fra skolen", by=world.doctor)
    assert "Skolen ser uro." in str(made.content["contributions"])
    assert (
        "Venter på neste versjon" not in world.client(world.doctor).get(url("document", referral.pk)).content.decode()
    )
    assert "er en del av den" in world.client(teacher).get(page).content.decode()


def test_a_late_no_is_an_answer(world: World) -> None:
    """Given it was sent without the school, when the school says no, then the holder learns it."""
    referral = sent_too_early(world)
    assert decline_contribution(contribution=of_school(world, referral), code="nothing_new", by=world.teacher)
    assert world.coordinator.name in told("contribution.declined")


def test_an_assessment_from_outside_is_registered_after_sending(world: World) -> None:
    """Given it was sent without the GP, when the letter comes, then it is registered and goes with the next version."""
    referral = sent_too_early(world)
    client, page = world.client(world.coordinator), url("external_assessment", referral.pk)
    assert "går med når du sender en ny versjon" in client.get(page).content.decode()
    form = {"external_from": "Dr. Lund", "how": "brev", "assessed_on": "01.11.2026", "text": "Frisk ellers."}
    form["assessed_on"] = timezone.localdate().strftime("%d.%m.%Y")
    assert client.post(page, form).headers["Location"] == url("document", referral.pk)
    assert "Vurdering fra fastlege" in client.get(url("document", referral.pk)).content.decode()
    made = new_version(referral=fresh_referral(referral), change="Fastlegens brev", by=world.doctor)
    assert "Frisk ellers." in str(made.content["gp"])


def test_a_document_is_attached_and_taken_out_after_sending(world: World) -> None:
    """Given it is sent, when the holder attaches a document and thinks again, then both hold from the next version."""
    referral = sent_too_early(world)
    document = add_document(
        case=referral.case, data=files.pdf(), file_name="a.pdf", title="Notat", category="health", by=world.coordinator
    )
    html = world.client(world.coordinator).get(url("assemble", referral.pk)).content.decode()
    assert "gjelder fra neste versjon" in html
    holder = holder_actor(referral.case)
    row = attach_document(referral=referral, document=document, kind="other", by=holder)
    made = new_version(referral=fresh_referral(referral), change="Vedlegg", by=world.doctor)
    assert len(made.content["attachments"]) == 1
    row = Attachment.objects.select_related("referral__case", "document").get(pk=row.pk)
    detach(attachment=row, by=holder)
    made = new_version(referral=fresh_referral(referral), change="Uten vedlegget", by=world.doctor)
    assert made.content["attachments"] == []


def test_nothing_comes_after_a_withdrawal(world: World) -> None:
    """Given it is withdrawn, when any of them tries, then each is told so."""
    referral = sent_too_early(world)
    written(world, of_school(world, referral), by=world.teacher)
    withdraw_referral(referral=referral, reason="Feil", by=world.doctor)
    contribution = of_school(world, referral)
    section = contribution.sections.first()
    assert section is not None
    section.contribution = contribution
    text = {"external_from": "x", "how": "", "assessed_on": timezone.localdate(), "text": "x"}
    for attempt in (
        lambda: submit_contribution(contribution=contribution, by=world.teacher),
        lambda: save_section(section=section, text="Mer", version=section.version, by=world.teacher),
        lambda: register_external_assessment(referral=fresh_referral(referral), by=world.doctor, **text),
        lambda: give_reasons(referral=fresh_referral(referral), by=world.doctor),
    ):
        with pytest.raises(MovedOn, match="trukket"):
            attempt()


def test_consent_to_the_first_department_is_enough_after_a_redirect(world: World) -> None:
    """Given BUP sent it on to HABU, when there is consent to BUP alone, then a new version is not refused."""
    referral = fresh_referral(sent(world).referral)
    receive(referral=referral, received_on=timezone.localdate(), by=world.intake)
    redirect_referral(referral=fresh_referral(referral), to=world.habu, reason="Utvikling", by=world.intake)
    assert new_version(referral=fresh_referral(referral), change="Rettet", by=world.doctor).version == 2


def test_a_new_version_names_what_is_missing_with_the_way_there(world: World) -> None:
    """Given consent was withdrawn after sending, when a new version is made, then the reason can be written there."""
    referral = fresh_referral(sent(world).referral)
    for row in Consent.objects.filter(case=referral.case):
        withdraw_consent(consent=row, services=[world.bup], by=holder_actor(referral.case))
    client = world.client(world.doctor)
    page = url("new_version", referral.pk)
    html = client.get(page).content.decode()
    assert "Dette gjenstår" in html
    assert f"/saker/{referral.case_id}/samtykke/" in html
    refused = client.post(page, {"change": "Rettet", "overall": OVERALL, "send": "1"})
    assert refused.status_code == 422
    assert referral.snapshots.count() == 1


def test_reasons_are_written_while_the_hospital_has_it_on_a_basis_that_holds_there(world: World) -> None:
    """Given it is sent, when the GP writes why consent is missing, then only a basis for a hospital is taken."""
    referral = sent_too_early(world)
    words = {"consent_code": "statutory", "consent_reason": "Nødvendig."}
    with pytest.raises(Invalid) as refused:
        give_reasons(referral=referral, consent_basis="public_cooperation", by=world.doctor, **words)
    assert set(refused.value.errors) == {"consent_basis"}
    page = url("reasons", referral.pk)
    client = world.client(world.doctor)
    assert 'name="consent_basis"' in client.get(page).content.decode()
    form = {"gp_code": "no_gp", "gp_reason": "Ingen fastlege.", "consent_basis": "weighty_reasons", **words}
    assert client.post(page, form).headers["Location"] == url("document", referral.pk)
    assert fresh_referral(referral).missing_consent_basis == "weighty_reasons"


def test_everyone_who_waits_learns_that_it_is_sent_or_withdrawn(world: World) -> None:
    """Given intake, a clinician, a school and a GP, when it is sent and withdrawn, then each is told in its place."""
    intake, clinician, teacher = world.intake, world.actor(Role.CLINICIAN, world.bup), world.teacher
    referral = sent_too_early(world)
    assert told("referral.arrived") == {intake.name, clinician.name}
    withdraw_referral(referral=referral, reason="Feil", by=holder_actor(referral.case))
    assert {intake.name, clinician.name, world.doctor.name} <= told("referral.withdrawn")
    assert teacher.name in told("contribution.withdrawn")


def test_one_withdrawn_before_sending_says_so_to_all_who_were_asked(world: World) -> None:
    """Given it never left the house, when it is withdrawn, then page and notices do not say that it was sent."""
    teacher = world.teacher
    referral = on_the_desk(
        world, referral=a_referral(world, consented_case(world, world.school, world.gp), world.school)
    )
    page = f"/bidrag/{of_school(world, referral).pk}/"
    withdraw_referral(referral=referral, reason="Feil", by=holder_actor(referral.case))
    html = world.client(teacher).get(page).content.decode()
    assert "Henvisningen er trukket" in html
    assert "sendt" not in html.split("<main")[1].split("Henvisningen er trukket")[0]
    notice = Notification.objects.get(kind="referral.withdrawn", user=world.doctor.person)
    assert world.client(world.doctor).get(notice.get_absolute_url()).status_code == 200


def test_before_sending_the_page_shows_what_the_receiver_gets(world: World) -> None:
    """Given BUP may have health alone, when the GP looks over, then what stays behind is named, and whose it is."""
    case = case_hidden_from_bup(world)
    add_measure(case=case, service=world.school, title="Fast voksen", started_on=timezone.localdate(), by=world.teacher)
    referral = ready(world, referral=collected(world, case=case))
    html = world.client(world.doctor).get(url("finalise", referral.pk)).content.decode()
    assert "Dette blir ikke med" in html
    assert "Tiltak fra Fjordvik skole" in html


def test_looking_again_for_the_pdf_leaves_no_reading(world: World) -> None:
    """Given the PDF is being made, when the page looks again by itself, then the log has one reading alone."""
    referral = fresh_referral(sent(world).referral)
    client, page = world.client(world.doctor), url("pdf", referral.pk)
    client.get(page)
    reads = AuditEvent.objects.filter(kind=AuditEvent.Kind.READ, verb="referral.pdf")
    assert reads.count() == 1
    client.get(page, headers={"HX-Request": "true", "X-Polling": "1"})
    assert reads.count() == 1
