"""The referral's own texts, reasons and notes: for those who write them, and those who may read about health."""

import uuid

import pytest

from cases.access import viewer_of
from cases.actions.voice import record_voice
from guideline.editions import current_edition
from portal.models import KeptText, Role
from portal.states import MovedOn
from portal.timeframe import today
from referrals.actions.assess import return_for_more
from referrals.actions.finalise import finalise_referral, give_reasons, new_version, save_overall
from referrals.actions.write import decline_contribution
from referrals.checklist import completeness
from referrals.models import Referral
from referrals.plain_text import as_text
from referrals.snapshot import build, seen_by
from tests.pdf.conftest import html_of
from tests.referral_stories import a_referral, fresh_contribution, fresh_referral, submitted, writer_of
from tests.referrals_assess.stories import OVERALL, on_the_desk, ready, url
from tests.stories import a_case, consent, fresh, guardians, with_participants
from tests.world import World

WORRY, QUESTIONS, WHY = "Ada sover ikke.", "Er det angst?", "Helsesykepleier har prøvd."
URGENT, NOTE, ONE = "Har sluttet å spise", "Har fulgt familien lenge", "Far er utenlands"
SECRETS = (WORRY, QUESTIONS, WHY, URGENT, NOTE, ONE)


def a_draft(world: World) -> Referral:
    """Urgent, with texts; the school has its own category, the GP and the health visitor have health."""
    case = a_case(world, level=2)
    mother, _father = guardians(case)
    with_participants(case, world.school, world.gp, world.health_visitor)
    one = {"parties": [f"guardian:{mother.pk}"], "one_guardian_reason": ONE}
    consent(case, [world.bup, case.holder.service], **one)
    consent(case, [world.school], ["school"], **one)
    consent(case, [world.gp, world.health_visitor], ["health"], **one)
    referral = a_referral(world, fresh(case), world.school, world.health_visitor, worry=WORRY, questions=QUESTIONS,
                          why_specialist=WHY, urgency="urgent", urgency_reason=URGENT)  # fmt: skip
    submitted(world, fresh_contribution(referral.contributions.get(service=world.school)), "Skolens tekst")
    no = fresh_contribution(referral.contributions.get(service=world.health_visitor))
    decline_contribution(contribution=no, code="nothing_new", note=NOTE, by=writer_of(world, no))
    return fresh_referral(referral)


def test_others_read_that_there_are_texts_and_reasons_and_not_what_they_say(world: World) -> None:
    """Given a school without health, when it reads assembly, preview and document, then none of the words are there."""
    referral = a_draft(world)
    teacher, holder = world.client(world.teacher), world.client(world.coordinator)
    pages = [teacher.get(url(name, referral.pk)).content.decode() for name in ("assemble", "preview")]
    whole = "".join(holder.get(url(name, referral.pk)).content.decode() for name in ("assemble", "preview"))
    finalise_referral(referral=ready(world, referral=referral), by=world.doctor)
    pages.append(teacher.get(url("document", referral.pk)).content.decode())
    for page in pages:
        assert not [secret for secret in SECRETS if secret in page]
        assert "Tjenesten din har ikke innsyn i dette." in page
    assert not [secret for secret in SECRETS if secret not in whole]
    sent = world.client(world.intake).get(url("document", referral.pk)).content.decode()
    assert not [secret for secret in SECRETS if secret not in sent]
    # What is written and not told to the reader is not missing.
    case = referral.case
    content = build(referral, case, edition=(edition := current_edition(case.community)),
                    viewer=viewer_of(world.teacher, case))  # fmt: skip
    rows = {row.item.key: row for row in completeness(referral, edition, content)}
    assert rows["questions"].answered


def test_what_the_referrer_asks_for_is_not_for_all(world: World) -> None:
    """Given the GP sends it back with words, when others open it, then the holder reads it and the school does not."""
    referral = on_the_desk(world, referral=a_draft(world))
    return_for_more(referral=referral, message="Spør om selvskading", by=world.doctor)
    page = {who: world.client(who).get(url("assemble", referral.pk)).content.decode()
            for who in (world.coordinator, world.teacher)}  # fmt: skip
    assert "Spør om selvskading" in page[world.coordinator]
    assert "Spør om selvskading" not in page[world.teacher]


def test_a_new_version_neither_shows_nor_takes_texts_from_who_may_not_read_them(world: World) -> None:
    """Given a psychologist in the school, which has its own category alone, when making a new version, then the texts
    are not on the page, cannot be changed, and go along as they are; who reads health changes them."""
    referral = a_draft(world)
    finalise_referral(referral=ready(world, referral=referral), by=world.doctor)
    referral, by = fresh_referral(referral), world.actor(Role.PSYCHOLOGIST, world.school)
    client, page = world.client(by), url("new_version", referral.pk)
    typed = {"change": "Nytt skoleår", "version": referral.texts_mark}
    for html in (client.get(page).content.decode(), client.post(page, typed).content.decode()):
        assert "Hva er endret?" in html
        assert not [secret for secret in (*SECRETS, OVERALL) if secret in html]
    assert client.post(page, {**typed, "overall": "Mitt", "worry": "Mitt", "send": "1"}).status_code == 422
    for given in ({"texts": {"worry": "Mitt"}}, {"overall": "Mitt"}):
        with pytest.raises(MovedOn, match="innsyn"):
            new_version(referral=referral, change="Nytt", by=by, **given)
    assert client.post(page, {**typed, "send": "1"}).status_code == 303
    content = referral.snapshots.latest("version").content
    assert (content["version"], content["worry"], content["overall"]["text"]) == (2, WORRY, OVERALL)
    psychologist = world.actor(Role.PSYCHOLOGIST, world.health_visitor)
    assert WORRY in world.client(psychologist).get(page).content.decode()
    new_version(referral=fresh_referral(referral), change="Rettet", texts={"worry": "Ada sover."}, by=psychologist)
    assert fresh_referral(referral).worry == "Ada sover."


def test_nobody_assesses_or_signs_what_they_may_not_read(world: World) -> None:
    """Given a psychologist in the school, which has its own category alone, when writing the overall assessment, giving
    reasons or sending, then each is refused and nothing has changed."""
    referral = ready(world, referral=a_draft(world))
    by, before = world.actor(Role.PSYCHOLOGIST, world.school), fresh_referral(referral)
    for refused in (
        lambda: save_overall(referral=before, text="Mitt", version=before.assessment_version, by=by),
        lambda: give_reasons(referral=before, gp_code="no_gp", gp_reason="Mitt", by=by),
        lambda: finalise_referral(referral=before, by=by),
    ):
        with pytest.raises(MovedOn, match="innsyn"):
            refused()
    after = fresh_referral(referral)
    assert (after.state, after.overall_assessment) == (before.state, OVERALL)
    assert not after.missing_gp_reason
    assert not after.snapshots.exists()
    finalise_referral(referral=after, by=world.doctor)


def test_the_pages_turn_back_who_may_not_read_and_say_why(world: World) -> None:
    """Given the same psychologist, when opening or posting to the pages that show or sign the texts, then the way back
    says why, none of the words are told, and what was typed is kept."""
    referral = ready(world, referral=a_draft(world))
    by = world.actor(Role.PSYCHOLOGIST, world.school)
    client, back = world.client(by), url("assess", referral.pk)
    typed = {"overall": "Min vurdering", "version": "9", "page": str(uuid.uuid4())}
    answers = [
        client.get(url("finalise", referral.pk)),
        client.post(url("finalise", referral.pk), {"channel": "portal"}),
        client.get(url("reasons", referral.pk)),
        client.post(url("assess_overall", referral.pk), typed),
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, back)] * 4
    assert [row.fields["overall"] for row in KeptText.objects.filter(owner=by.user)] == ["Min vurdering"]
    page = client.get(back).content.decode()
    assert "Be stafettholderen sende henvisningen til deg" in page
    assert url("finalise", referral.pk) not in page
    assert not [secret for secret in (*SECRETS, OVERALL) if secret in page]
    finalise_referral(referral=referral, by=world.doctor)
    sent = client.get(url("document", referral.pk)).content.decode()
    assert url("new_version", referral.pk) in sent
    assert url("reasons", referral.pk) not in sent
    assert client.get(url("reasons", referral.pk))["Location"] == url("document", referral.pk)


def test_child_and_family_each_have_their_words_and_their_reason(world: World) -> None:
    """Given the family's words and a reason for not asking the child, when it is printed and counted, then neither
    stands for the other, and the reason is for those who see what its service writes."""
    referral = a_draft(world)
    case, by = referral.case, writer_of(world, referral.contributions.get(service=world.health_visitor))
    record_voice(case=case, speaker="family", words="Vi er slitne.", how_obtained="Møte", obtained_on=today(), by=by)
    edition = current_edition(case.community)
    content = build(referral, case, edition=edition)
    assert not {row.item.key: row for row in completeness(referral, edition, content)}["child_voice"].answered
    record_voice(case=case, speaker="child", not_obtained_reason="For syk nå", by=by)
    content = build(referral, case, edition=edition)
    html = " ".join(html_of(content).split())
    own, family = html.index("Barnets egne ord</h2>"), html.index("Familiens ord</h2>")
    assert own < html.index("For syk nå") < family < html.index("Vi er slitne.")
    text = as_text(content, edition)
    assert "Familiens ord (Møte" in text
    assert "Barnets egne ord er ikke innhentet\nFor syk nå" in text
    assert {row.item.key: row for row in completeness(referral, edition, content)}["child_voice"].answered
    school = viewer_of(world.teacher, case)
    for told in (build(referral, case, edition=edition, viewer=school), seen_by(content, school, referral)):
        assert "For syk nå" not in str(told)
        assert "Vi er slitne." not in str(told)


@pytest.mark.parametrize("speaker", ["child", "family"])
def test_an_older_document_does_not_say_whose_words_they_are(world: World, speaker: str) -> None:
    """Given words without speaker, as older versions have them, when printed, then the heading claims no more."""
    referral = a_draft(world)
    record_voice(case=referral.case, speaker=speaker, words="Ord.", how_obtained="Møte", obtained_on=today(),
                 by=world.coordinator)  # fmt: skip
    content = build(referral, referral.case, edition=current_edition(referral.case.community))
    del content["child_voices"][0]["speaker"], content["family_voice_missing"], content["voice_missing_whose"]
    assert "Barnets og familiens ord" in html_of(content)
    assert "Familiens ord<" not in html_of(content)
