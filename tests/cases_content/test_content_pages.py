"""The pages as people meet them: what is shown, what is kept when something is wrong, what it costs."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions.consent import withdraw_consent
from cases.actions.errors import mark_error
from cases.actions.guardians import version_of
from cases.models import AddressProtection, Case, ChildVoice, Consent, Document, Guardian, Measure, StatutoryBasis
from portal.models import AuditEvent, Role
from portal.timeframe import today
from tests.cases_content.family import a_measure, a_voice, an_upload
from tests.stories import a_case, consent, guardians, with_participants
from tests.uploads import files
from tests.world import World

pytestmark = pytest.mark.django_db
LISTS = ("consents", "measures", "voices", "documents")
FORMS = ("guardian_new", "capacity", "consent_new", "statutory_new", "measure_new", "voice_new", "document_new")


@pytest.fixture
def case(world: World) -> Case:
    """The school's writing is shared with the holder; two guardians."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    consent(case, [world.coordinating_unit, world.school], ["school", "health"])
    return case


def url(name: str, *args: Any) -> str:
    return reverse(f"cases:{name}", args=args)


@pytest.mark.parametrize("name", [*LISTS, *FORMS])
def test_every_page_opens_for_the_holder_and_not_for_strangers(world: World, case: Case, name: str) -> None:
    assert world.client(world.coordinator).get(url(name, case.pk)).status_code == 200
    stranger = world.actor(Role.CONTRIBUTOR, world.other_school)
    assert world.client(stranger).get(url(name, case.pk)).status_code == 404
    assert AuditEvent.objects.filter(kind="refused", case_id=case.pk).exists()


@pytest.mark.parametrize("name", ["guardian_new", "capacity", "consent_new", "statutory_new"])
def test_a_member_without_the_right_meets_403(world: World, case: Case, name: str) -> None:
    assert world.client(world.teacher).get(url(name, case.pk)).status_code == 403


@pytest.mark.parametrize("name", [*LISTS, *FORMS])
def test_pages_cost_the_same_with_two_and_twelve(world: World, case: Case, name: str) -> None:
    client = world.client(world.coordinator)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url(name, case.pk)).status_code == 200
        return len(seen)

    _fill(world, case, 2)
    cost()
    few = cost()
    _fill(world, case, 10)
    assert cost() == few
    assert few <= 20


def test_the_matrix_says_who_sees_what_and_why(world: World, case: Case) -> None:
    text = world.client(world.coordinator).get(url("consents", case.pk)).content.decode()
    assert world.ppt.name in text
    assert "Ser ikke" in text
    assert "Alle med foreldreansvar har samtykket." in text
    assert "Det er ikke gitt samtykke til at denne tjenesten får se dette." in text
    assert "Mor Fjord (mor)" in text


def test_after_withdrawal_the_page_tells_who_had_seen_it(world: World, case: Case) -> None:
    row = Consent.objects.get()
    withdraw_consent(consent=row, services=[world.school], by=world.coordinator)
    text = world.client(world.coordinator).get(url("consents", case.pk)).content.decode()
    assert "Delt før samtykket ble trukket" in text
    assert "trukket" in text


def test_recording_consent_in_the_form(world: World, case: Case) -> None:
    keys = [f"guardian:{g.pk}" for g in Guardian.objects.filter(child=case.child)]
    answer = world.client(world.coordinator).post(
        url("consent_new", case.pk),
        {
            "decision": "given",
            "parties": keys,
            "categories": ["school"],
            "services": [str(world.ppt.pk)],
            "purpose": "Samordnet hjelp",
            "how": "oral",
            "given_on": f"{today():%d.%m.%Y}",
            "valid_until": "",
        },
        follow=True,
    )
    assert "Samtykket er registrert og gjelder fra nå." in answer.content.decode()
    assert world.client(world.actor(Role.CONTRIBUTOR, world.ppt)).get(url("measures", case.pk)).status_code == 200


def test_one_parent_alone_is_told_that_nothing_opens_yet(world: World, case: Case) -> None:
    mother = Guardian.objects.filter(child=case.child).first()
    assert mother is not None
    data = {
        "decision": "given",
        "parties": [f"guardian:{mother.pk}"],
        "categories": ["family"],
        "services": [str(world.ppt.pk)],
        "purpose": "Hjelp",
        "how": "written",
        "given_on": f"{today():%d.%m.%Y}",
    }
    text = world.client(world.coordinator).post(url("consent_new", case.pk), data, follow=True).content.decode()
    assert "åpner ikke for noe ennå" in text


def test_wrong_input_keeps_what_was_typed(world: World, case: Case) -> None:
    answer = world.client(world.coordinator).post(
        url("consent_new", case.pk),
        {"purpose": "Et helt eget formål", "valid_until": "32.13.2026", "note": "Kjær merknad"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Et helt eget formål" in text
    assert "Kjær merknad" in text
    assert "32.13.2026" in text
    assert "Velg hvem som har svart." in text


@pytest.mark.parametrize(
    ("name", "field", "more"),
    [
        ("voice_new", "words", {"speaker": "child", "how_obtained": "conversation", "obtained_on": "01.01.2026"}),
        ("measure_new", "description", {"title": "Noe", "state": "ongoing"}),
        ("statutory_new", "reason", {}),
        ("guardian_new", "name", {"relation": "mother"}),
    ],
)
def test_two_hundred_thousand_characters_is_an_error_at_the_field(
    world: World, case: Case, name: str, field: str, more: dict[str, str]
) -> None:
    answer = world.client(world.coordinator).post(url(name, case.pk), {field: "å" * 200_000, **more})
    assert answer.status_code == 422
    assert "Teksten er for lang" in answer.content.decode()


def test_a_measure_is_recorded_evaluated_and_shown(world: World, case: Case) -> None:
    client = world.client(world.teacher)
    data = {
        "title": "Liten gruppe",
        "service": str(world.school.pk),
        "state": "ongoing",
        "started_on": f"{today():%d.%m.%Y}",
    }
    assert client.post(url("measure_new", case.pk), data).status_code == 303
    measure = Measure.objects.get()
    assert client.get(url("measure_evaluate", measure.pk)).status_code == 200
    assert client.post(url("measure_evaluate", measure.pk), {"effect": "good"}).status_code == 422
    answer = client.post(
        url("measure_evaluate", measure.pk), {"effect": "good", "effect_text": "Mye bedre"}, follow=True
    )
    assert "God effekt" in answer.content.decode()
    assert client.post(url("measure_stop", measure.pk), {"reason": "Slutt"}).status_code == 303
    late = client.post(url("measure_stop", measure.pk), {"reason": "Av en annen grunn"})
    assert late.status_code == 422
    assert "Du har gjort dette før" in late.content.decode()


def test_what_is_not_seen_is_not_found(world: World, case: Case) -> None:
    consent(case, [world.ppt], ["social"])
    measure = a_measure(case, world.teacher)
    ppt = world.client(world.actor(Role.CONTRIBUTOR, world.ppt))
    assert ppt.get(url("measure_evaluate", measure.pk)).status_code == 404
    assert "Liten gruppe" not in ppt.get(url("measures", case.pk)).content.decode()
    assert ppt.get(url("mark_error", "tiltak", measure.pk)).status_code == 404
    assert ppt.get(url("mark_error", "tull", measure.pk)).status_code == 404


def test_a_document_is_downloaded_as_an_attachment_and_logged(world: World, case: Case) -> None:
    document = an_upload(case, world.teacher, file_name="Vurdering æøå.pdf")
    answer = world.client(world.coordinator).get(url("document", document.pk))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Vurdering%20%C3%A6%C3%B8%C3%A5.pdf" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    event = AuditEvent.objects.get(verb="case.document", subject_id=document.pk)
    assert (event.kind, event.case_id) == ("export", case.pk)


def test_documents_follow_consent_and_strangers_meet_404(world: World, case: Case) -> None:
    document = an_upload(case, world.teacher)
    sealed = an_upload(case, world.teacher, title="Forseglet notat", sealed=True)
    address = url("document", document.pk)
    assert world.client(world.actor(Role.CONTRIBUTOR, world.ppt)).get(address).status_code == 404
    assert world.client(world.intake).get(address).status_code == 404
    assert world.client(world.coordinator).get(url("document", sealed.pk)).status_code == 404
    listed = world.client(world.coordinator).get(url("documents", case.pk)).content.decode()
    assert "Forseglet dokument" in listed
    assert "Forseglet notat" not in listed
    withdraw_consent(consent=Consent.objects.get(), by=world.coordinator)
    assert world.client(world.coordinator).get(address).status_code == 404
    assert document.title not in world.client(world.coordinator).get(url("documents", case.pk)).content.decode()


def test_a_document_marked_wrong_is_listed_and_closed(world: World, case: Case) -> None:
    document = an_upload(case, world.teacher)
    mark_error(entry=document, reason="Gjaldt et annet barn", by=world.teacher)
    assert world.client(world.teacher).get(url("document", document.pk)).status_code == 403
    text = world.client(world.teacher).get(url("documents", case.pk)).content.decode()
    assert "Gjaldt et annet barn" in text
    assert "<s>Pedagogisk rapport</s>" in text


def test_upload_in_the_form(world: World, case: Case) -> None:
    client = world.client(world.teacher)
    data = {"title": "Bilde", "category": "school"}

    def send(content: bytes, name: str, kind: str) -> Any:
        return client.post(
            url("document_new", case.pk), {**data, "file": SimpleUploadedFile(name, content, kind)}, follow=True
        )

    text = send(files.image("JPEG", located=True), "x.jpg", "image/jpeg").content.decode()
    assert "Stedet er fjernet" in text
    lying = send(b"<html>", "x.pdf", "application/pdf")
    assert lying.status_code == 422
    assert "Denne typen fil kan ikke lastes opp" in lying.content.decode()
    assert send(b"", "x.pdf", "application/pdf").status_code == 422
    assert Document.objects.count() == 1


def test_a_file_over_the_limit_is_refused_before_it_is_read(world: World, case: Case, settings: Any) -> None:
    settings.PORTAL_UPLOAD_MAX_BYTES = 1 << 20
    answer = world.client(world.teacher).post(
        url("document_new", case.pk),
        {"title": "Stor", "category": "school", "file": SimpleUploadedFile("stor.pdf", b"%PDF-" + b"0" * (1 << 20))},
    )
    assert answer.status_code == 422
    assert "for stor" in answer.content.decode()


def test_marking_wrong_asks_why(world: World, case: Case) -> None:
    row = Consent.objects.get()
    client = world.client(world.coordinator)
    assert client.get(url("mark_error", "samtykke", row.pk)).status_code == 200
    assert client.post(url("mark_error", "samtykke", row.pk), {"reason": ""}).status_code == 422
    answer = client.post(url("mark_error", "samtykke", row.pk), {"reason": "Feil dato"}, follow=True)
    assert "Feil dato" in answer.content.decode()
    guardian = Guardian.objects.filter(child=case.child).first()
    assert guardian is not None
    done = client.post(url("mark_error", "foresatt", guardian.pk), {"reason": "Feil person"}, follow=True)
    assert "<s>Mor Fjord</s>" in done.content.decode()


def test_withdrawing_oneself_out_leads_to_the_inbox(world: World, case: Case) -> None:
    row = consent(case, [world.ppt], ["social"])
    client = world.client(world.actor(Role.CONTRIBUTOR, world.ppt))
    assert client.get(url("consent_withdraw", row.pk)).status_code == 200
    answer = client.post(
        url("consent_withdraw", row.pk),
        {"services": [str(world.ppt.pk)], "categories": ["social"], "note": "Mor ringte"},
    )
    assert answer.status_code == 303
    assert answer["Location"] == reverse("cases:inbox")
    assert client.get(url("consents", case.pk)).status_code == 404


def test_contact_of_a_protected_family_stays_with_the_holder(world: World) -> None:
    case = a_case(world, level=2, address_protection=AddressProtection.CONFIDENTIAL)
    guardians(case, phone="90000001", address="Hemmelig vei 1")
    with_participants(case, world.school)
    consent(case, [world.school], ["school"])
    page = url("participants", case.pk)
    assert "Hemmelig vei 1" in world.client(world.coordinator).get(page).content.decode()
    text = world.client(world.teacher).get(page).content.decode()
    assert "Hemmelig vei 1" not in text
    assert "90000001" not in text
    assert "Skjermet" in text


def test_guardian_form_round_trip(world: World, case: Case) -> None:
    client = world.client(world.coordinator)
    data = {"name": "Bestemor Vik", "relation": "relative", "daily_care": "on", "phone": "90 00 00 02"}
    assert client.post(url("guardian_new", case.pk), data).status_code == 303
    guardian = Guardian.objects.get(name="Bestemor Vik")
    assert (guardian.parental_responsibility, guardian.daily_care) == (False, True)
    page = url("guardian_edit", case.pk, guardian.pk)
    assert "Bestemor Vik" in client.get(page).content.decode()
    assert client.post(page, {**data, "name": "Bestemor Viken", "version": version_of(guardian)}).status_code == 303
    wrong = client.post(page, {**data, "relation": "legal_guardian", "parental_responsibility": "on"})
    assert wrong.status_code == 422
    guardian.refresh_from_db()
    assert guardian.name == "Bestemor Viken"


def _fill(world: World, case: Case, number: int) -> None:
    start = Measure.objects.count()
    for n in range(start, start + number):
        guardians(case, f"Foresatt {n}", parental_responsibility=False)
        consent(case, [world.school, world.ppt], ["school"], note=f"nr. {n}", given_on=today() - dt.timedelta(days=1))
        a_measure(case, world.teacher, title=f"Tiltak {n}")
        a_voice(case, world.teacher, words=f"Ord {n}")
        an_upload(case, world.teacher, title=f"Dokument {n}")
    assert ChildVoice.objects.count() == start + number
    assert StatutoryBasis.objects.count() == 0


def test_the_overview_and_timeline_show_what_the_viewer_sees(world: World, case: Case) -> None:
    a_voice(case, world.teacher, words="Jeg vil være hjemme.")
    a_measure(case, world.teacher, title="Leksehjelp")
    an_upload(case, world.teacher, title="Rapport fra høsten")
    seen = world.client(world.coordinator).get(url("case", case.pk)).content.decode()
    for text in ("Jeg vil være hjemme.", "Leksehjelp", "Rapport fra høsten"):
        assert text in seen
    consent(case, [world.ppt], ["social"])
    ppt = world.client(world.actor(Role.CONTRIBUTOR, world.ppt))
    for page in ("case", "timeline"):
        hidden = ppt.get(url(page, case.pk)).content.decode()
        assert case.child.name in hidden
        for text in ("Jeg vil være hjemme.", "Leksehjelp", "Rapport fra høsten"):
            assert text not in hidden


@pytest.mark.parametrize("name", ["consent_new", "statutory_new", "voice_new", "measure_new", "guardian_new"])
def test_an_empty_form_is_answered_with_what_is_missing(world: World, case: Case, name: str) -> None:
    answer = world.client(world.coordinator).post(url(name, case.pk), {})
    assert answer.status_code == 422
    assert "ds-validation-message" in answer.content.decode() or "error-summary" in answer.content.decode()
