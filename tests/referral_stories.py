"""Referrals for tests, made only through the actions. Each helper gives the thing as it is in the database now."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cases.actions.consent import record_consent
from cases.actions.guardians import GuardianDetails, add_guardian
from cases.actions.participants import add_participant
from cases.models import Case, Category, Guardian
from portal.context import Actor
from portal.models import Role, Service, ServiceKind
from referrals.actions.ask import ask_contribution
from referrals.actions.start import start_referral
from referrals.actions.write import save_section, submit_contribution
from referrals.models import Contribution, Referral
from tests.stories import a_case, fresh, holder_actor
from tests.world import World

# Who writes a contribution in each kind of service.
WRITER = {ServiceKind.GP_OFFICE: Role.GP, ServiceKind.BUP: Role.CLINICIAN}


def consented_case(world: World, *services: Service, categories: tuple[str, ...] = (), **given: Any) -> Case:
    """A case on level 2 where both parents agree to all categories for these services (else the usual ones), which take
    part; the holder's service and BUP are always covered."""
    chosen = services or (world.school, world.ppt, world.health_visitor, world.gp)
    case = a_case(world, **{"level": 2, **given})
    holder = holder_actor(case)
    now = given.get("now") or timezone.now()
    for service in chosen:
        someone_at(world, service)
        if service.pk != case.holder.service_id and not service.receives_referrals:
            add_participant(case=case, service=service, purpose="Kjenner barnet godt", by=holder, now=now)
    consent_to(world, case, *chosen, categories=categories, now=now)
    return fresh(case)


def consent_to(
    world: World, case: Case, *services: Service, categories: tuple[str, ...] = (), now: dt.datetime | None = None
) -> None:
    """Both parents say yes to the services, the holder's service and BUP; the parents are recorded if they are not."""
    holder, now = holder_actor(case), now or timezone.now()
    details = {"parental_responsibility": True, "daily_care": True, "phone": "99 99 99 99"}
    if not Guardian.objects.filter(child=case.child).exists():
        add_guardian(
            case=case, details=GuardianDetails(name="Mor Fjord", relation="mother", **details), by=holder, now=now
        )
        add_guardian(
            case=case, details=GuardianDetails(name="Far Fjord", relation="father", **details), by=holder, now=now
        )
    parents = Guardian.objects.filter(child=case.child, error_at__isnull=True)
    record_consent(
        case=case,
        decision="given",
        parties=[f"guardian:{guardian.pk}" for guardian in parents],
        services=list(dict.fromkeys([*services, case.holder.service, world.bup])),
        categories=categories or tuple(Category.values),
        purpose="Samordnet henvisning",
        given_on=timezone.localdate(now),
        how="written",
        by=holder,
        now=now,
    )


def a_referral(world: World, case: Case | None = None, *asked: Service, **given: Any) -> Referral:
    """A referral to BUP with texts; ``asked`` services have been asked for contributions."""
    case = case or consented_case(world)
    texts = {
        "worry": "Ada har trukket seg unna siden høsten.",
        "questions": "Er det behov for utredning?",
        "why_specialist": "Tiltak i skolen har ikke vært nok.",
    }
    referral = start_referral(case=case, by=holder_actor(case), **{"receiver": world.bup, **texts, **given})
    for service in asked:
        someone_at(world, service)
        ask_contribution(
            referral=fresh_referral(referral), service=service, by=holder_actor(case), now=given.get("now")
        )
    return fresh_referral(referral)


def a_contribution(world: World, service: Service | None = None, referral: Referral | None = None) -> Contribution:
    """A contribution asked of a service (the school)."""
    service = service or world.school
    referral = referral or a_referral(world)
    someone_at(world, service)
    made = ask_contribution(
        referral=referral, service=service, by=holder_actor(referral.case), request_text="Skriv kort."
    )
    return fresh_contribution(made)


def writer_of(world: World, contribution: Contribution) -> Actor:
    """Someone in the contribution's service who can write it."""
    return someone_at(world, contribution.service)


def someone_at(world: World, service: Service) -> Actor:
    """Someone who works in a service: one where nobody does, is asked for nothing."""
    return world.actor(WRITER.get(ServiceKind(service.kind), Role.CONTRIBUTOR), service)


def written(world: World, contribution: Contribution, text: str = "", by: Actor | None = None) -> Contribution:
    """Every section has text."""
    by = by or writer_of(world, contribution)
    for section in contribution.sections.order_by("position"):
        section.contribution = contribution
        words = text or f"{contribution.service.name} om {section.heading.lower()}"
        save_section(section=section, text=words, version=section.version, by=by)
    return fresh_contribution(contribution)


def submitted(
    world: World, contribution: Contribution, text: str = "", *, by: Actor | None = None, sealed: bool = False
) -> Contribution:
    """Written and submitted by its service."""
    by = by or writer_of(world, contribution)
    contribution = written(world, contribution, text, by)
    submit_contribution(contribution=contribution, by=by, sealed=sealed)
    return fresh_contribution(contribution)


def a_collected_referral(world: World, *services: Service) -> Referral:
    """A referral whose contributions have all come (school, PPT and health visitor unless others are named)."""
    services = services or (world.school, world.ppt, world.health_visitor)
    referral = a_referral(world, consented_case(world, *services, world.gp), *services)
    for contribution in Contribution.objects.filter(referral=referral).select_related("service", "referral__case"):
        submitted(world, contribution)
    return fresh_referral(referral)


def fresh_referral(referral: Referral) -> Referral:
    """The referral as it is in the database now, with what actions look at."""
    found = Referral.objects.select_related("receiver__organisation", "referrer__service", "referrer__user").get(
        pk=referral.pk
    )
    found.case = fresh(found.case)
    return found


def fresh_contribution(contribution: Contribution) -> Contribution:
    """The contribution as it is in the database now."""
    found = Contribution.objects.select_related("service").get(pk=contribution.pk)
    found.referral = fresh_referral(found.referral)
    return found
