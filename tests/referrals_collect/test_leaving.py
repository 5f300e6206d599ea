"""A service leaves the case: nothing more is awaited from it, and it keeps its own text alone."""

import pytest

from cases.actions.consent import withdraw_consent
from cases.actions.participants import end_participation
from cases.models import Case, Consent, Deadline, Participant, Task
from portal.models import Service
from portal.states import MovedOn
from referrals.actions.write import submit_contribution
from referrals.models import Contribution, Referral
from tests.referral_stories import a_referral, fresh_contribution, submitted, writer_of, written
from tests.referrals_assess.stories import url
from tests.stories import a_case, consent, fresh, holder_actor, with_participants
from tests.world import World


def _referral(world: World) -> Referral:
    """School and PPT are asked, each on a consent of its own."""
    case = a_case(world, level=2)
    with_participants(case, world.school, world.ppt)
    consent(case, [world.bup])
    for service in (world.school, world.ppt):
        consent(case, [service])
    return a_referral(world, fresh(case), world.school, world.ppt)


def _leaves(case: Case, service: Service) -> None:
    participant = Participant.objects.get(case=case, service=service, ended_at=None)
    end_participation(participant=participant, reason="Byttet skole", by=holder_actor(case))


def test_what_was_awaited_falls_away_and_it_may_be_the_holders_turn(world: World) -> None:
    """Given the school owes the last contribution, when it leaves, then nothing is awaited and the holder goes on."""
    referral = _referral(world)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.ppt)))
    owed = written(world, fresh_contribution(referral.contributions.get(service=world.school)), "Halvferdig tekst")
    _leaves(referral.case, world.school)
    owed = fresh_contribution(owed)
    assert owed.state == Contribution.State.CANCELLED
    assert not Task.objects.filter(subject_id=owed.pk, closed_at=None).exists()
    assert not Deadline.objects.filter(subject_id=owed.pk, state="open").exists()
    assert Task.objects.filter(kind="referral.assemble", subject_id=referral.pk, closed_at=None).exists()
    with pytest.raises(MovedOn):
        submit_contribution(contribution=owed, by=writer_of(world, owed))
    html = world.client(world.teacher).get(url("contribution", owed.pk)).content.decode()
    assert "Forespørselen er trukket tilbake." in html
    for secret in ("Ada Fjord", "BUP Fjordvik"):
        assert secret not in html


def test_the_holders_own_service_never_leaves(world: World) -> None:
    """Given the holder's service is listed as taking part too, when that ends, then its contribution is still owed."""
    case = _referral(world).case
    with_participants(case, case.holder.service)
    consent(case, [case.holder.service])
    own = a_referral(world, fresh(case), case.holder.service, receiver=world.habu).contributions.get()
    _leaves(case, case.holder.service)
    assert fresh_contribution(own).state == Contribution.State.REQUESTED


def test_it_goes_on_reading_its_own_text_and_not_of_whom(world: World) -> None:
    """Given the school has submitted, when it leaves and consent is withdrawn, then its own text is all it reads."""
    referral = _referral(world)
    given = submitted(world, fresh_contribution(referral.contributions.get(service=world.school)), "Skolens egne ord")
    _leaves(referral.case, world.school)
    client = world.client(world.teacher)
    assert "Ada Fjord" in client.get(url("contribution", given.pk)).content.decode()
    withdraw_consent(consent=Consent.objects.get(covered__service=world.school), by=holder_actor(referral.case))
    html = client.get(url("contribution", given.pk)).content.decode()
    assert "Skolens egne ord" in html
    for secret in ("Ada Fjord", "BUP Fjordvik", "14.05.2017", "14. mai 2017"):
        assert secret not in html
