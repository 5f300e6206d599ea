"""Who may undo what was said about sharing, who is told, and what a statutory basis may open against a no."""

import pytest
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.errors import mark_error
from cases.actions.statutory import record_statutory_basis
from cases.models import Case, Consent, Notification
from portal.access import Denied
from portal.answering import Invalid
from portal.models import AuditEvent
from portal.timeframe import today
from tests.cases_content.seeing import is_in, sees
from tests.stories import a_case, consent, fresh, with_participants
from tests.world import World

pytestmark = pytest.mark.django_db


def refused(world: World) -> tuple[Case, Consent]:
    """A school that takes part, and a no to it about health alone."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    consent(case, [world.school], ["school"])
    return fresh(case), consent(case, [world.school], ["health"], decision="refused")


def test_a_service_cannot_lift_the_no_that_keeps_it_out(world: World) -> None:
    """Given a no to a school in the case; when its teacher lifts it, or marks it as wrong; then it is denied."""
    case, no = refused(world)
    assert is_in(case, world.school, timezone.now())
    with pytest.raises(Denied):
        withdraw_consent(consent=no, by=world.teacher)
    with pytest.raises(Denied):
        mark_error(entry=no, reason="Feil", by=world.teacher)
    client = world.client(world.teacher)
    assert client.post(f"/samtykke/{no.pk}/trekk/", {}).status_code == 403
    assert f"/samtykke/{no.pk}/trekk/" not in client.get(f"/saker/{case.pk}/samtykke/").content.decode()
    holders = world.client(world.coordinator).get(f"/saker/{case.pk}/samtykke/").content.decode()
    assert f"/samtykke/{no.pk}/trekk/" in holders
    no.refresh_from_db()
    assert no.withdrawn_at is None
    assert not no.in_error


def test_a_yes_recorded_by_the_holder_is_not_voided_by_a_participant(world: World) -> None:
    """Given a yes; when a participant marks it as wrong; then it is denied, though it may still record a withdrawal."""
    case, _no = refused(world)
    yes = Consent.objects.get(case=case, decision="given")
    with pytest.raises(Denied):
        mark_error(entry=yes, reason="Feil", by=world.teacher)
    assert withdraw_consent(consent=yes, by=world.teacher).withdrawn_at


def test_the_holder_is_always_told(world: World) -> None:
    """Given a no lifted by a colleague of the holder; when the holder looks; then a notice leads to it."""
    case, no = refused(world)
    colleague = world.actor("coordinating_unit", world.coordinating_unit)
    withdraw_consent(consent=no, by=colleague)
    told = Notification.objects.get(kind="consent.lifted", user=world.coordinator.user)
    assert told.get_absolute_url() == f"/saker/{case.pk}/samtykke/"
    assert not Notification.objects.filter(user=world.teacher.user, kind="consent.lifted").exists()


def test_only_services_that_were_in_the_case_are_told(world: World) -> None:
    """Given a yes to a service that never joined; when it is withdrawn; then that service learns of no case."""
    case = a_case(world, level=2)
    with_participants(case, world.school)
    outsider = world.actor("contributor", world.ppt)
    yes = consent(case, [world.school, world.ppt], ["health"])
    withdraw_consent(consent=yes, by=world.coordinator)
    told = set(Notification.objects.filter(kind="consent.withdrawn").values_list("user", flat=True))
    assert outsider.person.pk not in told
    assert world.client(outsider).get(f"/samtykke/{yes.pk}/trukket/").status_code == 404


def test_the_notice_page_is_logged_and_only_of_what_is_withdrawn(world: World) -> None:
    """Given a yes to two services; when it is taken back for one; then that one alone reads so, and the log knows."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    ppt = world.actor("contributor", world.ppt)
    teacher = world.teacher
    yes = consent(case, [world.school, world.ppt], ["health"])
    page = f"/samtykke/{yes.pk}/trukket/"
    assert [world.client(who).get(page).status_code for who in (teacher, ppt, world.coordinator)] == [404] * 3
    withdraw_consent(consent=yes, services=[world.school], by=world.coordinator)
    assert [world.client(who).get(page).status_code for who in (teacher, ppt, world.coordinator)] == [200, 404, 200]
    read = AuditEvent.objects.filter(verb="case.consent_notice", kind="read", case_id=case.pk)
    assert set(read.values_list("user_id", flat=True)) == {teacher.person.pk, world.coordinator.person.pk}


def test_cooperating_personnel_yields_to_a_no(world: World) -> None:
    """Given a basis between health personnel; when a guardian says no; then it closes; the duty to notify holds."""
    case = a_case(world, level=2)
    with_participants(case, world.gp, world.child_protection)
    for service, code in ((world.gp, "cooperating_personnel"), (world.child_protection, "duty_to_notify")):
        record_statutory_basis(
            case=case, service=service, code=code, categories=["health"], reason="Nødvendig", by=world.coordinator
        )
    assert sees(case, world.gp, timezone.now()) == {"health"}
    consent(case, [], ["health"], decision="refused")
    assert sees(case, world.gp, timezone.now()) == set()
    assert sees(case, world.child_protection, timezone.now()) == {"health"}


@pytest.mark.parametrize(
    ("code", "service", "categories", "field"),
    [
        ("duty_to_notify", "school", ["health"], "code"),
        ("child_protection_order", "school", ["health"], "code"),
        ("cooperating_personnel", "school", ["health"], "code"),
        ("cooperating_personnel", "gp", ["health", "school"], "categories"),
        ("emergency", "gp", ["health"], "valid_until"),
    ],
)
def test_a_basis_opens_no_wider_than_its_text(
    world: World, code: str, service: str, categories: list[str], field: str
) -> None:
    """Given a named basis; when it is recorded for others, for more, or without its end; then the field says so."""
    case = a_case(world, level=2)
    given = {"case": case, "service": getattr(world, service), "code": code, "categories": categories, "reason": "Nå"}
    with pytest.raises(Invalid) as refused_:
        record_statutory_basis(**given, by=world.coordinator)
    assert list(refused_.value.errors) == [field]
    if field == "valid_until":
        assert record_statutory_basis(**given, valid_until=today(), by=world.coordinator).valid_until
