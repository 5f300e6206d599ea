"""A service without users cannot be asked in the portal; what it wrote elsewhere is registered for it (6.1.1)."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases.actions.participants import add_participant
from cases.models import Deadline, Task
from guideline.editions import current_edition
from portal.answering import Invalid
from portal.models import AuditEvent, Membership, Service
from portal.states import MovedOn
from portal.timeframe import today
from referrals.access import open_referral
from referrals.actions.ask import ask_contribution
from referrals.actions.attach import upload_attachment
from referrals.actions.information import ask_for_information
from referrals.actions.received import register_contribution
from referrals.actions.write import decline_contribution, reopen_contribution, seal_draft
from referrals.collecting import registered_for
from referrals.evidence import one_coordinated_referral
from referrals.models import Contribution, Referral
from referrals.snapshot.build import compose
from referrals.snapshot.gather import gather
from tests.referral_stories import (
    a_referral,
    consent_to,
    consented_case,
    fresh_contribution,
    fresh_referral,
    someone_at,
    submitted,
    written,
)
from tests.referrals_intake.stories import a_sent_referral
from tests.stories import fresh, holder_actor
from tests.uploads import files
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 2)


@pytest.fixture
def referral(world: World) -> Referral:
    """A referral of a case in which the kindergarten takes part; nobody there has logged in yet."""
    case = consented_case(world, world.school, world.gp)
    add_participant(case=case, service=world.kindergarten, purpose="Har kjent barnet lenge", by=holder_actor(case))
    consent_to(world, case, world.school, world.gp, world.kindergarten)
    return a_referral(world, fresh(case))


def registered(referral: Referral, service: Service, text: str = "Hun leker helst alene.") -> Contribution:
    """What the kindergarten wrote in a letter."""
    return register_contribution(
        referral=fresh_referral(referral), service=service, external_from="Kari Fjell, styrer", how="brev",
        written_on=DAY, text=text, by=holder_actor(referral.case),
    )  # fmt: skip


def test_one_who_asks_a_service_without_users_is_told_what_to_do(world: World, referral: Referral) -> None:
    """Given a service nobody logs in to, when it is asked, then it is refused kindly and nothing lies in an inbox."""
    with pytest.raises(Invalid) as refused:
        ask_contribution(referral=referral, service=world.kindergarten, by=holder_actor(referral.case))
    assert "ingen brukere" in refused.value.errors["service"]
    assert not Contribution.objects.filter(referral=referral, service=world.kindergarten).exists()


def test_the_pages_say_that_a_service_has_no_users(world: World, referral: Referral) -> None:
    """Given such a service, then the assembly page and the participants say so, and lead to registering its answer."""
    client = world.client(holder_actor(referral.case))
    page = client.get(reverse("referrals:assemble", args=[referral.pk])).content.decode()
    assert "Har ingen brukere ennå" in page
    assert reverse("referrals:contribution_received", args=[referral.pk, world.kindergarten.pk]) in page
    assert reverse("referrals:contribution_received", args=[referral.pk, world.school.pk]) not in page
    partaking = client.get(reverse("cases:participants", args=[referral.case_id])).content.decode()
    assert partaking.count("Har ingen brukere ennå") == 1
    form = client.get(reverse("cases:participant_new", args=[referral.case_id])).content.decode()
    assert "PPT Fjordvik – har ingen brukere ennå" in form


def test_what_came_in_a_letter_is_registered_with_source_and_date(world: World, referral: Referral) -> None:
    """Given a letter, when the holder registers it, then it counts as that service's contribution (6.1.1), is logged,
    and the document says where it comes from and who registered it."""
    client = world.client(holder_actor(referral.case))
    url = reverse("referrals:contribution_received", args=[referral.pk, world.kindergarten.pk])
    assert client.get(url).status_code == 200
    sent = {"external_from": "Kari Fjell, styrer", "how": "brev", "written_on": "02.11.2026", "text": "Leker alene."}
    letter = SimpleUploadedFile("brev.png", files.image("PNG"), "image/png")
    assert client.post(url, sent | {"file": letter}).status_code == 303
    made = Contribution.objects.get(referral=referral, service=world.kindergarten)
    assert (made.state, made.external_from, made.external_on) == ("submitted", "Kari Fjell, styrer", DAY)
    assert AuditEvent.objects.filter(verb="contribution.registered", case_id=referral.case_id).count() == 1
    now, edition = timezone.now(), current_edition(referral.case.community)
    content = compose(gather(fresh_referral(referral), referral.case, edition, now))
    row = next(c for c in content["contributions"] if c["service"] == world.kindergarten.name)
    assert (row["author"], row["date"]) == ("Kari Fjell, styrer", DAY.isoformat())
    assert row["role"] == f"mottatt utenfor portalen (brev), registrert av {holder_actor(referral.case).person.name}"
    assert [(s["heading"], s["text"]) for s in row["sections"]] == [("Mottatt tekst", "Leker alene.")]
    assert [a["name"] for a in content["attachments"]] == [f"Bidrag fra {world.kindergarten.name}, 02.11.2026"]
    finding = one_coordinated_referral(fresh_referral(referral), edition, now)
    assert world.kindergarten.name not in finding.gap


def test_registering_once_more_corrects_it(world: World, referral: Referral) -> None:
    """Given a registered letter, when it is registered again, then the text is corrected and there is still one."""
    registered(referral, world.kindergarten)
    again = registered(referral, world.kindergarten, "Hun leker godt med andre.")
    assert [section.text for section in again.sections.all()] == ["Hun leker godt med andre."]
    assert Contribution.objects.filter(referral=referral, service=world.kindergarten).count() == 1


def test_a_service_with_users_answers_for_itself(world: World, referral: Referral) -> None:
    """Given a service where somebody works in the portal, then nobody else writes for it."""
    with pytest.raises(MovedOn, match="har brukere"):
        registered(referral, world.school)


def test_intake_asks_whoever_referred_about_a_registered_contribution(world: World, referral: Referral) -> None:
    """Given a registered contribution, when intake asks about it, then the question does not go where nobody is."""
    contribution = registered(referral, world.kindergarten)
    sent = a_sent_referral(world, collected=fresh_referral(referral))
    asked = ask_for_information(referral=sent, question="Siden når?", contribution=contribution, by=world.intake)
    assert asked.asked_service != world.kindergarten
    assert world.kindergarten.name in asked.question


def left(service: Service) -> None:
    """The last one who worked there is gone."""
    Membership.objects.filter(service=service).update(valid_until=today() - dt.timedelta(days=1))


def asked(world: World, referral: Referral) -> Contribution:
    """Somebody has come to the kindergarten, and it is asked."""
    someone_at(world, world.kindergarten)
    return ask_contribution(referral=referral, service=world.kindergarten, by=holder_actor(referral.case))


def told(referral: Referral) -> dict[str, Any]:
    """What goes to the department."""
    return compose(gather(fresh_referral(referral), referral.case, current_edition(referral.case.community),
                          timezone.now()))  # fmt: skip


@pytest.mark.parametrize("declined", [False, True])
def test_a_draft_whose_writers_have_left_is_not_submitted_for_them(
    world: World, referral: Referral, declined: bool
) -> None:
    """Given a sealed draft with an attachment of a service whose last user leaves, when a letter is registered, then
    the letter alone goes along and is readable, and nothing more is awaited."""
    draft = fresh_contribution(asked(world, referral))
    writer = someone_at(world, world.kindergarten)
    seal_draft(contribution=written(world, draft, "Uferdig utkast"), sealed=True, by=writer)
    upload_attachment(contribution=fresh_contribution(draft), data=files.image("PNG"), file_name="notat.png",
                      title="Notat", kind="other", by=writer)  # fmt: skip
    if declined:
        decline_contribution(contribution=fresh_contribution(draft), code="nothing_new", by=writer)
    left(world.kindergarten)
    made = registered(referral, world.kindergarten)
    assert (made.state, made.sealed, made.due_on) == ("submitted", False, draft.due_on)
    row = next(c for c in told(referral)["contributions"] if c["service"] == world.kindergarten.name)
    assert [s["text"] for s in row["sections"]] == ["Hun leker helst alene."]
    assert told(referral)["attachments"] == []
    page = world.client(holder_actor(referral.case)).get(reverse("referrals:assemble", args=[referral.pk]))
    assert "Mottatt utenfor portalen fra Kari Fjell, styrer" in page.content.decode()
    draft.refresh_from_db()
    assert draft.state == "cancelled"
    assert not Task.objects.filter(subject_id__in=[draft.pk, made.pk], closed_at=None).exists()
    assert not Deadline.objects.filter(subject_id__in=[draft.pk, made.pk], state="open").exists()


def test_what_a_service_delivered_itself_is_not_replaced_by_a_letter(world: World, referral: Referral) -> None:
    """Given a delivered contribution that was opened again, when its last user leaves, then what was delivered stands,
    and no letter can be registered in its place unasked."""
    contribution = submitted(world, fresh_contribution(asked(world, referral)), "Levert tekst")
    reopen_contribution(contribution=contribution, by=someone_at(world, world.kindergarten))
    written(world, fresh_contribution(contribution), "Uferdig tillegg")
    left(world.kindergarten)
    with pytest.raises(MovedOn, match="Det tjenesten leverte før, går med"):
        registered(referral, world.kindergarten)
    client = world.client(holder_actor(referral.case))
    url = reverse("referrals:contribution_received", args=[referral.pk, world.kindergarten.pk])
    assert url not in client.get(reverse("referrals:assemble", args=[referral.pk])).content.decode()
    assert client.get(url).status_code == 303


def test_a_draft_upon_a_registered_letter_stays_with_its_writers(world: World, referral: Referral) -> None:
    """Given a registered letter that the service's new users open again, then the holder's form does not show what they
    write, and the document says still how the letter came and who registered it."""
    made = registered(referral, world.kindergarten)
    reopen_contribution(contribution=fresh_contribution(made), by=someone_at(world, world.kindergarten))
    written(world, fresh_contribution(made), "Uferdig utkast")
    client = world.client(holder_actor(referral.case))
    url = reverse("referrals:contribution_received", args=[referral.pk, world.kindergarten.pk])
    answer = client.get(url)
    assert answer.status_code == 303
    assert "Uferdig utkast" not in client.get(answer["Location"]).content.decode()
    seen = open_referral(holder_actor(referral.case), referral.pk, "referral.received")
    assert registered_for(seen, world.kindergarten) == {}
    row = next(c for c in told(referral)["contributions"] if c["service"] == world.kindergarten.name)
    who = holder_actor(referral.case).person.name
    assert row["role"] == f"mottatt utenfor portalen (brev), registrert av {who}"
    page = client.get(reverse("referrals:assemble", args=[referral.pk])).content.decode()
    assert f"Registrert av {who}" in page
