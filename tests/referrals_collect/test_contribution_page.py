"""The contributor's page: what is shown and what is not, saving by itself and by button, and what may go wrong."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import AuditEvent, KeptText, Role
from referrals.actions.finalise import withdraw_referral
from referrals.models import Contribution
from tests.referral_stories import a_contribution, fresh_contribution, submitted
from tests.world import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def asked(world: World) -> Contribution:
    return a_contribution(world)


@pytest.fixture
def teacher(world: World, asked: Contribution) -> Client:
    return world.client(world.teacher)


def page_of(contribution: Contribution) -> str:
    return reverse("referrals:contribution", args=[contribution.pk])


def form(contribution: Contribution, handling: str = "save", **texts: Any) -> dict[str, Any]:
    """What the page posts: every text with its version; ``texts`` by section key."""
    data: dict[str, Any] = {"handling": handling, "page": "01920000-0000-7000-8000-000000000001"}
    for section in contribution.sections.all():
        data[f"text-{section.key}"] = texts.get(section.key, section.text)
        data[f"version-{section.key}"] = section.version
    return data


def test_it_shows_what_the_writer_needs_and_no_more_of_the_case(asked: Contribution, teacher: Client) -> None:
    page = teacher.get(page_of(asked)).content.decode()
    for needed in (
        "Ada Fjord",
        "14. mai 2017",
        "BUP Fjordvik",
        "Skriv kort.",
        "70 00 00 00",
        "Hva er dere bekymret for?",
    ):
        assert needed in page
    for other in ("Trekker seg unna", "Mor Fjord", "har trukket seg unna siden høsten"):
        assert other not in page
    assert AuditEvent.objects.filter(verb="contribution.page", kind="read").count() == 1


def test_saving_without_javascript_saves_every_section(asked: Contribution, teacher: Client) -> None:
    answer = teacher.post(page_of(asked), form(asked, worry="Uro", measures="Samtaler"))
    assert answer.status_code == 303
    assert set(asked.sections.exclude(text="").values_list("key", flat=True)) == {"worry", "measures"}
    assert fresh_contribution(asked).state == "started"


def test_submitting_and_clicking_twice(asked: Contribution, teacher: Client) -> None:
    data = form(asked, "submit", worry="Uro", sealed="")
    assert teacher.post(page_of(asked), data).status_code == 303
    again = teacher.post(page_of(asked), data)
    assert again.status_code == 303
    page = teacher.get(page_of(asked)).content.decode()
    assert "Levert av" in page
    assert "<textarea" not in page
    assert "Åpne igjen og endre" in page


def test_an_empty_contribution_is_refused_in_words(asked: Contribution, teacher: Client) -> None:
    answer = teacher.post(page_of(asked), form(asked, "submit"))
    assert answer.status_code == 422
    assert "Skriv noe i minst ett felt" in answer.content.decode()


def test_sealed_is_remembered(asked: Contribution, teacher: Client) -> None:
    teacher.post(page_of(asked), {**form(asked, "submit", worry="Uro"), "sealed": "on"})
    assert fresh_contribution(asked).sealed


def test_two_hundred_thousand_characters_get_a_message_and_stay(asked: Contribution, teacher: Client) -> None:
    answer = teacher.post(page_of(asked), form(asked, worry="x" * 200_000, measures="Kort"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Teksten er for lang: 200000 tegn." in page
    assert "x" * 200_000 in page
    assert asked.sections.get(key="measures").text == "Kort"


def autosave(client: Client, contribution: Contribution, key: str, text: str, **changed: Any) -> Any:
    section = contribution.sections.get(key=key)
    data = {f"text-{key}": text, f"version-{key}": section.version, "page": "01920000-0000-7000-8000-000000000002"}
    url = reverse("referrals:contribution_section", args=[contribution.pk, key])
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{page_of(contribution)}"}
    return client.post(url, {**data, **changed}, headers=headers)


def test_a_section_that_saves_itself_gives_back_its_version_and_never_the_text(
    asked: Contribution, teacher: Client
) -> None:
    answer = autosave(teacher, asked, "worry", "Uro i timene")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="version-worry" value="2" hx-swap-oob="true"' in text
    assert "Uro i timene" not in text
    assert asked.sections.get(key="worry").text == "Uro i timene"


def test_an_autosave_that_is_too_long_says_so(asked: Contribution, teacher: Client) -> None:
    answer = autosave(teacher, asked, "worry", "x" * 200_000)
    assert answer.status_code == 422
    assert "Teksten er for lang" in answer.content.decode()
    assert asked.sections.get(key="worry").text == ""


def test_line_breaks_do_not_count_as_a_change(asked: Contribution, teacher: Client) -> None:
    autosave(teacher, asked, "worry", "En\r\nto")
    autosave(teacher, asked, "worry", "En\nto")
    section = asked.sections.get(key="worry")
    assert (section.text, section.version) == ("En\nto", 2)


def test_two_at_once_see_both_texts_and_merge_them(world: World, asked: Contribution, teacher: Client) -> None:
    colleague = world.client(world.actor(Role.CONTRIBUTOR, world.school, "Kollega"))
    stale = form(asked, worry="Kollegaens tekst", page="01920000-0000-7000-8000-000000000003")
    assert autosave(teacher, asked, "worry", "Lærerens tekst").status_code == 200
    lost = autosave(colleague, asked, "worry", "Kollegaens tekst", **{"version-worry": 1, "page": ""})
    assert lost.status_code == 422
    assert "Begge tekstene er tatt vare på." in lost.content.decode()
    assert 'id="version-worry"' not in lost.content.decode()
    page = colleague.get(page_of(asked) + "?konflikt=worry").content.decode()
    assert "To tekster: Hva er dere bekymret for?" in page
    assert "Lærerens tekst\n\nKollegaens tekst" in page
    posted = colleague.post(page_of(asked), {**stale, "page": ""})
    assert posted.status_code == 422
    assert 'value="2"' in posted.content.decode()
    merged = form(asked, worry="Begge") | {"page": ""}
    assert colleague.post(page_of(asked), merged).status_code == 303
    assert asked.sections.get(key="worry").text == "Begge"
    assert not KeptText.objects.exists()


def test_other_sections_are_saved_when_one_is_in_conflict(world: World, asked: Contribution, teacher: Client) -> None:
    stale = form(asked, worry="Min", measures="Mine tiltak")
    colleague = world.client(world.actor(Role.CONTRIBUTOR, world.school, "Kollega"))
    autosave(colleague, asked, "worry", "Kollegaens")
    assert teacher.post(page_of(asked), stale).status_code == 422
    assert asked.sections.get(key="measures").text == "Mine tiltak"
    assert asked.sections.get(key="worry").text == "Kollegaens"


def test_a_session_that_ends_in_the_middle_of_an_autosave_keeps_the_text(
    world: World, asked: Contribution, teacher: Client
) -> None:
    teacher.get(page_of(asked))
    session = teacher.session
    session["last_seen"] = 1
    session.save()
    answer = autosave(teacher, asked, "worry", "Skrevet i siste liten")
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith("/konto/login/")
    assert page_of(asked) in answer["HX-Redirect"].replace("%2F", "/")
    kept = KeptText.objects.get(owner=world.teacher.user)
    assert kept.path == page_of(asked)
    assert kept.fields["text-worry"] == "Skrevet i siste liten"
    assert asked.sections.get(key="worry").text == ""


def test_a_stale_form_without_versions_never_overwrites(asked: Contribution, teacher: Client) -> None:
    autosave(teacher, asked, "worry", "Det som står")
    answer = teacher.post(page_of(asked), {"handling": "save", "text-worry": "Fra en gammel side"})
    assert answer.status_code == 422
    assert asked.sections.get(key="worry").text == "Det som står"


@pytest.mark.parametrize("version", ["-1", "99999999999999999999", "abc", "\x00"])
def test_nonsense_versions_are_no_error_of_ours(asked: Contribution, teacher: Client, version: str) -> None:
    answer = teacher.post(page_of(asked), {**form(asked, worry="Hei"), "version-worry": version})
    assert answer.status_code == 422


def test_declining_with_a_reason_from_the_page(asked: Contribution, teacher: Client) -> None:
    url = reverse("referrals:contribution_decline", args=[asked.pk])
    assert "Vi kjenner ikke barnet eller familien" in teacher.get(url).content.decode()
    assert teacher.post(url, {}).status_code == 422
    assert teacher.post(url, {"code": "does_not_know_child", "note": "Ny i år"}).status_code == 303
    page = teacher.get(page_of(asked)).content.decode()
    assert "Vi kjenner ikke barnet eller familien" in page
    assert "Vi vil bidra likevel" in page
    assert teacher.post(url, {"code": "does_not_know_child", "note": "Ny i år"}).status_code == 303


def test_reopening_from_the_page(world: World, asked: Contribution, teacher: Client) -> None:
    submitted(world, asked)
    url = reverse("referrals:contribution_reopen", args=[asked.pk])
    page = teacher.post(url, follow=True).content.decode()
    assert "Husk å levere det på nytt." in page
    assert "<textarea" in page


def test_a_withdrawn_referral_asks_nothing_more(world: World, asked: Contribution, teacher: Client) -> None:
    data = form(asked, worry="Uro")
    withdraw_referral(referral=asked.referral, code="moved", reason="Flyttet", by=world.coordinator)
    page = teacher.get(page_of(asked)).content.decode()
    assert "Dere trenger ikke gjøre" in page
    late = teacher.post(page_of(asked), data)
    assert late.status_code == 422
    assert "Henvisningen er trukket" in late.content.decode()
