"""The contributor writes: versions, two writers, submitting, declining, thinking again."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.models import Consent, Deadline, Notification, Task
from portal.access import Denied
from portal.answering import Invalid
from portal.ids import uuid7
from portal.models import KeptText, Role
from portal.states import MovedOn
from referrals.actions.conflict import TextConflict
from referrals.actions.finalise import withdraw_referral
from referrals.actions.write import (
    decline_contribution,
    reopen_contribution,
    save_section,
    submit_contribution,
)
from referrals.models import Contribution, ContributionSection
from tests.referral_stories import (
    a_contribution,
    a_referral,
    fresh_contribution,
    fresh_referral,
    submitted,
    writer_of,
    written,
)
from tests.stories import holder_actor
from tests.world import World


def first_section(contribution: Contribution) -> ContributionSection:
    section = contribution.sections.order_by("position")[0]
    section.contribution = contribution
    return section


def test_saving_raises_the_version_and_starts_the_contribution(world: World) -> None:
    contribution = a_contribution(world)
    saved = save_section(section=first_section(contribution), text="Hei", version=1, by=world.teacher)
    assert (saved.text, saved.version, saved.written_by) == ("Hei", 2, world.teacher.user)
    assert fresh_contribution(contribution).state == "started"


def test_the_same_text_again_changes_nothing_whatever_the_version(world: World) -> None:
    contribution = a_contribution(world)
    save_section(section=first_section(contribution), text="Hei", version=1, by=world.teacher)
    again = save_section(section=first_section(contribution), text="Hei", version=1, by=world.teacher)
    assert again.version == 2


def test_two_who_write_at_once_both_keep_their_text(world: World) -> None:
    contribution = a_contribution(world)
    section = first_section(contribution)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    save_section(section=section, text="Den første", version=1, by=world.teacher)
    with pytest.raises(TextConflict) as both:
        save_section(section=section, text="Den andre", version=1, by=colleague)
    assert (both.value.current, both.value.version, both.value.who) == ("Den første", 2, world.teacher.name)
    kept = KeptText.objects.get(owner=colleague.user)
    assert kept.fields == {section.key: "Den andre"}
    assert kept.path == reverse("referrals:contribution", args=[contribution.pk])
    section.refresh_from_db()
    assert section.text == "Den første"


def test_a_page_that_goes_on_typing_after_a_conflict_keeps_one_text(world: World) -> None:
    contribution = a_contribution(world)
    section = first_section(contribution)
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    save_section(section=section, text="Den første", version=1, by=world.teacher)
    for text in ("Den", "Den andre", "Den andre teksten"):
        with pytest.raises(TextConflict):
            save_section(section=section, text=text, version=1, by=colleague)
    assert [kept.fields[section.key] for kept in KeptText.objects.filter(owner=colleague.user)] == ["Den andre teksten"]


def test_a_page_is_not_in_conflict_with_its_own_autosave(world: World) -> None:
    contribution = a_contribution(world)
    section, page = first_section(contribution), uuid7()
    save_section(section=section, text="Hei", version=1, page=page, by=world.teacher)
    saved = save_section(section=section, text="Hei igjen", version=1, page=page, by=world.teacher)
    assert (saved.text, saved.version) == ("Hei igjen", 3)
    with pytest.raises(TextConflict):
        save_section(section=section, text="Annen fane", version=1, page=uuid7(), by=world.teacher)


def test_too_long_a_text_is_refused_with_its_limit(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        save_section(section=first_section(a_contribution(world)), text="x" * 200_000, version=1, by=world.teacher)
    assert "20000" in refused.value.errors["text"]


def test_only_the_service_asked_writes(world: World) -> None:
    contribution = a_contribution(world)
    for other in (
        world.coordinator,
        world.actor(Role.CONTRIBUTOR, world.ppt),
        world.actor(Role.SERVICE_LEADER, world.school),
    ):
        with pytest.raises(Denied):
            save_section(section=first_section(contribution), text="Hei", version=1, by=other)


def test_submitting_closes_the_task_meets_the_deadline_and_tells_the_holder(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    assert (contribution.state, contribution.submitted_by) == ("submitted", world.teacher.user)
    assert not Task.objects.filter(kind="contribution.write", closed_at__isnull=True).exists()
    assert Deadline.objects.get(subject_id=contribution.pk).state == "met"
    told = Notification.objects.get(kind="contribution.submitted")
    assert (told.user, told.detail) == (world.coordinator.user, "Fjordvik skole")


def test_a_double_click_submits_once(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    assert submit_contribution(contribution=contribution, by=world.teacher) is False
    assert Notification.objects.filter(kind="contribution.submitted").count() == 1


def test_a_second_person_learns_who_was_first(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    colleague = world.actor(Role.CONTRIBUTOR, world.school, "Kollega")
    with pytest.raises(MovedOn, match="Levert"):
        submit_contribution(contribution=contribution, by=colleague)


def test_an_empty_contribution_is_not_submitted(world: World) -> None:
    with pytest.raises(Invalid):
        submit_contribution(contribution=a_contribution(world), by=world.teacher)


def test_consent_withdrawn_while_writing_stops_the_submission_but_not_a_no(world: World) -> None:
    contribution = written(world, a_contribution(world))
    for consent in Consent.objects.filter(case=contribution.referral.case):
        withdraw_consent(consent=consent, by=holder_actor(contribution.referral.case))
    with pytest.raises(MovedOn, match="kan ikke leveres nå"):
        submit_contribution(contribution=fresh_contribution(contribution), by=world.teacher)
    assert decline_contribution(contribution=fresh_contribution(contribution), code="no_consent", by=world.teacher)


def test_declining_takes_a_reason_of_the_edition(world: World) -> None:
    contribution = a_contribution(world)
    with pytest.raises(Invalid) as refused:
        decline_contribution(contribution=contribution, code="because", by=world.teacher)
    assert "code" in refused.value.errors
    assert decline_contribution(contribution=contribution, code="does_not_know_child", note="Ny i år", by=world.teacher)
    again = fresh_contribution(contribution)
    assert (again.state, again.decline_code, again.decline_note) == ("declined", "does_not_know_child", "Ny i år")
    assert Notification.objects.filter(kind="contribution.declined").exists()


def test_a_leader_may_decline_for_the_service(world: World) -> None:
    leader = world.actor(Role.SERVICE_LEADER, world.school)
    assert decline_contribution(contribution=a_contribution(world), code="nothing_new", by=leader)


@pytest.mark.parametrize("answer", ["submitted", "declined"])
def test_the_service_can_think_again_while_the_referral_is_being_made(world: World, answer: str) -> None:
    contribution = a_contribution(world)
    if answer == "submitted":
        contribution = submitted(world, contribution)
    else:
        decline_contribution(contribution=contribution, code="nothing_new", by=world.teacher)
    assert Task.objects.filter(kind="referral.assemble", closed_at__isnull=True).count() == 1
    assert reopen_contribution(contribution=fresh_contribution(contribution), by=world.teacher)
    again = fresh_contribution(contribution)
    assert (again.state, again.submitted_at, again.declined_at, again.decline_code) == ("started", None, None, "")
    assert not Task.objects.filter(kind="referral.assemble", closed_at__isnull=True).exists()
    assert Task.objects.filter(kind="contribution.write", closed_at__isnull=True).count() == 1
    assert Deadline.objects.filter(subject_id=again.pk, state="open").count() == 1


def test_a_submitted_text_does_not_change_behind_the_holder(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    section = first_section(contribution)
    with pytest.raises(MovedOn, match="Åpne det igjen"):
        save_section(section=section, text="Noe annet", version=section.version, by=world.teacher)


def test_when_the_referral_is_withdrawn_nobody_writes_more(world: World) -> None:
    contribution = written(world, a_contribution(world))
    withdraw_referral(referral=contribution.referral, reason="Flyttet", by=world.coordinator)
    late = fresh_contribution(contribution)
    section = first_section(late)
    for write in (
        lambda: submit_contribution(contribution=late, by=world.teacher),
        lambda: decline_contribution(contribution=late, code="nothing_new", by=world.teacher),
        lambda: save_section(section=section, text="Mer", version=section.version, by=world.teacher),
    ):
        with pytest.raises(MovedOn):
            write()


def test_the_holder_gets_the_turn_when_the_last_has_answered(world: World) -> None:
    referral = a_referral(world, None, world.school, world.ppt)
    school, ppt = (Contribution.objects.get(referral=referral, service=s) for s in (world.school, world.ppt))
    submitted(world, fresh_contribution(school))
    assert not Task.objects.filter(kind="referral.assemble").exists()
    ppt = fresh_contribution(ppt)
    decline_contribution(contribution=ppt, code="nothing_new", by=writer_of(world, ppt))
    task = Task.objects.get(kind="referral.assemble", closed_at__isnull=True)
    assert (task.user, task.subject_id) == (world.coordinator.user, referral.pk)
    assert fresh_referral(referral).state == "collecting"


def test_times_and_people_come_in_pairs(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    assert contribution.submitted_at is not None
    assert contribution.submitted_at <= timezone.now()
