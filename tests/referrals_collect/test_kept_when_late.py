"""What was typed on a page whose matter moved on meanwhile is kept, and the page says so."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import KeptText, Role
from referrals.actions.finalise import finalise_referral
from referrals.actions.information import answer_information
from referrals.actions.write import submit_contribution
from tests.referral_stories import a_contribution, fresh_contribution, written
from tests.referrals_assess.stories import ready, sent, url
from tests.referrals_intake.stories import a_question, decided, small_received_referral
from tests.world import World

NOTICE = "Du har tekst som ikke ble lagret"


@pytest.fixture(autouse=True)
def _unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referrals.tasks._send", lambda _snapshot: None)


def answer_to(client: Client, page: str, data: dict[str, Any], to: str = "") -> str:
    """What the person reads after posting a form that stood on a page."""
    answer = client.post(to or page, data, headers={"Referer": f"http://testserver{page}"}, follow=True)
    return answer.content.decode()


def kept_words() -> list[str]:
    """Every text that is kept for anyone."""
    return [text for row in KeptText.objects.all() for text in row.fields.values()]


def test_a_section_written_after_a_colleague_submitted_is_kept(world: World) -> None:
    """Given an open page, when a colleague has submitted, then what is posted from it is kept and shown."""
    contribution = written(world, a_contribution(world))
    section = contribution.sections.order_by("position")[0]
    submit_contribution(contribution=contribution, by=world.teacher)
    page = reverse("referrals:contribution", args=[contribution.pk])
    data = {f"text-{section.key}": "Mitt nye avsnitt", f"version-{section.key}": section.version, "handling": "save"}
    late = answer_to(world.client(world.actor(Role.CONTRIBUTOR, world.school, "Kollega")), page, data)
    assert NOTICE in late
    assert "Mitt nye avsnitt" in late
    assert kept_words() == ["Mitt nye avsnitt"]
    assert fresh_contribution(contribution).state == "submitted"


def test_the_texts_of_a_referral_sent_meanwhile_are_kept(world: World) -> None:
    """Given the holder writing, when the doctor sends, then the holder's words are kept on the page."""
    referral = ready(world)
    client, page = world.client(world.coordinator), url("assemble", referral.pk)
    finalise_referral(referral=referral, by=world.doctor)
    data = {"worry": "Ny uro i dag", "questions": "", "why_specialist": "", "urgency": "ordinary", "version": 1}
    late = answer_to(client, page, data, url("texts", referral.pk))
    assert NOTICE in late
    assert "Ny uro i dag" in late
    assert "Henvisningen er sendt" in late


def test_an_answer_to_intake_after_a_colleagues_is_kept(world: World) -> None:
    """Given two who answer, when the other was first, then the second's answer is kept."""
    asked = a_question(world, small_received_referral(world, "Ada Fjord"))
    answer_information(request=asked, answer="Tre dager i uka.", by=world.teacher)
    page = reverse("referrals:information_request", args=[asked.pk])
    colleague = world.client(world.actor(Role.CONTRIBUTOR, world.school, "Kollega"))
    late = answer_to(colleague, page, {"answer": "Fire dager i uka."})
    assert NOTICE in late
    assert kept_words() == ["Fire dager i uka."]


def test_a_new_version_written_while_it_was_decided_is_kept(world: World) -> None:
    """Given the doctor writing a new version, when the hospital decides, then both texts are kept."""
    referral = small_received_referral(world, "Ada Fjord")
    decided(world, referral)
    page = url("new_version", referral.pk)
    late = answer_to(world.client(world.doctor), page, {"change": "Ny somatikk", "overall": "Endret", "send": "1"})
    assert "er tatt vare på" in late
    assert sorted(kept_words()) == ["Endret", "Ny somatikk"]


def test_nothing_is_kept_where_nothing_moved_on(world: World) -> None:
    """Given a referral the hospital has, when a new version goes, then nothing is kept."""
    referral = sent(world).referral
    page = url("new_version", referral.pk)
    answer_to(world.client(world.doctor), page, {"change": "Ny somatikk", "overall": "Endret", "send": "1"})
    assert not kept_words()
