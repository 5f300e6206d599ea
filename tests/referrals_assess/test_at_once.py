"""Two people at the same instant, in real transactions: one sends, the other is told; no text is lost."""

from portal.models import KeptText, Role
from portal.states import MovedOn
from referrals.actions.assess import save_assessment
from referrals.actions.conflict import TextConflict
from referrals.actions.finalise import finalise_referral
from referrals.models import GpAssessment, Snapshot
from tests.at_once import together
from tests.referral_stories import fresh_referral
from tests.referrals_assess.stories import on_the_desk, ready
from tests.world import World


def test_two_finalising_at_once_send_once_and_two_writing_both_keep_their_text(lasting: World) -> None:
    world = lasting
    other = world.actor(Role.GP, world.gp, "Lege Nummer To")
    referral = on_the_desk(world)
    results = together(
        lambda: save_assessment(referral=fresh_referral(referral), sections={"risk": "A"}, version=0, by=world.doctor),
        lambda: save_assessment(referral=fresh_referral(referral), sections={"risk": "B"}, version=0, by=other),
    )
    assert sorted(type(result).__name__ for result in results) == ["GpAssessment", "TextConflict"]
    assert any(isinstance(result, TextConflict) for result in results)
    saved, kept = GpAssessment.objects.get().sections["risk"], KeptText.objects.get().fields["risk"]
    assert {saved, kept} == {"A", "B"}

    second = ready(world)
    results = together(
        lambda: finalise_referral(referral=fresh_referral(second), by=world.doctor),
        lambda: finalise_referral(referral=fresh_referral(second), by=other),
    )
    assert sorted(type(result).__name__ for result in results) == ["MovedOn", "Snapshot"]
    assert any(isinstance(result, MovedOn) for result in results)
    assert Snapshot.objects.filter(referral=second).count() == 1
