"""A section that intake asks about is written on the question's own page, and goes along with the answer."""

import pytest
from django.utils import timezone

from cases.models import Deadline
from guideline.workdays import add_working_days
from portal.models import KeptText
from portal.states import MovedOn
from referrals.actions.conflict import TextConflict
from referrals.actions.finalise import withdraw_referral
from referrals.actions.information import answer_information
from referrals.actions.write import save_section
from referrals.models import ContributionSection, InformationRequest
from tests.referral_stories import fresh_referral
from tests.referrals_intake.stories import a_question, a_received_referral, contribution_of
from tests.stories import holder_actor
from tests.world import World


def the_section(world: World, question: InformationRequest) -> ContributionSection:
    """The section that was asked about, knowing its contribution."""
    contribution = contribution_of(question.referral, world.school)
    contribution.referral = fresh_referral(question.referral)
    section = contribution.sections.get(key=question.section_key)
    section.contribution = contribution
    return section


def test_the_section_is_completed_on_the_page_of_the_question(world: World) -> None:
    """Given BUP asked about one section, when the school writes and answers there, then both are in the new version."""
    question = a_question(world, a_received_referral(world))
    section = the_section(world, question)
    client, page = world.client(world.teacher), f"/sporsmal/{question.pk}/"
    html = client.get(page).content.decode()
    assert f'name="text-{section.key}"' in html
    assert f"/bidrag/{section.contribution_id}/del/{section.key}/" in html
    link = client.get(f"/bidrag/{section.contribution_id}/").content.decode()
    assert page in link
    form = {f"text-{section.key}": "Fravær 40 dager.", f"version-{section.key}": section.version, "answer": ""}
    refused = client.post(page, form)
    assert refused.status_code == 422
    section.refresh_from_db()
    assert section.text == "Fravær 40 dager."
    form |= {f"version-{section.key}": section.version, "answer": "Se over."}
    assert client.post(page, form).status_code == 303
    content = str(question.referral.snapshots.latest("version").content["contributions"])
    assert "Fravær 40 dager." in content
    assert "Se over." in content


def test_the_text_that_lost_is_kept_on_that_page(world: World) -> None:
    """Given two write in the reopened section, when the second saves, then it finds its text on the question's page."""
    question = a_question(world, a_received_referral(world))
    section = the_section(world, question)
    save_section(section=section, text="Min", version=section.version, by=world.teacher)
    with pytest.raises(TextConflict):
        save_section(section=section, text="Din", version=section.version, by=world.teacher)
    assert KeptText.objects.get().path == f"/sporsmal/{question.pk}/"
    html = world.client(world.teacher).get(f"/sporsmal/{question.pk}/?konflikt={section.key}").content.decode()
    assert "To tekster" in html


def test_a_withdrawal_closes_the_section(world: World) -> None:
    """Given a section was reopened, when the referral is withdrawn, then it is closed and nothing more is written."""
    question = a_question(world, a_received_referral(world))
    section = the_section(world, question)
    withdraw_referral(
        referral=fresh_referral(question.referral), reason="Feil", by=holder_actor(question.referral.case)
    )
    section.refresh_from_db()
    assert not section.reopened
    assert Deadline.objects.get(subject_id=question.pk).state == "cancelled"
    ContributionSection.objects.filter(pk=section.pk).update(reopened=True)
    with pytest.raises(MovedOn):
        save_section(section=section, text="Likevel", version=section.version, by=world.teacher)


def test_the_answer_has_a_date_from_the_edition(world: World) -> None:
    """Given the edition gives five working days, when intake asks, then a deadline runs until the answer has come."""
    question = a_question(world, a_received_referral(world))
    deadline = Deadline.objects.get(subject_id=question.pk)
    assert (deadline.rule, deadline.basis, deadline.service) == ("information_answer", "suggested", world.school)
    assert deadline.due_on == add_working_days(timezone.localdate(), 5) == question.due_on
    assert deadline.task is not None
    answer_information(request=question, answer="40 dager.", by=world.teacher)
    deadline.refresh_from_db()
    assert deadline.state == "met"
