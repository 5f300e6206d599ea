"""What a snapshot holds: the sources in order, what consent covers, what is held back, and the checklist."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.access import viewer_of
from cases.actions.measures import add_measure, stop_measure
from cases.actions.voice import record_voice
from cases.models import Child, Guardian
from guideline.editions import current_edition
from referrals.actions.write import decline_contribution
from referrals.checklist import Unasked, completeness
from referrals.models import Referral
from referrals.plain_text import as_text
from referrals.snapshot import build, seen_by
from tests.referral_stories import (
    a_referral,
    consented_case,
    fresh_contribution,
    fresh_referral,
    submitted,
    writer_of,
)
from tests.world import World


def content_of(referral: Referral, viewer: object = None) -> dict[str, object]:
    case = referral.case
    return build(referral, case, edition=current_edition(case.community), viewer=viewer)


def test_everything_the_case_holds_is_carried_in_with_source_and_date(world: World) -> None:
    referral = a_referral(world)
    add_measure(case=referral.case, service=referral.case.holder.service, title="Samtaler",
                started_on=dt.date(2026, 3, 4), by=world.coordinator)  # fmt: skip
    record_voice(case=referral.case, speaker="child", words="Jeg vil sove.", how_obtained="Samtale",
                 obtained_on=timezone.localdate(), by=world.coordinator)  # fmt: skip
    content = content_of(fresh_referral(referral))
    concern, measure, voice = content["concerns"][0], content["measures"][0], content["child_voices"][0]
    assert concern["text"].startswith("Trekker seg unna")
    assert concern["by"] == f"{world.coordinator.name}, Koordinerende enhet Fjordvik"
    assert (measure["title"], measure["started"]) == ("Samtaler", "2026-03-04")
    assert (voice["text"], voice["how"]) == ("Jeg vil sove.", "Samtale")
    assert [g["name"] for g in content["guardians"]] == ["Mor Fjord", "Far Fjord"]
    assert content["worry"] == "Ada har trukket seg unna siden høsten."


def test_contributions_pending_and_declined_each_stand_in_their_place(world: World) -> None:
    referral = a_referral(world, None, world.school, world.ppt, world.health_visitor)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.school)), "Skolens tekst")
    no = fresh_contribution(referral.contributions.get(service=world.ppt))
    decline_contribution(contribution=no, code="nothing_new", note="Se rapport", by=writer_of(world, no))
    content = content_of(fresh_referral(referral))
    assert [c["service"] for c in content["contributions"]] == ["Fjordvik skole"]
    assert content["contributions"][0]["sections"][0]["heading"] == "Hva er dere bekymret for?"
    assert content["declined"][0]["text"] == "Se rapport"
    assert [p["service"] for p in content["pending"]] == ["Fjordvik helsestasjon"]


def test_a_section_of_a_category_the_receiver_has_no_consent_for_is_held_back_and_named(world: World) -> None:
    case = consented_case(world, world.health_visitor, categories=("health",))
    referral = a_referral(world, case, world.health_visitor)
    submitted(world, fresh_contribution(referral.contributions.get()), "Tekst")
    content = content_of(fresh_referral(referral))
    headings = [s["key"] for s in content["contributions"][0]["sections"]]
    assert "home" not in headings
    assert "health" in headings
    labels = [gap["label"] for gap in content["gaps"]]
    assert "Deler av bidraget fra Fjordvik helsestasjon er ikke med" in labels


def test_sealed_goes_whole_to_the_receiver_and_empty_to_the_holder(world: World) -> None:
    referral = a_referral(world, None, world.school)
    submitted(world, fresh_contribution(referral.contributions.get()), "Forseglet", sealed=True)
    referral = fresh_referral(referral)
    whole = content_of(referral)
    assert whole["contributions"][0]["sections"][0]["text"] == "Forseglet"
    holder = viewer_of(world.coordinator, referral.case)
    draft = content_of(referral, holder)
    assert (draft["contributions"][0]["sealed"], draft["contributions"][0]["sections"]) == (True, [])
    frozen = seen_by(whole, holder, referral)
    assert frozen["contributions"][0]["sections"] == []
    assert "Forseglet" not in str(frozen)
    school = seen_by(whole, viewer_of(world.teacher, referral.case), referral)
    assert school["contributions"][0]["sections"]


def test_the_checklist_names_who_owes_what(world: World) -> None:
    referral = a_referral(world, None, world.school, world.ppt)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.ppt)))
    referral = fresh_referral(referral)
    edition = current_edition(referral.case.community)
    unasked = [Unasked("Fjordvik helsestasjon", "health_visitor")]
    rows = {row.item.key: row for row in completeness(referral, edition, content_of(referral), unasked)}
    assert (rows["friends"].owner, rows["friends"].place) == ("Fjordvik skole", "contribution")
    assert (rows["home"].owner, rows["home"].place) == ("Fjordvik helsestasjon", "ask")
    assert rows["medication"].place == "gp"
    assert rows["mapping"].by == "PPT Fjordvik"
    assert rows["questions"].answered
    assert rows["consent"].answered
    assert not rows["child_voice"].answered


def test_a_blank_contribution_template_answers_nothing_by_itself(world: World) -> None:
    referral = a_referral(world, None, world.school)
    submitted(world, fresh_contribution(referral.contributions.get()), "x")
    referral = fresh_referral(referral)
    rows = {
        r.item.key: r for r in completeness(referral, current_edition(referral.case.community), content_of(referral))
    }
    assert rows["school"].by == "Fjordvik skole"
    assert rows["school_report"].by == ""


def test_building_costs_the_same_however_much_there_is(world: World) -> None:
    costs = []
    for services in ((world.school,), (world.school, world.ppt, world.health_visitor, world.gp)):
        referral = a_referral(world, consented_case(world, *services), *services)
        for contribution in referral.contributions.all():
            submitted(world, fresh_contribution(contribution))
        referral = fresh_referral(referral)
        with CaptureQueriesContext(connection) as queries:
            content_of(referral)
        costs.append(len(queries))
    # Two of them take the job role on and off again.
    assert costs[0] == costs[1] <= 6


def test_the_gp_is_named_also_where_it_was_not_asked_for_a_contribution(world: World) -> None:
    """Given the GP's office takes part and was asked for nothing, when it is built, then it is fact and copy."""
    referral = a_referral(world, None, world.school)
    content = content_of(referral)
    assert content["child"]["gp"] == world.gp.name
    assert content["child"]["school"] == world.school.name
    assert {"name": world.gp.name, "why": "fastlege"} in content["copies"]
    assert content["copies_by"] == "referrer"


def test_the_hospital_can_reach_the_guardian_of_a_protected_child_and_learns_no_address(world: World) -> None:
    """Given a protected child and a mother whose contact the father must not have, when it is built, then phone goes
    along, marked, and the address stands nowhere."""
    case = consented_case(world)
    Guardian.objects.filter(child=case.child).update(contact_hidden=True, address="Skjult vei 1")
    Child.objects.filter(pk=case.child_id).update(address_protection="confidential")
    content = content_of(fresh_referral(a_referral(world, case)))
    mother = content["guardians"][0]
    assert mother["contact"] == {"phone": "99 99 99 99", "email": "", "address": ""}
    assert (mother["contact_private"], mother["contact_hidden"]) == (True, False)
    assert "Skjult vei" not in str(content)
    # Nothing names the municipality, and the GP's office stands only where it has written.
    assert "Fjordvik kommune" not in str(content)
    assert world.gp.name not in str(content["copies"])


def test_a_measure_goes_along_with_what_was_done_and_why_it_was_stopped(world: World) -> None:
    """Given a measure described and stopped, when it is built, then all goes along, with who wrote it and when."""
    referral = a_referral(world)
    measure = add_measure(case=referral.case, service=world.school, title="Samtaler", description="Hver fredag",
                          started_on=dt.date(2026, 3, 4), by=world.coordinator)  # fmt: skip
    stop_measure(measure=measure, reason="Ada ville ikke mer", by=world.coordinator)
    content = content_of(fresh_referral(referral))
    row = content["measures"][0]
    assert (row["text"], row["state"], row["stopped"]) == ("Hver fredag", "stopped", "Ada ville ikke mer")
    assert (row["by"], row["date"]) == (f"{world.coordinator.name}, Koordinerende enhet Fjordvik",
                                        timezone.localdate().isoformat())  # fmt: skip
    text = as_text(content, current_edition(referral.case.community))
    assert "Hver fredag\nStoppet: Ada ville ikke mer\nSkrevet av: " in text
    assert "Ikke evaluert" not in text
