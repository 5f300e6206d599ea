"""Recording and taking back: who may, what is refused with a sentence, tasks, notices."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.errors import mark_error
from cases.actions.guardians import GuardianDetails, add_guardian, change_guardian, set_capacity, version_of
from cases.actions.statutory import record_statutory_basis
from cases.models import Consent, Deadline, Guardian, Notification, Task
from cases.sharing import SharingFacts, may_share
from guideline.editions import current_edition
from portal.access import Denied
from portal.answering import Invalid
from portal.models import AuditEvent, Role
from portal.states import MovedOn
from portal.timeframe import start_of, today
from tests.cases_content.seeing import is_in, sees
from tests.stories import a_case, consent, fresh, guardians, with_participants
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_only_the_holders_side_records_consent(world: World) -> None:
    case = a_case(world, level=2)
    guardians(case)
    with_participants(case, world.school)
    with pytest.raises(Denied):
        consent(case, [world.school], by=world.teacher)


def test_anyone_in_the_case_records_a_withdrawal(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    row = consent(case, [world.school])
    withdraw_consent(consent=row, note="Mor ringte skolen.", by=world.teacher)
    row.refresh_from_db()
    assert row.withdrawn_by == world.teacher.user
    assert row.withdrawal_note == "Mor ringte skolen."


def test_a_stranger_withdraws_nothing(world: World) -> None:
    row = consent(a_case(world, level=2), [world.school])
    with pytest.raises(Denied):
        withdraw_consent(consent=row, by=world.actor(Role.CONTRIBUTOR, world.other_school))


def test_withdrawing_twice_is_harmless_for_one_and_kind_to_another(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    row = consent(case, [world.school, world.coordinating_unit])
    first = withdraw_consent(consent=row, by=world.coordinator)
    assert withdraw_consent(consent=row, by=world.coordinator).withdrawn_at == first.withdrawn_at
    with pytest.raises(MovedOn):
        withdraw_consent(consent=row, by=world.actor(Role.COORDINATOR, world.coordinating_unit, "Annen Koordinator"))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("parties", {"parties": []}),
        ("parties", {"parties": ["guardian:00000000-0000-0000-0000-000000000000"]}),
        ("parties", {"parties": ["youth"]}),
        ("parties", {"parties": ["tull"]}),
        ("services", {"services": []}),
        ("categories", {"categories": []}),
        ("categories", {"categories": ["finnes-ikke"]}),
        ("given_on", {"given_on": today() + DAY}),
        ("valid_until", {"valid_until": today() - DAY}),
        ("valid_until", {"valid_until": today() + DAY, "valid_from": today() + 2 * DAY}),
    ],
)
def test_wrong_input_names_its_field(world: World, field: str, change: dict[str, object]) -> None:
    case = a_case(world, level=2)
    guardians(case)
    given = {"services": [world.school], "categories": ["health"], **change}
    with pytest.raises(Invalid) as refused:
        consent(case, **given)
    assert list(refused.value.errors) == [field]
    assert not Consent.objects.exists()


def test_a_parent_cannot_consent_where_the_youth_decides(world: World) -> None:
    case = a_case(world, level=2, birth_date=today().replace(year=today().year - 15, day=1) - 40 * DAY)
    guardians(case)
    with pytest.raises(Invalid) as refused:
        consent(case, [world.school], ["school", "health"])
    assert "Den unge bestemmer selv" in refused.value.errors["categories"]
    mixed = [f"guardian:{g.pk}" for g in Guardian.objects.all()]
    with_participants(case, world.ppt)
    consent(case, [world.ppt], ["school", "health"], parties=[*mixed, "youth"])
    assert sees(case, world.ppt, timezone.now()) == {"school", "health"}


def test_a_guardian_who_is_to_see_nothing_cannot_consent_and_is_not_needed_with_a_reason(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    mother, father = guardians(case)
    details = GuardianDetails(name=father.name, relation="father", parental_responsibility=True, blocked=True)
    change_guardian(case=case, guardian=father, details=details, version=version_of(father), by=world.coordinator)
    with pytest.raises(Invalid):
        consent(case, [world.school], parties=[f"guardian:{father.pk}"])
    consent(case, [world.school], ["health"], parties=[f"guardian:{mother.pk}"], one_guardian_reason="Far er farlig.")
    assert sees(case, world.school, timezone.now()) == {"health"}


def test_barnevern_decides_after_taking_over_the_care(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    consent(case, [world.school], ["health"])
    assert sees(case, world.school, timezone.now()) == {"health"}
    set_capacity(case=case, version=version_of(case.child), care_taken_over_on=today(), by=world.coordinator)
    assert sees(case, world.school, timezone.now()) == set()
    consent(fresh(case), [world.school], ["health"], parties=["child_protection"])
    assert sees(case, world.school, timezone.now()) == {"health"}


def test_lacking_capacity_leaves_it_to_verge_within_the_mandate(world: World) -> None:
    case = a_case(world, level=2, birth_date=today().replace(year=today().year - 19, day=1))
    with_participants(case, world.ppt)
    set_capacity(
        case=case,
        version=version_of(case.child),
        care_taken_over_on=None,
        lacks_capacity_reason="Utviklingshemming",
        lacks_capacity_assessed_by="Lege Ås, HABU",
        lacks_capacity_on=today() - DAY,
        by=world.coordinator,
    )
    details = GuardianDetails(name="Verge Vik", relation="legal_guardian", mandate_categories=("health",))
    verge = add_guardian(case=case, details=details, by=world.coordinator)
    case = fresh(case)
    with pytest.raises(Invalid):
        consent(case, [world.ppt], ["school"], parties=[f"legal_guardian:{verge.pk}"])
    consent(case, [world.ppt], ["health"], parties=[f"legal_guardian:{verge.pk}"])
    assert sees(case, world.ppt, timezone.now()) == {"health"}


def test_half_an_assessment_is_refused(world: World) -> None:
    case = a_case(world, level=2)
    with pytest.raises(Invalid):
        set_capacity(
            case=case,
            version=version_of(case.child),
            care_taken_over_on=None,
            lacks_capacity_reason="Fordi",
            by=world.coordinator,
        )
    with pytest.raises(Invalid):
        set_capacity(case=case, version=version_of(case.child), care_taken_over_on=today() + DAY, by=world.coordinator)


def test_a_guardian_marked_wrong_no_longer_counts(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    mother, father = guardians(case)
    consent(case, [world.school], ["health"], parties=[f"guardian:{mother.pk}"])
    assert sees(case, world.school, timezone.now()) == set()
    mark_error(entry=father, case=case, reason="Gjaldt et annet barn", by=world.coordinator)
    assert sees(case, world.school, timezone.now()) == {"health"}


def test_a_consent_marked_wrong_closes_at_once(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    teacher = world.teacher
    row = consent(case, [world.school])
    mark_error(entry=row, reason="Feil barn", by=world.coordinator)
    assert not is_in(case, world.school, timezone.now())
    assert Notification.objects.filter(kind="consent.withdrawn", user=teacher.user).exists()
    assert mark_error(entry=row, reason="Feil barn", by=world.coordinator).error_reason == "Feil barn"


def test_statutory_basis_opens_only_what_it_names_against_a_no(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.child_protection)
    consent(case, [], ["health", "family"], decision="refused")
    row = record_statutory_basis(
        case=case,
        service=world.child_protection,
        code="duty_to_notify",
        categories=["health"],
        reason="Alvorlig bekymring",
        valid_until=today() + 14 * DAY,
        by=world.coordinator,
    )
    assert row.legal_reference
    assert sees(case, world.child_protection, timezone.now()) == {"health"}
    assert sees(case, world.child_protection, start_of(today() + 15 * DAY)) == set()
    allowed = may_share(case, world.child_protection, ["health", "family"], timezone.now())
    assert [basis.allowed for basis in allowed] == [True, False]
    mark_error(entry=row, reason="Ikke grunnlag", by=world.coordinator)
    assert sees(case, world.child_protection, timezone.now()) == set()


def test_a_statutory_basis_must_fit_the_service_and_have_a_reason(world: World) -> None:
    case = a_case(world, level=2)
    with pytest.raises(Invalid) as refused:
        record_statutory_basis(
            case=case, service=world.school, code="emergency", categories=["health"], reason="x", by=world.coordinator
        )
    assert list(refused.value.errors) == ["code"]
    with pytest.raises(Invalid):
        record_statutory_basis(
            case=case, service=world.gp, code="emergency", categories=["health"], reason=" ", by=world.coordinator
        )


def test_services_concerned_are_told_without_any_name(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    teacher = world.teacher
    row = consent(case, [world.school])
    withdraw_consent(consent=row, by=world.coordinator)
    told = Notification.objects.get(kind="consent.withdrawn", user=teacher.user)
    assert told.reference == case.reference
    assert told.detail == ""
    page = world.client(teacher).get(told.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert case.reference in text
    assert case.child.name not in text
    assert world.client(world.intake).get(told.get_absolute_url()).status_code == 404


def test_renewal_is_a_task_with_a_deadline_until_another_consent_carries_on(world: World) -> None:
    case = a_case(world, level=2)
    with_participants(case, world.school)
    until = today() + 90 * DAY
    row = consent(case, [world.school], ["health"], valid_until=until)
    task = Task.objects.get(kind="consent.renew", subject_id=row.pk)
    assert task.closed_at is None
    deadline = Deadline.objects.get(rule="consent_expiry", subject_id=row.pk, state="open")
    assert deadline.anchor_on == until + DAY
    assert task.due_on == deadline.due_on == until + DAY - 30 * DAY
    again = consent(case, [world.school], ["health"], valid_until=until + 365 * DAY)
    task.refresh_from_db()
    deadline.refresh_from_db()
    assert (task.close_reason, deadline.state) == ("done", "met")
    withdraw_consent(consent=again, by=world.coordinator)
    assert not Task.objects.filter(kind="consent.renew", closed_at__isnull=True).exists()


def test_every_word_is_audited_without_text(world: World) -> None:
    case = a_case(world, level=2)
    row = consent(case, [world.school], ["health"], note="Hemmelig merknad")
    withdraw_consent(consent=row, note="Hemmelig", by=world.coordinator)
    verbs = {e.verb: e for e in AuditEvent.objects.filter(case_id=case.pk, subject_id=row.pk)}
    assert {"consent.given", "consent.withdrawn"} <= set(verbs)
    assert "Hemmelig" not in str([e.detail for e in verbs.values()])


def test_facts_of_a_case_cost_a_few_statements(world: World, django_assert_max_num_queries: object) -> None:
    case = a_case(world, level=2)
    for n in range(3):
        consent(case, [world.school, world.ppt], ["health"], note=str(n))
    with django_assert_max_num_queries(5):
        SharingFacts(case)


def test_how_it_was_given_is_the_editions_to_say(world: World) -> None:
    """Its codes are offered and named on the page; a retired or unknown one is not taken, and stays readable."""
    case = a_case(world, level=2)
    edition = current_edition(case.community)
    client = world.client(world.coordinator)
    page = client.get(f"/saker/{case.pk}/samtykke/nytt/").content.decode()
    for key, label in edition.choices("consent_given_how"):
        assert f'name="how" value="{key}"' in page
        assert label in page
    with pytest.raises(Invalid) as refused:
        consent(case, [world.school], how="digital")
    assert set(refused.value.errors) == {"how"}
    yes = consent(case, [world.school], how="interpreter")
    assert "muntlig, gjennom tolk" in client.get(f"/saker/{case.pk}/samtykke/").content.decode()
    Consent.objects.filter(pk=yes.pk).update(how="per_due")
    assert "per_due" in client.get(f"/saker/{case.pk}/samtykke/").content.decode()
