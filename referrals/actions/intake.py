"""Intake: receive, assign, redirect, change urgency. The legal clock runs from the first receipt (pbrl § 2-2)."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, open_task, start_deadline, tell
from cases.models import Case, Category, Deadline
from cases.protection import located
from cases.sharing import SharingFacts
from guideline.deadlines import due_on as compute_due
from guideline.editions import current_edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.directory.lookup import services_in
from portal.models import Membership, Service
from portal.rights import check
from portal.states import MovedOn, move
from portal.timeframe import today
from referrals.missing import has_refused
from referrals.models import Receipt, Referral, UrgencyChange
from referrals.roles import HOSPITAL
from referrals.states import BEING_MADE, OPEN, REFERRAL, WITH_HOSPITAL

R = Referral.State


def receive(*, referral: Referral, received_on: dt.date, by: Actor, now: dt.datetime | None = None) -> bool:
    """Registers the date the hospital received it; the ten working days run from the first such date (pbrl § 2-2).

    False when the same person already did. Raises ``Invalid`` for a date to come or before sending, ``MovedOn`` when
    someone else was first, or the referral is withdrawn or sent on.
    """
    now = now or timezone.now()
    check(by, "intake.receive", referral)
    with case_work(referral.case_id, by=by, now=now) as case:
        locked = held_by(referral, by, *WITH_HOSPITAL)
        if locked.state == R.RECEIVED:
            return _received_already(locked, by)
        check_received_on(locked, received_on, now)
        register_receipt(referral, case, received_on, by, now)
    return True


def register_receipt(referral: Referral, case: Case, received_on: dt.date, by: Actor, now: dt.datetime) -> None:
    """What a receipt is, for actions that have checked right, state and date, under the case's lock."""
    move(referral, REFERRAL, R.RECEIVED, by=by, now=now, case_id=case.pk, received_on=received_on,
         first_received_on=referral.first_received_on or received_on)  # fmt: skip
    Receipt.objects.create(referral=referral, service_id=referral.receiver_id, received_on=received_on,
                           received_at=now, received_by=by.person)  # fmt: skip
    close_tasks(referral, "intake.receive", now=now)
    await_decision(referral, case, by, now)
    tell_senders("referral.received", referral, case, by, now)


def assign_reviewer(
    *, referral: Referral, reviewer: Membership | None, by: Actor, now: dt.datetime | None = None
) -> Referral:
    """Gives the referral to one reviewer of the department, or (None) back to everyone; the task follows.

    Raises ``Invalid`` when the reviewer does not review here, ``MovedOn`` when it is not with the department.
    """
    now = now or timezone.now()
    check(by, "intake.assign", referral)
    if reviewer is not None and not _reviews_here(reviewer, referral, now):
        raise Invalid(reviewer=_("Velg noen i inntaket eller en behandler i avdelingen."))
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        locked = held_by(referral, by, R.RECEIVED)
        if locked.reviewer_id == (reviewer.pk if reviewer else None):
            return locked
        locked.reviewer = reviewer
        locked.save(update_fields=["reviewer"])
        audit.record(by, "intake.assigned", locked, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"to": str(reviewer.pk) if reviewer else ""})  # fmt: skip
        await_decision(locked, case, by, now)
        if reviewer is not None:
            tell("intake.assigned", by=by, now=now, subject=locked, url_name="referrals:intake_referral", case=case,
                 users=(reviewer.user_id,), service=reviewer.service_id)  # fmt: skip
    return locked


def redirect_referral(
    *, referral: Referral, to: Service, reason: str, by: Actor, now: dt.datetime | None = None
) -> bool:
    """Sends it on to another department with history; the clock still runs from the first receipt.

    The first department's access ends, except to the fact that it sent the referral on. False when the same person
    already sent it there. Raises ``Invalid`` per field and ``MovedOn``.
    """
    now = now or timezone.now()
    if _sent_on_already(referral, to, by):
        return False
    check(by, "intake.redirect", referral)
    reason = reason.strip()
    if not reason:
        raise Invalid(reason=_("Skriv hvorfor henvisningen sendes videre."))
    if not to.receives_referrals or not to.active or to.pk == referral.receiver_id:
        raise Invalid(to=_("Velg en annen avdeling som tar imot henvisninger."))
    with case_work(referral.case_id, by=by, now=now) as case:
        if not services_in(case.community, today(now)).filter(pk=to.pk).exists():
            raise Invalid(to=_("Avdelingen hører ikke til helsefellesskapet."))
        locked = held_by(referral, by, R.RECEIVED)
        if Referral.objects.filter(case=case, receiver=to, state__in=OPEN).exists():
            raise Invalid(to=_("Avdelingen har allerede en åpen henvisning for dette barnet."))
        # A no to this department goes before the yes to the first. A basis in law that stands against a no is no no.
        if has_refused(SharingFacts(case), to.pk, Category.HEALTH, now):
            raise Invalid(
                to=_("Det er sagt nei til å dele helseopplysninger med %(name)s. Snakk med stafettholderen.")
                % {"name": to.name}
            )
        move(referral, REFERRAL, R.RECEIVED, by=by, now=now, reason=reason, case_id=case.pk, receiver=to,
             received_on=max(today(now), locked.received_on or today(now)), reviewer=None)  # fmt: skip
        _end_stay(locked, to, reason, by, now)
        close_tasks(referral, "intake.decide", "intake.receive", now=now, reason="moved")
        await_decision(referral, case, by, now)
        with as_job():
            Deadline.objects.filter(subject_id=referral.pk, rule="intake_assessment", state="open").update(service=to)
        tell("referral.redirected", by=by, now=now, subject=referral, url_name="referrals:intake_referral", case=case,
             service=to, roles=HOSPITAL)  # fmt: skip
        tell_senders("referral.redirected", referral, case, by, now)
    return True


def change_urgency(
    *, referral: Referral, urgency: str, reason: str, by: Actor, now: dt.datetime | None = None
) -> Referral:
    """Intake changes the urgency with a reason; referrer and holder are told. The same again changes nothing.

    The hospital's reason stands with the change; what the referrer wrote about the urgency is not touched.
    """
    now = now or timezone.now()
    check(by, "intake.change_urgency", referral)
    reason = reason.strip()
    if not reason:
        raise Invalid(reason=_("Skriv hvorfor hastegraden endres."))
    if urgency not in Referral.Urgency.values:
        raise Invalid(urgency=_("Velg en hastegrad."))
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        locked = held_by(referral, by, *WITH_HOSPITAL)
        if locked.urgency == urgency:
            return locked
        change = UrgencyChange.objects.create(referral=locked, from_urgency=locked.urgency, to_urgency=urgency,
                                              reason=reason, changed_at=now, changed_by=by.person)  # fmt: skip
        locked.urgency = urgency
        locked.save(update_fields=["urgency"])
        audit.record(by, "intake.urgency_changed", change, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"to": urgency})  # fmt: skip
        tell_senders("referral.urgency", locked, case, by, now)
    return locked


def held_by(referral: Referral, by: Actor, *wanted: str) -> Referral:
    """The referral as it is now, locked: with the acting department and in one of the states. Raises ``MovedOn``."""
    locked: Referral = states.lock(referral)
    if locked.state == R.WITHDRAWN:
        assert locked.withdrawn_at is not None
        assert locked.withdrawn_by is not None
        raise MovedOn(
            _("Henvisningen ble trukket av %(who)s %(when)s, så det er ikke mer å gjøre her.")
            % {"who": locked.withdrawn_by.name, "when": moment(locked.withdrawn_at)}
        )
    if locked.receiver_id != by.service_id:
        raise MovedOn(_("Henvisningen er sendt videre til %(name)s.") % {"name": locked.receiver.name})
    if locked.state in BEING_MADE:
        raise MovedOn(_("Henvisningen er ikke sendt ennå."))
    if locked.state not in wanted:
        if locked.state == R.SENT:
            raise MovedOn(_("Registrer først når henvisningen ble mottatt."))
        change = states.latest_change(REFERRAL, locked.pk)
        raise MovedOn(
            _("Henvisningen er allerede avgjort. %(who)s registrerte det %(when)s.")
            % {"who": change.user_name if change else "", "when": moment(change.at) if change else ""}
        )
    return locked


def check_received_on(referral: Referral, received_on: dt.date, now: dt.datetime) -> None:
    """A date of receipt lies between sending and today. Raises ``Invalid``."""
    if received_on > today(now):
        raise Invalid(received_on=_("Datoen kan ikke være fram i tid."))
    if referral.sent_at and received_on < today(referral.sent_at):
        raise Invalid(
            received_on=_("Datoen kan ikke være før henvisningen ble sendt, %(date)s.")
            % {"date": today(referral.sent_at).strftime("%d.%m.%Y")}
        )


def moment(at: dt.datetime) -> str:
    """«22.11.2026 kl. 09.14», for sentences to people."""
    local = timezone.localtime(at)
    return _("%(date)s kl. %(time)s") % {"date": local.strftime("%d.%m.%Y"), "time": local.strftime("%H.%M")}


def await_decision(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    """The department's task and deadline, from the first receipt; the task is the reviewer's where there is one."""
    assert referral.first_received_on is not None
    due = compute_due(current_edition(case.community).deadlines["intake_assessment"], referral.first_received_on)
    task = open_task("intake.decide", by=by, now=now, service=referral.receiver_id, subject=referral, case=case,
                     due_on=due, user_id=referral.reviewer.user_id if referral.reviewer else None)  # fmt: skip
    start_deadline("intake_assessment", case=case, subject=referral, service=referral.receiver_id,
                   anchor_on=referral.first_received_on, task=task)  # fmt: skip


def tell_senders(kind: str, referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    """Tells the holder and whoever sent it, each where they act."""
    detail = located(case.child, referral.receiver.name)
    people = {case.holder.user_id: case.holder.service_id}
    if referral.referrer is not None:
        people.setdefault(referral.referrer.user_id, referral.referrer.service_id)
    for user_id, service_id in people.items():
        tell(kind, by=by, now=now, subject=referral, url_name="referrals:outcome", case=case, users=(user_id,),
             service=service_id, detail=detail)  # fmt: skip


def _received_already(locked: Referral, by: Actor) -> bool:
    standing = Receipt.objects.filter(referral=locked, service_id=locked.receiver_id, error_at__isnull=True)
    first = standing.select_related("received_by").last()
    if first is None or (by.user is not None and first.received_by_id == by.user.pk):
        return False
    raise MovedOn(
        _("Mottaket er allerede registrert av %(who)s, med dato %(date)s.")
        % {"who": first.received_by.name, "date": first.received_on.strftime("%d.%m.%Y")}
    )


def _reviews_here(reviewer: Membership, referral: Referral, now: dt.datetime) -> bool:
    current = Membership.objects.current(today(now)).filter(pk=reviewer.pk, role__in=HOSPITAL)
    return current.filter(service_id=referral.receiver_id).exists()


def _sent_on_already(referral: Referral, to: Service, by: Actor) -> bool:
    if by.user is None:
        return False
    mine = Receipt.objects.filter(referral=referral, service_id=by.service_id, redirected_by=by.user, redirected_to=to)
    return referral.receiver_id != by.service_id and mine.exists()


def _end_stay(referral: Referral, to: Service, reason: str, by: Actor, now: dt.datetime) -> None:
    """The stay at the first department ends with where it went and why; a stay at the next begins today."""
    assert by.user is not None
    stays = Receipt.objects.filter(
        referral=referral, service_id=by.service_id, redirected_at__isnull=True, error_at__isnull=True
    )
    stays.update(redirected_to=to, redirect_reason=reason, redirected_at=now, redirected_by=by.user)
    Receipt.objects.create(referral=referral, service=to, received_on=today(now), received_at=now, received_by=by.user)
