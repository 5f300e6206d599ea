"""The pages of collecting, as people read them: who owes what, who may see, and what a page costs."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions.consent import withdraw_consent
from cases.actions.measures import add_measure
from cases.actions.voice import record_voice
from cases.models import Consent
from portal.models import AuditEvent, Role, ServiceKind
from referrals.actions.ask import ask_contribution
from referrals.actions.assess import hand_over
from referrals.models import Contribution, Referral
from tests.referral_stories import (
    a_collected_referral,
    a_contribution,
    a_referral,
    consented_case,
    fresh_contribution,
    fresh_referral,
    submitted,
    writer_of,
)
from tests.stories import with_participants
from tests.world import World, service


def read(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"referrals:{name}", args=args))
    assert response.status_code == 200, name
    return str(response.content.decode())


def statements(client: Client, name: str, *args: object) -> int:
    """Of a page opened a second time: the first writes the session's clock."""
    read(client, name, *args)
    with CaptureQueriesContext(connection) as queries:
        read(client, name, *args)
    return len(queries)


def test_the_section_says_what_comes_next_and_who_owes_what(world: World) -> None:
    case = consented_case(world)
    client = world.client(world.coordinator)
    assert "Ingen henvisning er i gang" in read(client, "section", case.pk)
    a_referral(world, case, world.school)
    page = read(client, "section", case.pk)
    assert "Til BUP Fjordvik" in page
    assert "Venter på bidrag fra Fjordvik skole." in page


def test_the_overview_has_a_panel_for_an_open_referral(world: World) -> None:
    referral = a_referral(world, None, world.school)
    page = world.client(world.coordinator).get(reverse("cases:case", args=[referral.case_id])).content.decode()
    assert "Venter på bidrag fra Fjordvik skole." in page


def test_starting_shows_what_the_case_carries_in(world: World) -> None:
    case = consented_case(world)
    add_measure(case=case, service=case.holder.service, title="Samtalegruppe", state="ongoing",
                started_on=timezone.localdate(), by=world.coordinator)  # fmt: skip
    record_voice(case=case, speaker="child", words="Jeg vil ha noen å leke med.", how_obtained="Samtale på skolen",
                 obtained_on=timezone.localdate(), by=world.coordinator)  # fmt: skip
    page = read(world.client(world.coordinator), "start", case.pk)
    for carried in ("Trekker seg unna", "Samtalegruppe", "Jeg vil ha noen å leke med.", "Mor Fjord"):
        assert carried in page
    assert "BUP Fjordvik, Sykehuset i Fjordvik" in page


def start_form(world: World, **changed: Any) -> dict[str, Any]:
    return {
        "receiver": str(world.bup.pk),
        "worry": "Uro",
        "questions": "Utredning?",
        "why_specialist": "",
        "urgency": "ordinary",
        "urgency_reason": "",
        "token": "01920000-0000-7000-8000-000000000001",
        **changed,
    }


def test_a_double_click_starts_one_referral(world: World) -> None:
    case = consented_case(world)
    client, url = world.client(world.coordinator), reverse("referrals:start", args=[case.pk])
    first, second = client.post(url, start_form(world)), client.post(url, start_form(world))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Referral.objects.count() == 1


def test_starting_refuses_in_words_and_keeps_what_was_typed(world: World) -> None:
    case = consented_case(world)
    client, url = world.client(world.coordinator), reverse("referrals:start", args=[case.pk])
    urgent = client.post(url, start_form(world, urgency="urgent", worry="Behold meg"))
    assert urgent.status_code == 422
    assert "Skriv hvorfor det haster." in urgent.content.decode()
    assert "Behold meg" in urgent.content.decode()
    long = client.post(url, start_form(world, worry="x" * 200_000))
    assert "Teksten er for lang: 200000 tegn." in long.content.decode()
    assert "x" * 200_000 in long.content.decode()
    unknown = client.post(url, start_form(world, receiver=str(world.school.pk), token="tull"))
    assert unknown.status_code == 422


def test_two_open_referrals_to_one_department_are_one_too_many(world: World) -> None:
    referral = a_referral(world)
    client = world.client(world.coordinator)
    answer = client.post(reverse("referrals:start", args=[referral.case_id]), start_form(world))
    assert "Det finnes allerede en åpen henvisning til BUP Fjordvik." in answer.content.decode()


def test_the_assembly_page_tells_who_owes_what_and_who_is_not_asked(world: World) -> None:
    referral = a_referral(world, None, world.school, world.ppt)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.ppt)))
    page = read(world.client(world.coordinator), "assemble", referral.pk)
    assert "1 av 2 har svart." in page
    assert page.index("Fjordvik skole") < page.index("PPT Fjordvik")
    assert "Be om bidrag: Fjordvik helsestasjon" in page
    assert "Sjekkliste for BUP" in page
    assert "Fjordvik helsestasjon er ikke spurt" in page
    assert "Fjordvik skole er spurt" in page


def test_a_participant_without_consent_shows_why_and_where_it_is_mended(world: World) -> None:
    referral = a_referral(world)
    with_participants(referral.case, world.child_protection)
    page = read(world.client(world.coordinator), "assemble", referral.pk)
    assert "Kan ikke spørres ennå:" in page
    assert reverse("cases:consent_new", args=[referral.case_id]) in page


def test_asking_from_the_page(world: World) -> None:
    referral = a_referral(world)
    client, url = world.client(world.coordinator), reverse("referrals:ask", args=[referral.pk])
    due = timezone.localdate() + dt.timedelta(days=4)
    sent = {"service": str(world.school.pk), "due_on": due.strftime("%d.%m.%Y"), "request_text": "Om friminuttene"}
    assert client.post(url, sent).status_code == 303
    assert client.post(url, sent).status_code == 303
    made = Contribution.objects.get()
    assert (made.due_on, made.request_text) == (due, "Om friminuttene")
    late = client.post(url, {**sent, "service": str(world.ppt.pk), "due_on": "01.01.2020"})
    assert late.status_code == 422
    assert "Fristen kan ikke være i fortiden." in late.content.decode()
    assert client.post(url, {**sent, "service": "ikke-en-id"}).status_code == 422
    assert client.post(url, {**sent, "service": "01920000-0000-7000-8000-000000000001"}).status_code == 404


def test_reminding_taking_back_and_asking_for_more_from_the_page(world: World) -> None:
    contribution = a_contribution(world)
    client = world.client(world.coordinator)
    nudge = reverse("referrals:nudge", args=[contribution.pk])
    assert "er påminnet." in client.post(nudge, follow=True).content.decode()
    assert "allerede påminnet i dag" in client.post(nudge, follow=True).content.decode()
    submitted(world, fresh_contribution(contribution))
    more = reverse("referrals:contribution_more", args=[contribution.pk])
    assert client.get(more).status_code == 200
    assert client.post(more, {"message": ""}).status_code == 422
    assert client.post(more, {"message": "Mer om søvn"}).status_code == 303
    cancel = reverse("referrals:contribution_cancel", args=[contribution.pk])
    assert client.get(cancel).status_code == 200
    assert client.post(cancel, {"reason": "Feil skole"}).status_code == 303
    assert fresh_contribution(contribution).state == "cancelled"


def texts(referral: Referral, **changed: Any) -> dict[str, Any]:
    return {"worry": "Ny tekst", "questions": "Nytt spørsmål", "why_specialist": "", "urgency": "ordinary",
            "urgency_reason": "", "version": referral.text_version, **changed}  # fmt: skip


def test_the_texts_save_themselves_and_give_back_only_the_version(world: World) -> None:
    referral = a_referral(world)
    client, url = world.client(world.coordinator), reverse("referrals:texts", args=[referral.pk])
    answer = client.post(url, texts(referral), headers={"HX-Request": "true"})
    assert 'id="id_version" value="2" hx-swap-oob="true"' in answer.content.decode()
    assert "<textarea" not in answer.content.decode()
    assert answer["HX-Trigger"] == "referral-changed"


def test_stale_texts_show_both_and_change_nothing(world: World) -> None:
    referral = a_referral(world)
    client, url = world.client(world.coordinator), reverse("referrals:texts", args=[referral.pk])
    assert client.post(url, texts(referral)).status_code == 303
    other = world.client(world.actor(Role.COORDINATOR, world.coordinating_unit, "Kollega"))
    stale = other.post(url, texts(referral, worry="Kollegaens tekst"))
    page = stale.content.decode()
    assert stale.status_code == 422
    assert "Ny tekst" in page
    assert "Kollegaens tekst" in page
    assert Referral.objects.get(pk=referral.pk).worry == "Ny tekst"
    mended = other.post(url, texts(referral, worry="Flettet", version=2))
    assert mended.status_code == 303


def test_handing_over_from_the_page(world: World) -> None:
    doctor = world.doctor
    referral = a_collected_referral(world)
    client, url = world.client(world.coordinator), reverse("referrals:hand_over", args=[referral.pk])
    page = read(client, "assemble", referral.pk)
    assert "Alle som er spurt, har svart." in page
    assert doctor.name in page
    assert client.post(url, {"referrer": ""}).status_code == 422
    assert doctor.membership is not None
    assert client.post(url, {"referrer": str(doctor.membership.pk)}).status_code == 303
    assert fresh_referral(referral).state == Referral.State.FOR_ASSESSMENT
    assert "Ligger til vurdering" in read(client, "assemble", referral.pk)


def test_the_preview_shows_what_the_viewer_may_see(world: World) -> None:
    referral = a_referral(world, None, world.school, world.ppt)
    submitted(world, fresh_contribution(referral.contributions.get(service=world.school)), "Hemmelig skoletekst")
    sealed = fresh_contribution(referral.contributions.get(service=world.ppt))
    submitted(world, sealed, "Forseglet PPT-tekst", sealed=True)
    page = read(world.client(world.coordinator), "preview", referral.pk)
    assert "Hemmelig skoletekst" in page
    assert "Forseglet PPT-tekst" not in page
    assert "Bidraget er gitt til henviser alene" in page
    fragment = world.client(world.coordinator).get(
        reverse("referrals:preview", args=[referral.pk]), headers={"HX-Request": "true"}
    )
    assert "<html" not in fragment.content.decode()
    assert "Hemmelig skoletekst" in fragment.content.decode()
    for consent in Consent.objects.filter(case=referral.case):
        withdraw_consent(consent=consent, by=world.coordinator)
    assert "Hemmelig skoletekst" not in read(world.client(world.coordinator), "preview", referral.pk)


def test_the_referrer_reads_what_is_sealed(world: World) -> None:
    referral = a_collected_referral(world, world.school)
    sealed = ask_contribution(referral=referral, service=world.gp, by=world.coordinator)
    submitted(world, fresh_contribution(sealed), "Bare for legen", sealed=True)
    assert world.doctor.membership is not None
    hand_over(referral=fresh_referral(referral), referrer=world.doctor.membership, by=world.coordinator)
    assert "Bare for legen" in read(world.client(world.doctor), "preview", referral.pk)


CASE_PAGES = ("section", "start")
REFERRAL_PAGES = ("assemble", "texts", "ask", "hand_over", "preview", "attach")
ASKED_PAGES = ("nudge", "contribution_cancel", "contribution_more")
OWN_PAGES = ("contribution", "contribution_decline", "contribution_reopen", "contribution_upload")


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_meet_nothing(world: World, method: str) -> None:
    contribution = a_contribution(world)
    client = world.client(world.actor(Role.CONTRIBUTOR, world.other_school))
    section = contribution.sections.first()
    assert section is not None
    urls = [
        *(reverse(f"referrals:{name}", args=[contribution.referral.case_id]) for name in CASE_PAGES),
        *(reverse(f"referrals:{name}", args=[contribution.referral_id]) for name in REFERRAL_PAGES),
        *(reverse(f"referrals:{name}", args=[contribution.pk]) for name in (*ASKED_PAGES, *OWN_PAGES)),
        reverse("referrals:contribution_section", args=[contribution.pk, section.key]),
        reverse("referrals:detach", args=[contribution.referral_id, contribution.pk]),
        reverse("referrals:contribution_detach", args=[contribution.pk, contribution.pk]),
    ]
    for url in urls:
        assert getattr(client, method)(url).status_code == 404, url
    assert AuditEvent.objects.filter(kind="refused").count() >= len(urls) - 2


def test_the_wrong_role_in_the_right_service_is_told_so(world: World) -> None:
    contribution = a_contribution(world)
    administrator = world.client(world.actor(Role.USER_ADMINISTRATOR, world.school))
    assert administrator.get(reverse("referrals:contribution", args=[contribution.pk])).status_code == 403
    leader = world.client(world.actor(Role.SERVICE_LEADER, world.school))
    page = leader.get(reverse("referrals:contribution", args=[contribution.pk])).content.decode()
    assert "<textarea" not in page
    assert "Vi bidrar ikke" in page
    url = reverse("referrals:contribution", args=[contribution.pk])
    assert leader.post(url, {"handling": "save"}).status_code == 403


def test_a_participant_reads_the_assembly_without_buttons(world: World) -> None:
    referral = a_referral(world, None, world.school)
    client = world.client(world.actor(Role.CONTRIBUTOR, world.ppt))
    page = read(client, "assemble", referral.pk)
    assert "Påminn" not in page
    assert "Er det behov for utredning?" in page
    assert client.post(reverse("referrals:ask", args=[referral.pk])).status_code == 403
    contribution = referral.contributions.get()
    assert client.post(reverse("referrals:nudge", args=[contribution.pk])).status_code == 403


def test_the_holder_does_not_open_a_contributors_page(world: World) -> None:
    contribution = a_contribution(world)
    client = world.client(world.coordinator)
    assert client.get(reverse("referrals:contribution", args=[contribution.pk])).status_code == 404


def many_services(world: World, number: int) -> list[Any]:
    kinds = [ServiceKind.SCHOOL, ServiceKind.PPT, ServiceKind.HEALTH_VISITOR, ServiceKind.KINDERGARTEN]
    return [
        service(f"Tjeneste {index}", kinds[index % len(kinds)], world.municipality, [world.municipality])
        for index in range(number)
    ]


def test_pages_cost_the_same_with_two_contributors_and_with_twelve(world: World) -> None:
    costs = []
    for number in (2, 12):
        services = many_services(world, number + 2)
        case = consented_case(world, *services)
        with_participants(case, *many_services(world, number))
        referral = a_referral(world, case, *services[:number])
        for contribution in Contribution.objects.filter(referral=referral)[: number // 2]:
            submitted(world, fresh_contribution(contribution))
        client = world.client(world.coordinator)
        awaited = Contribution.objects.filter(referral=referral, state="requested").select_related("service")[0]
        writer = world.client(writer_of(world, awaited))
        costs.append(
            {
                "section": statements(client, "section", case.pk),
                "start": statements(client, "start", case.pk),
                "assemble": statements(client, "assemble", referral.pk),
                "preview": statements(client, "preview", referral.pk),
                "contribution": statements(writer, "contribution", awaited.pk),
            }
        )
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 20, costs
