"""A child's reserved information: marked where it stands, out of what guardians get, and told to the hospital."""

import pytest

from cases.actions.reserve import lift, reserve
from cases.models import Document, Withheld
from cases.reserved import open_to_guardians, withheld_from_guardians
from guideline.editions import current_edition
from portal.access import Denied
from portal.answering import Invalid
from portal.models import AuditEvent, Role
from portal.timeframe import today
from referrals.plain_text import as_text
from referrals.snapshot.build import build
from referrals.tasks import render
from tests.cases_content.family import a_measure, a_voice, an_upload
from tests.referral_stories import a_referral, consented_case
from tests.stories import BORN, a_case, consent, fresh, with_participants
from tests.world import World

WHY = {"reason": "Barnet er redd for far.", "assessed_by": "Helsesykepleier Ås", "ground": "wish"}
OLDER = BORN.replace(year=BORN.year - 4)


def test_the_childs_own_wish_counts_from_twelve_and_weighty_reasons_at_any_age(world: World) -> None:
    """Given children of 9 and 13; then only the older one's wish is enough, and weighty reasons are for both."""
    young, old = a_case(world, level=1), a_case(world, level=1, birth_date=OLDER)
    for case, ground, allowed in ((young, "wish", False), (young, "weighty", True), (old, "wish", True)):
        voice = a_voice(case, world.coordinator, words=f"{case.pk} {ground}")
        given = {**WHY, "ground": ground, "assessed_on": today()}
        if allowed:
            assert reserve(entry=voice, by=world.coordinator, **given).ground == ground
        else:
            with pytest.raises(Invalid) as refused:
                reserve(entry=voice, by=world.coordinator, **given)
            assert "fra 12 år" in refused.value.errors["ground"]
    event = AuditEvent.objects.filter(verb="entry.reserved").earliest("id")
    assert event.detail == {"kind": "stemme", "ground": "weighty", "code": "NORN_FORANS"}


def test_what_is_reserved_is_in_no_list_for_guardians_until_it_is_lifted(world: World) -> None:
    """Given two documents, one reserved; when guardians' rows are taken; then it is gone, till lifted."""
    case = a_case(world, level=1, birth_date=OLDER)
    one, other = an_upload(case, world.coordinator), an_upload(case, world.coordinator, title="Annen")
    row = reserve(entry=one, by=world.coordinator, assessed_on=today(), **WHY)
    assert reserve(entry=one, by=world.coordinator, assessed_on=today(), **WHY) == row
    assert list(open_to_guardians(Document.objects.filter(case=case))) == [other]
    assert (withheld_from_guardians(one), withheld_from_guardians(other)) == (True, False)
    lift(reserved=row, reason="Barnet har fortalt det selv.", by=world.coordinator)
    assert open_to_guardians(Document.objects.filter(case=case)).count() == 2
    again = reserve(entry=one, by=world.coordinator, assessed_on=today(), **WHY)
    page = world.client(world.coordinator).post(f"/feilregistrer/reservasjon/{again.pk}/", {"reason": "Feil dokument"})
    assert page.status_code == 303
    assert not withheld_from_guardians(one)


def test_all_who_see_the_entry_see_the_mark_and_few_the_reason(world: World) -> None:
    """Given words that the school reserved; when PPT reads them by consent; then it sees the mark and not the reason,
    and can neither lift it nor reserve; the holder's side reads why."""
    case = a_case(world, level=2, birth_date=OLDER)
    with_participants(case, world.school, world.ppt)
    consent(case, [world.school, world.ppt, world.coordinating_unit])
    voice = a_voice(fresh(case), world.teacher)
    client = world.client(world.teacher)
    url = f"/reserver/stemme/{voice.pk}/"
    assert client.get(url).status_code == 200
    assert client.post(url, {**WHY, "assessed_on": f"{today():%d.%m.%Y}"}).status_code == 303
    ppt = world.actor(Role.CONTRIBUTOR, world.ppt)
    page = f"/saker/{case.pk}/barnets-stemme/"
    read = {
        who: world.client(actor).get(page).content.decode() for who, actor in (("ppt", ppt), ("ko", world.coordinator))
    }
    assert all("Foreldrene skal ikke få vite dette." in text for text in read.values())
    assert [WHY["reason"] in read[who] for who in ("ppt", "ko")] == [False, True]
    row = Withheld.objects.get()
    assert world.client(ppt).get(f"/reservert/{row.pk}/opphev/").status_code == 404
    with pytest.raises(Denied):
        lift(reserved=row, reason="Nei", by=ppt)
    assert world.client(ppt).get(url).status_code == 403


def test_the_hospital_reads_what_is_reserved_on_paper_and_in_text(world: World) -> None:
    """Given reserved words, measure and document; when the referral is printed; then each is marked, and it says so
    first; nothing is said where nothing is reserved."""
    case = consented_case(world, birth_date=OLDER)
    voice, measure = a_voice(case, world.coordinator), a_measure(case, world.coordinator)
    referral = a_referral(world, fresh(case), world.school)
    edition = current_edition(case.community)
    before = build(referral, fresh(case), edition=edition)
    assert "reserved" not in before["family"]
    for entry in (voice, measure):
        reserve(entry=entry, by=world.coordinator, assessed_on=today(), **WHY)
    content = build(referral, fresh(case), edition=edition)
    said = "Foreldrene skal ikke få vite dette: barnet ønsker det ikke. (NORN_FORANS)"
    assert [row["reserved"] for row in (*content["child_voices"], *content["measures"])] == [said, said]
    assert content["family"]["reserved"] is True
    text = as_text(content, edition)
    assert text.index("NOE SKAL FORELDRENE IKKE FÅ VITE") < text.index(said)
    assert WHY["reason"] not in text
    assert render(content).pages
