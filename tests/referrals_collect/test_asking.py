"""Asking services for contributions: on consent or a named basis, with a date, and once."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.statutory import record_statutory_basis
from cases.models import CaseAccess, Consent, Deadline, Notification, Scope, Task
from guideline.workdays import add_working_days
from portal.access import Denied
from portal.answering import Invalid
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from referrals.actions.ask import ask_contribution, ask_for_more, cancel_request, nudge
from referrals.actions.start import change_texts
from referrals.actions.write import decline_contribution
from referrals.models import Contribution, Referral
from tests.referral_stories import (
    a_contribution,
    a_referral,
    consented_case,
    fresh_contribution,
    fresh_referral,
    someone_at,
    submitted,
    writer_of,
    written,
)
from tests.stories import a_case, holder_actor
from tests.world import World


def test_asking_opens_a_task_a_deadline_and_a_place_for_the_service(world: World) -> None:
    contribution = a_contribution(world)
    assert contribution.state == "requested"
    assert contribution.due_on == add_working_days(timezone.localdate(), 10)
    assert fresh_referral(contribution.referral).state == Referral.State.COLLECTING
    task = Task.objects.get(subject_id=contribution.pk)
    assert (task.kind, task.service, task.due_on) == ("contribution.write", world.school, contribution.due_on)
    deadline = Deadline.objects.get(subject_id=contribution.pk)
    assert (deadline.rule, deadline.task, deadline.state) == ("contribution_due", task, "open")
    scopes = CaseAccess.objects.in_force(timezone.now()).filter(principal_id=world.school.pk)
    assert Scope.CONTRIBUTION in set(scopes.values_list("scope", flat=True))
    assert next(s.heading for s in contribution.sections.all()) == "Hva er dere bekymret for?"


def test_each_service_has_its_own_date_and_text(world: World) -> None:
    referral = a_referral(world)
    day = timezone.localdate() + dt.timedelta(days=3)
    made = ask_contribution(
        referral=referral, service=world.ppt, due_on=day, request_text="Kort.", by=world.coordinator
    )
    assert (made.due_on, made.request_text) == (day, "Kort.")


def test_asking_twice_gives_the_first_back(world: World) -> None:
    contribution = a_contribution(world)
    again = ask_contribution(referral=contribution.referral, service=world.school, by=world.coordinator)
    assert again == contribution
    assert Task.objects.filter(subject_id=contribution.pk).count() == 1


def test_without_consent_or_basis_the_reason_is_said(world: World) -> None:
    referral = a_referral(world)
    with pytest.raises(Invalid) as refused:
        ask_contribution(referral=referral, service=world.child_protection, by=world.coordinator)
    assert "Fjordvik barnevern kan ikke bes om bidrag ennå." in refused.value.errors["service"]
    assert not Contribution.objects.filter(service=world.child_protection).exists()


def test_a_named_statutory_basis_lets_one_ask_and_is_kept_with_the_request(world: World) -> None:
    referral = a_referral(world)
    someone_at(world, world.child_protection)
    basis = record_statutory_basis(
        case=referral.case,
        service=world.child_protection,
        code="duty_to_notify",
        categories=["child_protection"],
        reason="Meldt bekymring om vold.",
        by=world.coordinator,
    )
    made = ask_contribution(referral=fresh_referral(referral), service=world.child_protection, by=world.coordinator)
    assert made.statutory_basis == basis


def test_a_basis_for_another_category_is_no_basis(world: World) -> None:
    case = consented_case(world, world.school, world.child_protection, categories=("school",))
    with pytest.raises(Invalid):
        ask_contribution(referral=a_referral(world, case), service=world.child_protection, by=world.coordinator)


def test_a_service_of_another_municipality_is_not_asked(world: World) -> None:
    referral = a_referral(world)
    with pytest.raises(Invalid, match="ugyldig") as refused:
        ask_contribution(referral=referral, service=world.other_school, by=world.coordinator)
    assert "service" in refused.value.errors


def test_a_date_in_the_past_is_refused(world: World) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        ask_contribution(referral=a_referral(world), service=world.ppt, due_on=yesterday, by=world.coordinator)
    assert "due_on" in refused.value.errors


def test_only_the_holders_side_asks(world: World) -> None:
    referral = a_referral(world)
    with pytest.raises(Denied):
        ask_contribution(referral=referral, service=world.ppt, by=world.teacher)


def test_a_declined_contribution_can_be_asked_for_again(world: World) -> None:
    from referrals.actions.write import decline_contribution

    contribution = a_contribution(world)
    decline_contribution(contribution=contribution, code="nothing_new", by=writer_of(world, contribution))
    again = ask_contribution(
        referral=fresh_referral(contribution.referral),
        service=world.school,
        by=world.coordinator,
        request_text="Likevel?",
    )
    again = fresh_contribution(again)
    assert (again.pk, again.state, again.decline_code, again.declined_at) == (contribution.pk, "requested", "", None)
    assert Task.objects.filter(subject_id=again.pk, closed_at__isnull=True).count() == 1


def test_a_reminder_goes_once_a_day_and_is_logged(world: World) -> None:
    contribution = a_contribution(world)
    writer_of(world, contribution)
    before = Notification.objects.filter(kind="contribution.nudged").count()
    assert nudge(contribution=contribution, by=world.coordinator)
    assert not nudge(contribution=contribution, by=world.coordinator)
    assert Notification.objects.filter(kind="contribution.nudged").count() == before + 1
    assert AuditEvent.objects.filter(verb="contribution.nudged", subject_id=contribution.pk).count() == 1
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert nudge(contribution=contribution, by=world.coordinator, now=tomorrow)


def test_what_is_answered_is_not_reminded(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    with pytest.raises(MovedOn):
        nudge(contribution=contribution, by=world.coordinator)


def test_a_request_taken_back_leaves_the_inbox_and_says_so_on_its_page(world: World) -> None:
    teacher, contribution = world.teacher, a_contribution(world)
    assert cancel_request(contribution=contribution, reason="Feil tjeneste", by=world.coordinator)
    assert not Task.objects.filter(subject_id=contribution.pk, closed_at__isnull=True).exists()
    assert Deadline.objects.get(subject_id=contribution.pk).state == "cancelled"
    scopes = CaseAccess.objects.in_force(timezone.now()).filter(principal_id=world.school.pk, scope=Scope.CONTRIBUTION)
    # What the service wrote stays its own: the page opens, and says that nothing more is asked.
    assert scopes.exists()
    html = world.client(teacher).get(f"/bidrag/{contribution.pk}/").content.decode()
    assert "Dere trenger ikke svare" in html
    assert Notification.objects.filter(kind="contribution.cancelled", user=teacher.person).count() == 1
    assert not cancel_request(contribution=contribution, reason="Feil tjeneste", by=world.coordinator)


def test_taking_back_the_last_awaited_one_gives_the_holder_the_turn(world: World) -> None:
    referral = a_referral(world, None, world.school, world.ppt)
    school, ppt = (Contribution.objects.get(referral=referral, service=s) for s in (world.school, world.ppt))
    submitted(world, fresh_contribution(school))
    assert not Task.objects.filter(kind="referral.assemble", closed_at__isnull=True).exists()
    cancel_request(contribution=fresh_contribution(ppt), by=world.coordinator)
    assert Task.objects.filter(kind="referral.assemble", closed_at__isnull=True).count() == 1


def test_asking_one_more_takes_the_turn_back(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    assert Task.objects.filter(kind="referral.assemble", closed_at__isnull=True).count() == 1
    ask_contribution(referral=contribution.referral, service=world.ppt, by=world.coordinator)
    assert not Task.objects.filter(kind="referral.assemble", closed_at__isnull=True).exists()


def test_the_holder_can_ask_a_writer_for_more(world: World) -> None:
    contribution = submitted(world, a_contribution(world))
    with pytest.raises(Invalid):
        ask_for_more(contribution=contribution, message=" ", by=world.coordinator)
    assert ask_for_more(contribution=contribution, message="Skriv om friminuttene.", by=world.coordinator)
    again = fresh_contribution(contribution)
    assert (again.state, again.submitted_at) == ("started", None)
    # What was asked first still stands above it.
    assert again.request_text.startswith("Skriv kort.")
    assert again.request_text.endswith("Skriv om friminuttene.")
    assert again.sections.exclude(text="").exists()
    assert Task.objects.filter(kind="contribution.write", closed_at__isnull=True).count() == 1


def test_consent_withdrawn_closes_the_door_for_asking(world: World) -> None:
    referral = a_referral(world)
    for consent in Consent.objects.filter(case=referral.case):
        withdraw_consent(consent=consent, by=holder_actor(referral.case))
    with pytest.raises(Invalid):
        ask_contribution(referral=fresh_referral(referral), service=world.school, by=world.coordinator)


def test_a_case_not_yet_shared_has_no_referral(world: World) -> None:
    case = a_case(world, informed=False)
    with pytest.raises(MovedOn):
        a_referral(world, case)


def test_a_leader_does_not_ask(world: World) -> None:
    referral = a_referral(world)
    leader = world.actor(Role.SERVICE_LEADER, world.coordinating_unit)
    with pytest.raises(Denied):
        ask_contribution(referral=referral, service=world.ppt, by=leader)


def test_asked_once_more_without_words_what_was_asked_first_stands(world: World) -> None:
    """Given a service declined, when it is asked once more from the row, then the words of the first time stand."""
    contribution = a_contribution(world)
    decline_contribution(contribution=contribution, code="nothing_new", by=world.teacher)
    client = world.client(world.coordinator)
    due = (timezone.localdate() + dt.timedelta(days=7)).strftime("%d.%m.%Y")
    client.post(f"/henvisninger/{contribution.referral_id}/be-om-bidrag/", {"service": world.school.pk, "due_on": due})
    again = fresh_contribution(contribution)
    assert (again.state, again.request_text) == ("requested", "Skriv kort.")


def test_the_department_that_receives_it_is_not_asked(world: World) -> None:
    """Given the referral goes to BUP, when BUP is asked for a contribution, then it is refused at the service."""
    referral = a_referral(world)
    with pytest.raises(Invalid) as refused:
        ask_contribution(referral=referral, service=world.bup, by=world.coordinator)
    assert set(refused.value.errors) == {"service"}


def test_texts_have_a_longest_length(world: World) -> None:
    """Given a form that came around the page, when a text is endless, then the action refuses it at its field."""
    referral = a_referral(world)
    texts = {"questions": "", "worry": "x" * 20_001, "why_specialist": "", "urgency": "ordinary", "urgency_reason": ""}
    with pytest.raises(Invalid) as refused:
        change_texts(referral=referral, version=referral.text_version, by=world.coordinator, **texts)
    assert set(refused.value.errors) == {"worry"}


def test_a_page_that_saves_itself_or_polls_leaves_no_reading(world: World) -> None:
    """Given open pages, when they save themselves, then the write is in the log and no new reading."""
    contribution = a_contribution(world)
    referral, htmx = contribution.referral, {"HTTP_HX_REQUEST": "true"}
    section = contribution.sections.order_by("position")[0]
    reads = AuditEvent.objects.filter(kind=AuditEvent.Kind.READ)
    before = reads.count()
    typed = {f"text-{section.key}": "Uro", f"version-{section.key}": section.version}
    world.client(world.teacher).post(f"/bidrag/{contribution.pk}/del/{section.key}/", typed, **htmx)
    texts = {"worry": "Mer", "urgency": "ordinary", "version": referral.text_version}
    world.client(world.coordinator).post(f"/henvisninger/{referral.pk}/tekster/", texts, **htmx)
    assert reads.count() == before
    assert AuditEvent.objects.filter(verb__in=["contribution.written", "referral.texts_changed"]).count() == 2


def test_asking_for_more_twice_asks_once(world: World) -> None:
    """Given the holder asked for more, when the button is pressed twice, then the words stand once."""
    contribution = submitted(world, a_contribution(world))
    assert ask_for_more(contribution=contribution, message="Skriv om friminuttene.", by=world.coordinator)
    again = fresh_contribution(contribution)
    assert ask_for_more(contribution=again, message="Skriv om friminuttene.", by=world.coordinator) is False
    assert fresh_contribution(contribution).request_text.count("friminuttene") == 1
    with pytest.raises(MovedOn):
        ask_for_more(contribution=again, message="Noe annet.", by=world.coordinator)


def test_asked_again_after_it_was_taken_back_the_writer_goes_on(world: World) -> None:
    """Given a request taken back, when the service is asked again, then what it wrote stands in the new request."""
    contribution = written(world, a_contribution(world), "Halvveis i teksten")
    cancel_request(contribution=contribution, by=world.coordinator)
    again = ask_contribution(referral=contribution.referral, service=world.school, by=world.coordinator)
    assert again.pk != contribution.pk
    assert set(again.sections.values_list("text", flat=True)) == {"Halvveis i teksten"}
    assert again.state == "requested"
