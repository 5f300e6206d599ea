"""Intake's pages: what a person reads, what is refused, and how much it costs."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guideline.workdays import add_working_days
from portal.models import AuditEvent, Role
from referrals.actions.finalise import withdraw_referral
from referrals.actions.intake import assign_reviewer
from referrals.models import InformationRequest, IntakeDecision, Referral
from tests.referral_stories import fresh_referral
from tests.referrals_intake.stories import (
    a_question,
    a_received_referral,
    a_sent_referral,
    clinician,
    contribution_of,
    days_pass,
    decided,
    first_key,
    small_received_referral,
)
from tests.world import World

ACTS = (
    "intake_receive",
    "intake_assign",
    "intake_ask",
    "intake_redirect",
    "intake_urgency",
    "intake_decide",
    "intake_elsewhere",
)
MOST = 20


def text(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    """The page as text."""
    response = client.get(reverse(f"referrals:{name}", args=args) + query)
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


def statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def post(client: Client, name: str, pk: object, query: str = "", **data: Any) -> Any:
    return client.post(reverse(f"referrals:{name}", args=[pk]) + query, data)


def test_the_list_says_which_clock_is_running_out(world: World) -> None:
    late = small_received_referral(world, "Lea Sen")
    days_pass(late, 30)
    soon = small_received_referral(world, "Siri Snart")
    first = add_working_days(timezone.localdate(), -8)
    Referral.objects.filter(pk=soon.pk).update(first_received_on=first, received_on=first)
    waiting = a_sent_referral(world)
    page = text(world.client(world.intake), "intake")
    order = [page.index(name) for name in ("Ada Fjord", "Lea Sen", "Siri Snart")]
    assert order == sorted(order)
    for words in (
        "Ikke registrert mottatt",
        "Over fristen",
        "virkedager over fristen",
        "virkedager igjen",
        "Fjordvik kommune",
    ):
        assert words in page
    assert AuditEvent.objects.filter(verb="intake.list", case_id=waiting.case_id).count() == 1


def test_filters(world: World) -> None:
    mine = small_received_referral(world, "Mia Min")
    free = small_received_referral(world, "Frida Fri")
    done = small_received_referral(world, "Dina Ferdig")
    assert world.intake.membership is not None
    assign_reviewer(referral=mine, reviewer=world.intake.membership, by=world.intake)
    decided(world, done)
    client = world.client(world.intake)
    shown = {
        view: {
            name
            for name in ("Mia Min", "Frida Fri", "Dina Ferdig")
            if name in text(client, "intake", query=f"?vis={view}")
        }
        for view in ("alle", "mine", "ikke-fordelt", "avgjort", "noe-annet")
    }
    assert shown == {
        "alle": {"Mia Min", "Frida Fri"},
        "mine": {"Mia Min"},
        "ikke-fordelt": {"Frida Fri"},
        "avgjort": {"Dina Ferdig"},
        "noe-annet": {"Mia Min", "Frida Fri"},
    }
    assert free.reviewer is None


def test_a_protected_child_is_not_located_in_the_list(world: World) -> None:
    referral = small_received_referral(world, "Vera Vern")
    child = referral.case.child
    child.address_protection = "confidential"
    child.save(update_fields=["address_protection"])
    page = text(world.client(world.intake), "intake")
    assert "Vera Vern" in page
    assert "Adressesperre" in page
    assert "Fjordvik kommune" not in page
    assert "Fjordvik legesenter" not in page


def test_the_list_costs_the_same_for_two_and_for_many(world: World) -> None:
    for name in ("En", "To"):
        small_received_referral(world, f"Barn {name}")
    client, url = world.client(world.intake), reverse("referrals:intake")
    client.get(url)
    few = statements(client, url)
    for number in range(4):
        a_question(world, small_received_referral(world, f"Barn {number}"))
    assert statements(client, url) == few <= MOST


def test_intake_reads_what_was_sent_and_nothing_of_the_case(world: World) -> None:
    referral = a_received_referral(world)
    client = world.client(world.intake)
    page = text(client, "intake_referral", referral.pk)
    for words in ("Ada Fjord", "Samlet: vansker over tid.", "Fjordvik skole om", "virkedager igjen av 10", "Versjon 1"):
        assert words in page
    assert client.get(reverse("cases:case", args=[referral.case_id])).status_code == 404
    assert AuditEvent.objects.filter(verb="intake.read", subject_id=referral.pk, basis="receiver").exists()


def test_pages_are_cheap(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral)
    client = world.client(world.intake)
    for name in ("intake_referral", *ACTS):
        url = reverse(f"referrals:{name}", args=[referral.pk])
        client.get(url)
        assert statements(client, url) <= MOST, name
    teacher = world.client(world.teacher)
    url = reverse("referrals:information_request", args=[question.pk])
    teacher.get(url)
    assert statements(teacher, url) <= MOST
    decided(world, referral)
    for who in (world.coordinator, world.doctor):
        reader = world.client(who)
        url = reverse("referrals:outcome", args=[referral.pk])
        reader.get(url)
        assert statements(reader, url) <= MOST


def test_everything_can_be_done_from_the_pages(world: World) -> None:
    referral = a_sent_referral(world)
    client = world.client(world.intake)
    today = timezone.localdate().strftime("%d.%m.%Y")
    reviewer = clinician(world, "Berit Behandler")
    assert reviewer.membership is not None
    school = contribution_of(referral, world.school)
    assert "Registrer mottak" in text(client, "intake_referral", referral.pk)
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("intake_receive", "", {"received_on": today}),
        ("intake_assign", "", {"reviewer": reviewer.membership.pk}),
        ("intake_ask", "", {"target": f"{school.pk}:{first_key(school)}", "question": "Hvor ofte?", "due_on": today}),
        ("intake_urgency", "", {"urgency": "urgent", "code": "worse", "note": "Spiser ikke."}),
        (
            "intake_decide",
            "?utfall=no_right",
            {
                "decided_on": today,
                "why": "municipal_help",
                "reason": "",
                "advice": "Fortsett.",
                "family_message": "Hei.",
            },
        ),
    ]
    for name, query, data in steps:
        response = post(client, name, referral.pk, query, **data)
        assert response.status_code == 303, (name, response.content.decode()[:3000])
    decision = IntakeDecision.objects.get(referral=referral)
    assert (decision.outcome, decision.code, decision.reason) == (
        "no_right",
        "no_need",
        "Barnet kan få god nok hjelp i kommunen",
    )
    assert "Statsforvalteren" in decision.complaint_text
    page = text(client, "intake_referral", referral.pk)
    for words in ("Ikke rett til helsehjelp", "Slik kan familien klage", "Berit Behandler", "Spiser ikke.", "bortfalt"):
        assert words in page


def test_a_decision_made_elsewhere_takes_one_form(world: World) -> None:
    referral = a_sent_referral(world)
    client = world.client(world.intake)
    today = timezone.localdate().strftime("%d.%m.%Y")
    page = text(client, "intake_elsewhere", referral.pk)
    assert "Begrunnelsen står i vedtaket" in page
    late = (timezone.localdate() + dt.timedelta(days=50)).strftime("%d.%m.%Y")
    given = {"outcome": "right", "received_on": today, "decided_on": today, "reason": "Står i vedtaket."}
    refused = post(client, "intake_elsewhere", referral.pk, **given)
    assert refused.status_code == 422
    assert "Oppgi fristen for når helsehjelpen senest skal starte." in refused.content.decode()
    assert post(client, "intake_elsewhere", referral.pk, **given, treatment_deadline=late).status_code == 303
    assert IntakeDecision.objects.get(referral=referral).made_elsewhere
    assert fresh_referral(referral).first_received_on == timezone.localdate()


def test_bad_input_is_explained_and_kept(world: World) -> None:
    referral = a_received_referral(world)
    client = world.client(world.intake)
    long = "x" * 200_000
    cases: list[tuple[str, str, dict[str, Any], str]] = [
        ("intake_ask", "", {"target": "tull", "question": long, "due_on": "31.02.2026"}, "Teksten er for lang"),
        (
            "intake_ask",
            "",
            {"target": "henviser", "question": "Hva?", "due_on": "01.01.2020"},
            "Fristen kan ikke være i fortiden",
        ),
        ("intake_redirect", "", {"to": str(uuid.uuid4()), "code": "tull"}, "Velg"),
        ("intake_urgency", "", {"urgency": "tull", "code": ""}, "Velg"),
        ("intake_assign", "", {"reviewer": str(world.doctor.membership.pk)}, "Velg"),
        (
            "intake_decide",
            "?utfall=right",
            {"decided_on": "01.01.2020", "reason": "", "treatment_deadline": "x"},
            "Skriv datoen",
        ),
        (
            "intake_decide",
            "?utfall=right",
            {"decided_on": "01.01.2031", "reason": "a", "treatment_deadline": "1.2.2031"},
            "fram i tid",
        ),
        ("intake_elsewhere", "", {"outcome": "right", "reason": long, "decided_on": ""}, "Teksten er for lang"),
    ]
    for name, query, data, words in cases:
        response = post(client, name, referral.pk, query, **data)
        page = response.content.decode()
        assert response.status_code == 422, (name, response.status_code)
        assert words in page, name
        assert "<title>Feil:" in " ".join(page.split()).replace("<title> ", "<title>"), name


def test_a_withdrawn_referral_shows_only_that(world: World) -> None:
    referral = a_received_referral(world)
    withdraw_referral(referral=referral, reason="Familien ønsker det.", by=world.coordinator)
    client = world.client(world.intake)
    page = text(client, "intake_referral", referral.pk)
    assert "trakk henvisningen" in page
    assert "Ada Fjord" not in page
    for name in ACTS:
        assert client.get(reverse(f"referrals:{name}", args=[referral.pk])).status_code == 303, name
    today = timezone.localdate().strftime("%d.%m.%Y")
    response = post(
        client,
        "intake_decide",
        referral.pk,
        "?utfall=not_assessable",
        decided_on=today,
        why="no_consent",
        reason="Skrevet lenge",
    )
    assert response.status_code == 422
    assert "ble trukket av" in response.content.decode()
    assert "Skrevet lenge" in response.content.decode()


def test_after_a_redirect_the_first_department_knows_only_where_it_went(world: World) -> None:
    referral = a_received_referral(world)
    client = world.client(world.intake)
    given = {"to": str(world.habu.pk), "code": "other_field", "note": "Utvikling."}
    assert post(client, "intake_redirect", referral.pk, **given).status_code == 303
    page = text(client, "intake_referral", referral.pk)
    assert "Sendt videre til HABU Fjordvik" in page
    assert "Ada Fjord" not in page
    # A second click meets the same words, not an error.
    assert post(client, "intake_redirect", referral.pk, **given).status_code == 200
    habu = world.client(world.actor(Role.INTAKE, world.habu))
    there = text(habu, "intake_referral", referral.pk)
    assert "Ada Fjord" in there
    assert "Sendt videre til HABU Fjordvik" in there
    assert fresh_referral(referral).first_received_on == timezone.localdate()


def test_strangers_meet_404_everywhere(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral)
    strangers = [
        world.actor(Role.INTAKE, world.ward), world.actor(Role.CONTRIBUTOR, world.other_school),
        world.actor(Role.SECRETARIAT, world.secretariat), world.actor(Role.USER_ADMINISTRATOR, world.administration),
    ]  # fmt: skip
    urls = [reverse(f"referrals:{name}", args=[referral.pk]) for name in ("intake_referral", "outcome", *ACTS)]
    urls.append(reverse("referrals:information_request", args=[question.pk]))
    for stranger in strangers:
        client = world.client(stranger)
        for url in urls:
            assert client.get(url).status_code == 404, (stranger.role, url)
            assert client.post(url, {}).status_code == 404, (stranger.role, url)
    # The contributor and the holder have their own pages, not intake's.
    for who in (world.teacher, world.coordinator):
        assert world.client(who).get(urls[0]).status_code == 404
    assert world.client(world.teacher).get(reverse("referrals:outcome", args=[referral.pk])).status_code in {200, 404}


def test_wrong_roles_meet_403(world: World) -> None:
    referral = a_received_referral(world)
    leader = world.client(world.actor(Role.SERVICE_LEADER, world.bup))
    assert leader.get(reverse("referrals:intake")).status_code == 200
    assert leader.get(reverse("referrals:intake_referral", args=[referral.pk])).status_code == 200
    assert leader.get(reverse("referrals:intake_assign", args=[referral.pk])).status_code == 200
    for name in (
        "intake_receive",
        "intake_ask",
        "intake_redirect",
        "intake_urgency",
        "intake_decide",
        "intake_elsewhere",
    ):
        assert leader.get(reverse(f"referrals:{name}", args=[referral.pk])).status_code == 403, name
    assert world.client(world.coordinator).get(reverse("referrals:intake")).status_code == 403


def test_the_question_page_shows_their_own_text_and_no_more(world: World) -> None:
    referral = a_received_referral(world)
    question = a_question(world, referral)
    client = world.client(world.teacher)
    page = text(client, "information_request", question.pk)
    section = contribution_of(referral, world.school).sections.get(key=question.section_key)
    assert section.text in page
    assert "PPT Fjordvik om" not in page
    assert "Samlet: vansker" not in page
    empty = post(client, "information_request", question.pk, answer=" ")
    assert empty.status_code == 422
    assert post(client, "information_request", question.pk, answer="To dager i uka.").status_code == 303
    assert "To dager i uka." in text(client, "information_request", question.pk)
    assert InformationRequest.objects.get(pk=question.pk).answered_by == world.teacher.user
    seen = text(world.client(world.intake), "intake_referral", referral.pk)
    assert "To dager i uka." in seen
    assert "Svar fra Fjordvik skole på spørsmål fra inntaket" in seen
    first = text(world.client(world.intake), "intake_referral", referral.pk, query="?versjon=1")
    assert "Du leser versjon 1" in first


@pytest.mark.parametrize("version", ["0", "99", "x"])
def test_an_unknown_version_is_the_newest(world: World, version: str) -> None:
    referral = a_received_referral(world)
    assert "Ada Fjord" in text(world.client(world.intake), "intake_referral", referral.pk, query=f"?versjon={version}")
