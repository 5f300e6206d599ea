"""Asking services for their contributions (6.1.1): with consent or on a named basis, each with its own due date."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, open_task, start_deadline, tell
from cases.models import Case, Participant
from cases.protection import located
from cases.sharing import SharingFacts, category_of
from guideline.deadlines import due_on as compute_due
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.directory.lookup import services_for, with_people
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn, begin, move
from portal.timeframe import today
from referrals.actions.held import being_made, keep_delivered
from referrals.actions.turn import AWAITED, settle_turn
from referrals.asking import AskBasis, basis_for_asking
from referrals.models import Contribution, ContributionSection, Referral
from referrals.states import CONTRIBUTION, REFERRAL

C = Contribution.State
NEVER_ASKED = ("secretariat", "portal_administration")


def ask_contribution(
    *,
    referral: Referral,
    service: Service,
    by: Actor,
    due_on: dt.date | None = None,
    request_text: str = "",
    now: dt.datetime | None = None,
) -> Contribution:
    """Asks a service for its contribution; one that declined is asked once more. Asking twice gives the first one back.

    Asked once more without words, what was asked the first time still stands; asked again after the request was taken
    back, what the service had written stands. Raises ``Invalid`` when neither consent nor a named statutory basis
    covers the service, when it does not serve the child's municipality, has nobody who can answer or is the one that
    receives the referral, or when the date is in the past; ``MovedOn`` when the referral is sent.
    """
    now = now or timezone.now()
    check(by, "referral.ask", referral)
    if due_on and due_on < today(now):
        raise Invalid(due_on=_("Fristen kan ikke være i fortiden."))
    with case_work(referral.case_id, by=by, now=now) as case:
        locked = being_made(referral)
        existing = Contribution.objects.filter(referral=locked, service=service).exclude(state=C.CANCELLED).first()
        if existing is not None and existing.state != C.DECLINED:
            return existing
        facts, basis = may_contribute(case, locked, service, now)
        if not with_people([service.pk], today(now)):
            raise Invalid(
                service=_("%(service)s har ingen brukere ennå. Spør dem utenfor portalen, og registrer svaret her.")
                % {"service": service.name}
            )
        due = due_on or compute_due(facts.edition.deadlines["contribution_due"], today(now))
        assert due is not None
        assert by.user is not None
        if existing is not None:
            contribution = existing
            move(
                contribution,
                CONTRIBUTION,
                C.REQUESTED,
                by=by,
                now=now,
                case_id=case.pk,
                due_on=due,
                request_text=request_text.strip() or existing.request_text,
                statutory_basis=basis.statutory,
                declined_at=None,
                declined_by=None,
                decline_code="",
                decline_note="",
            )
        else:
            template = facts.edition.template_for(service.kind)
            contribution = Contribution.objects.create(
                referral=locked,
                service=service,
                template=template.key,
                category=category_of(service, facts.edition),
                due_on=due,
                request_text=request_text,
                statutory_basis=basis.statutory,
                requested_at=now,
                requested_by=by.user,
            )
            ContributionSection.objects.bulk_create(
                ContributionSection(contribution=contribution, key=s.key, position=i, heading=s.heading)
                for i, s in enumerate(template.sections.values())
            )
            _take_up(contribution)
            begin(contribution, CONTRIBUTION, by=by, now=now, case_id=case.pk)
            audit.record(
                by,
                "contribution.requested",
                contribution,
                case_id=case.pk,
                child_id=case.child_id,
                now=now,
                detail={"service": str(service.pk), "basis": basis.statutory.code if basis.statutory else "consent"},
            )
        if locked.state == Referral.State.DRAFT:
            move(locked, REFERRAL, Referral.State.COLLECTING, by=by, now=now, case_id=case.pk)
        close_tasks(locked, "referral.collect", now=now)
        await_contribution(contribution, locked, case, by=by, now=now)
        settle_turn(locked, case, by=by, now=now)
    return contribution


def may_contribute(case: Case, referral: Referral, service: Service, now: dt.datetime) -> tuple[SharingFacts, AskBasis]:
    """What may be shared in the case, and the basis on which the service contributes. Raises ``Invalid(service=…)``."""
    if service.pk == referral.receiver_id:
        raise Invalid(service=_("Avdelingen som skal ha henvisningen, bes ikke om bidrag til den."))
    if not _can_be_asked(case, service, now):
        raise Invalid(service=_("Denne tjenesten har ikke ansvar for kommunen barnet bor i."))
    with as_job():
        facts = SharingFacts(case)
    basis = basis_for_asking(facts, service, now)
    if not basis.allowed:
        raise Invalid(
            service=_("%(service)s kan ikke bes om bidrag ennå. %(why)s")
            % {"service": service.name, "why": basis.explanation}
        )
    return facts, basis


def ask_for_more(
    *,
    contribution: Contribution,
    message: str,
    by: Actor,
    due_on: dt.date | None = None,
    now: dt.datetime | None = None,
) -> bool:
    """Gives a submitted contribution back to its writer, saying what more is needed; what they wrote stands, goes along
    as it was if the referral is sent meanwhile, and so does what was asked first. Twice is once (False).

    Raises ``Invalid`` without a message or with a date in the past, ``MovedOn`` when the referral is sent or the writer
    has taken it back already.
    """
    now = now or timezone.now()
    check(by, "referral.ask", contribution.referral)
    if not message.strip():
        raise Invalid(message=_("Skriv hva dere trenger mer om."))
    if due_on and due_on < today(now):
        raise Invalid(due_on=_("Fristen kan ikke være i fortiden."))
    with case_work(contribution.referral.case_id, by=by, now=now) as case:
        referral = being_made(contribution.referral)
        held: Contribution = states.lock(contribution)
        if _asked_already(held, message, by, now):
            return False
        if held.external_from and not with_people([held.service_id], today(now)):
            raise MovedOn(_("Bidraget er mottatt utenfor portalen, og tjenesten har ingen brukere. Spør dem der."))
        due = due_on or max(held.due_on, today(now))
        done = move(
            contribution,
            CONTRIBUTION,
            C.STARTED,
            by=by,
            now=now,
            reason="more",
            case_id=case.pk,
            submitted_at=None,
            submitted_by=None,
            request_text=_asked_more(held.request_text, message, now),
            due_on=due,
            **keep_delivered(held),
        )
        if done:
            await_contribution(contribution, referral, case, by=by, now=now)
            settle_turn(referral, case, by=by, now=now)
    return done


def cancel_request(*, contribution: Contribution, by: Actor, reason: str = "", now: dt.datetime | None = None) -> bool:
    """Takes back a request that should not have been made; what the service wrote so far stays with its history.

    The service is told that it need not answer; the holder, and whoever has the referral to assess, that it is gone.
    """
    now = now or timezone.now()
    check(by, "referral.ask", contribution.referral)
    with case_work(contribution.referral.case_id, by=by, now=now) as case:
        referral = being_made(contribution.referral)
        done = move(contribution, CONTRIBUTION, C.CANCELLED, by=by, now=now, reason=reason, case_id=case.pk)
        if done:
            close_tasks(contribution, now=now, reason="cancelled")
            end_deadlines(contribution, on=today(now), met=False)
            tell("contribution.cancelled", by=by, now=now, subject=contribution, url_name="referrals:contribution",
                 case=case, service=contribution.service_id)  # fmt: skip
            pages = {case.holder: "referrals:assemble"}
            if referral.state == Referral.State.FOR_ASSESSMENT and referral.referrer is not None:
                pages.setdefault(referral.referrer, "referrals:assess")
            for person, page in pages.items():
                tell("contribution.taken_back", by=by, now=now, subject=referral, url_name=page, case=case,
                     users=(person.user_id,), service=person.service_id,
                     detail=located(case.child, contribution.service.name))  # fmt: skip
            settle_turn(referral, case, by=by, now=now)
    return done


def nudge(*, contribution: Contribution, by: Actor, now: dt.datetime | None = None) -> bool:
    """Reminds a service of what it owes: logged, at most once a day. False when it was done today already."""
    now = now or timezone.now()
    check(by, "referral.nudge", contribution.referral)
    with case_work(contribution.referral.case_id, by=by, now=now, access=False) as case:
        being_made(contribution.referral)
        locked: Contribution = states.lock(contribution)
        if locked.state not in AWAITED:
            raise MovedOn(_("Bidraget er allerede besvart."))
        if locked.nudged_on == today(now):
            return False
        locked.nudged_on = contribution.nudged_on = today(now)
        locked.save(update_fields=["nudged_on"])
        tell(
            "contribution.nudged",
            by=by,
            now=now,
            subject=locked,
            url_name="referrals:contribution",
            case=case,
            service=locked.service_id,
        )
        audit.record(by, "contribution.nudged", locked, case_id=case.pk, child_id=case.child_id, now=now)
    return True


def await_contribution(
    contribution: Contribution, referral: Referral, case: Case, *, by: Actor, now: dt.datetime, told: bool = True
) -> None:
    """Opens the contributor's task and deadline, and tells the service unless it acts itself."""
    detail = located(case.child, referral.receiver.name)
    task = open_task(
        "contribution.write",
        by=by,
        now=now,
        service=contribution.service_id,
        subject=contribution,
        case=case,
        due_on=contribution.due_on,
        detail=detail,
    )
    start_deadline(
        "contribution_due",
        case=case,
        subject=contribution,
        service=contribution.service_id,
        anchor_on=today(now),
        task=task,
        due_on=contribution.due_on,
    )
    if told:
        tell(
            "contribution.requested",
            by=by,
            now=now,
            subject=contribution,
            url_name="referrals:contribution",
            case=case,
            service=contribution.service_id,
            detail=detail,
        )


def _take_up(contribution: Contribution) -> None:
    """What the service wrote for a request that was taken back stands in the new one, with what it had attached."""
    earlier = Contribution.objects.filter(referral=contribution.referral_id, service=contribution.service_id)
    before = earlier.filter(state=C.CANCELLED).order_by("-requested_at", "-pk").first()
    if before is None:
        return
    texts = {row.key: row for row in before.sections.exclude(text="")}
    for section in contribution.sections.all():
        if section.key in texts:
            old = texts[section.key]
            section.text, section.version = old.text, old.version
            section.written_at, section.written_by_id = old.written_at, old.written_by_id
            section.save(update_fields=["text", "version", "written_at", "written_by"])
    before.attachments.filter(detached_at__isnull=True).update(contribution=contribution)


def _asked_more(first: str, message: str, now: dt.datetime) -> str:
    """What was asked first, and below it what more is needed, with the day."""
    return f"{first.strip()}\n\n{_more(message, now)}" if first.strip() else message.strip()


def _more(message: str, now: dt.datetime) -> str:
    day = today(now).strftime("%d.%m.%Y")
    return _("Spurt om mer %(day)s: %(message)s") % {"day": day, "message": message.strip()}


def _asked_already(held: Contribution, message: str, by: Actor, now: dt.datetime) -> bool:
    """Whether the same person has asked for just this already: a double click, which would add the words once more."""
    newest = states.latest_change(CONTRIBUTION, held.pk)
    mine = newest is not None and newest.reason == "more" and by.user is not None and newest.user_id == by.user.pk
    asked = held.request_text
    return mine and held.state == C.STARTED and (asked == message.strip() or asked.endswith(_more(message, now)))


def _can_be_asked(case: Case, service: Service, now: dt.datetime) -> bool:
    """A service that takes part, or that serves the child's municipality; never those who only administer."""
    if service.kind in NEVER_ASKED:
        return False
    if Participant.objects.taking_part(today(now)).filter(case=case, service=service).exists():
        return True
    return services_for(case.municipality, on=today(now)).filter(pk=service.pk).exists()
