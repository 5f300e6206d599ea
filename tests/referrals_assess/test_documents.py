"""What was sent, as PDF, text and page: stored once, immutable, and read by those who may (6.1.2)."""

import datetime as dt
import hashlib
import io

import pypdf
import pytest
from django.db import DatabaseError, transaction

from guideline.editions import current_edition
from portal.models import AuditEvent
from referrals.actions.finalise import finalise_referral, withdraw_referral
from referrals.models import RenderedDocument, Snapshot
from referrals.plain_text import as_text
from referrals.tasks import render_document, render_missing
from tests.referral_stories import fresh_referral
from tests.referrals_assess.stories import (
    OVERALL,
    SOMATIC,
    case_hidden_from_bup,
    collected,
    on_the_desk,
    ready,
    sent,
    url,
)
from tests.stories import a_case, consent, fresh, holder_actor, with_participants
from tests.world import World


def _rendered(snapshot: Snapshot) -> RenderedDocument:
    render_document.run(str(snapshot.pk))
    return RenderedDocument.objects.get(snapshot=snapshot)


def _words(text: str) -> str:
    return " ".join(text.split())


def test_the_pdf_holds_every_contribution_in_order_and_is_stored_once_and_for_good(world: World) -> None:
    referral = ready(world, referral=collected(world, world.school, world.ppt, world.health_visitor))
    snapshot = finalise_referral(referral=referral, by=world.doctor)
    stored = _rendered(snapshot)
    render_document.run(str(snapshot.pk))
    assert RenderedDocument.objects.count() == 1
    body = bytes(stored.pdf)
    assert hashlib.sha256(body).hexdigest() == stored.sha256
    reader = pypdf.PdfReader(io.BytesIO(body))
    assert len(reader.pages) == stored.pages
    text = _words(" ".join(page.extract_text() for page in reader.pages))
    services = [row["service"] for row in snapshot.content["contributions"]]
    assert len(services) == 3
    places = [text.index(f"{service} ser at Ada strever.") for service in services]
    assert places == sorted(places)
    assert OVERALL in text
    assert SOMATIC in text
    assert "Utkast" not in text
    for change in (lambda: stored.save(), lambda: stored.delete(), lambda: snapshot.save()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_was_lost_is_put_on_the_queue_again(world: World, queued: list[object]) -> None:
    snapshot = sent(world)
    queued.clear()
    assert render_missing.run() == 0  # on its way: left alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("referrals.tasks.ON_ITS_WAY", -dt.timedelta(minutes=1))
        assert render_missing.run() == 1
        assert queued == [snapshot.pk]
        _rendered(snapshot)
        assert render_missing.run() == 0


def test_the_pdf_is_waited_for_then_served_from_store_to_those_who_read_it_whole(world: World) -> None:
    snapshot = sent(world)
    referral = snapshot.referral
    page = url("pdf", referral.pk)
    doctor = world.client(world.doctor)
    assert "PDF-en lages nå" in doctor.get(page).content.decode()
    waiting = doctor.get(page, headers={"HX-Request": "true"})
    assert "<html" not in waiting.content.decode()
    stored = _rendered(snapshot)
    assert "PDF-en er klar" in doctor.get(page, headers={"HX-Request": "true"}).content.decode()
    for actor in (world.doctor, world.intake, holder_actor(referral.case)):
        answer = world.client(actor).get(page)
        assert answer.content == bytes(stored.pdf)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert f"henvisning-{referral.case.reference}-v1.pdf" in answer.headers["Content-Disposition"]
    exports = AuditEvent.objects.filter(kind="export", verb="referral.pdf")
    assert exports.count() == 3
    assert set(exports.values_list("detail", flat=True).distinct()[0]) == {"version"}


def test_who_may_not_read_it_whole_reads_what_consent_covers(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school, world.gp)
    consent(case, [world.gp, world.bup])
    consent(case, [world.school, case.holder.service], ["school"])
    referral = ready(world, referral=collected(world, case=fresh(case)))
    finalise_referral(referral=referral, by=world.doctor)
    holder = world.client(holder_actor(referral.case))
    answer = holder.get(url("pdf", referral.pk))
    assert answer.headers["Location"] == url("document", referral.pk)
    html = holder.get(url("document", referral.pk)).content.decode()
    assert "Fjordvik skole ser at Ada strever." in html
    assert SOMATIC not in html
    assert SOMATIC not in holder.get(url("text", referral.pk)).content.decode()
    assert SOMATIC in world.client(world.intake).get(url("document", referral.pk)).content.decode()


def test_what_consent_held_back_is_named_to_the_department_and_never_told(world: World) -> None:
    referral = ready(world, referral=collected(world, case=case_hidden_from_bup(world)))
    finalise_referral(referral=referral, by=world.doctor)
    html = world.client(world.intake).get(url("document", referral.pk)).content.decode()
    assert "Fjordvik skole ser at Ada strever." not in html
    assert "Bidrag fra Fjordvik skole er ikke med" in html


def test_a_draft_has_its_watermark_and_is_never_stored(world: World) -> None:
    referral = on_the_desk(world)
    answer = world.client(world.doctor).get(url("pdf", referral.pk) + "?utkast=1")
    assert answer.content.startswith(b"%PDF")
    assert "utkast-" in answer.headers["Content-Disposition"]
    assert not RenderedDocument.objects.exists()


def test_the_text_has_every_heading_of_the_national_message_and_all_that_was_written(world: World) -> None:
    snapshot = sent(world, channel="epj")
    edition = current_edition(snapshot.referral.case.community)
    text = as_text(snapshot.content, edition)
    places = [text.index(f"\n{heading.label.upper()}\n") for heading in edition.referral_headings.values()]
    assert places == sorted(places)
    for part in (OVERALL, SOMATIC, "Fjordvik skole ser at Ada strever.", "Er det behov for utredning?", "Mor Fjord"):
        assert part in text
    client = world.client(world.doctor)
    html = client.get(url("text", snapshot.referral_id)).content.decode()
    assert "readonly" in html
    assert OVERALL in html
    answer = client.get(url("text_file", snapshot.referral_id))
    assert answer.content.decode("utf-8-sig").replace("\r\n", "\n") == text
    assert "attachment" in answer.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(kind="export", verb__startswith="referral.text").count() == 2


def test_the_text_says_when_parts_are_left_out(world: World) -> None:
    """Given a school without consent to health, when it copies the text, then one line on top says what it lacks."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.gp)
    consent(case, [world.bup, world.gp, case.holder.service])
    consent(case, [world.school], ["school"])
    referral = ready(world, referral=collected(world, case=fresh(case)))
    finalise_referral(referral=referral, by=world.doctor)
    left_out = "DELER ER UTELATT. Teksten har bare det samtykket gir tjenesten din innsyn i."
    for who, whole in ((world.doctor, True), (world.teacher, False)):
        client = world.client(who)
        body = client.get(url("text_file", referral.pk)).content.decode("utf-8-sig").splitlines()
        page = client.get(url("text", referral.pk)).content.decode()
        assert (left_out in body[:3]) == (left_out in page) == (not whole)
        assert (SOMATIC in page) == whole


def test_a_draft_text_says_so(world: World) -> None:
    referral = on_the_desk(world)
    html = world.client(world.doctor).get(url("text", referral.pk)).content.decode()
    assert "UTKAST, IKKE SENDT" in html
    assert "Teksten er et utkast" in html


def test_withdrawn_it_is_closed_to_the_department(world: World) -> None:
    referral = fresh_referral(sent(world).referral)
    client = world.client(world.intake)
    assert client.get(url("document", referral.pk)).status_code == 200
    withdraw_referral(referral=referral, reason="Familien ønsker det", by=world.doctor)
    for name in ("document", "pdf", "text", "text_file"):
        answer = client.get(url(name, referral.pk))
        assert answer.status_code == 403
        assert "trukket" in answer.content.decode()
    assert world.client(world.doctor).get(url("document", referral.pk)).status_code == 200


def test_an_unknown_version_is_no_error(world: World) -> None:
    referral = sent(world).referral
    client = world.client(world.doctor)
    for version in ("0", "99", "x", "-1", "99999999"):
        for name in ("document", "pdf", "text"):
            assert client.get(url(name, referral.pk) + f"?versjon={version}", follow=True).status_code == 200
