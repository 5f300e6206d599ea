"""What shows that obligations 6.1.1–6.1.5 are met, from the facts that ``referrals.subjects`` reads with each."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.consent_answers import Because
from cases.models import Participant
from cases.sharing import SharingFacts, category_of
from guideline.compliance import Finding, State, evidence
from guideline.deadlines import due_on
from guideline.schema import Edition
from portal.models import Service
from referrals.models import Consultation, Contribution, GpAssessment, Referral
from referrals.states import BEING_MADE

C = Contribution.State
# A no, a yes taken back, and the child's own wish.
NO = frozenset({Because.REFUSED, Because.WITHDRAWN, Because.RESERVED_BY_CHILD})


@evidence("6.1.1", subject="referral")
def one_coordinated_referral(referral: Referral, edition: Edition, now: dt.datetime) -> Finding:
    """6.1.1: every participating service that knows the child or the family was asked, and has contributed or declined.

    Those who take part are counted as on the day it was sent: a service that comes later was not forgotten. One that
    the family said no to cannot be asked, and counts as answered with that. Where nobody else takes part, handing the
    referral over says that there is nobody to ask.
    """
    link = ("referrals:assemble", {"referral_id": referral.pk})
    contributions = [c for c in referral.contributions.all() if c.state != C.CANCELLED]
    done = [c for c in contributions if c.state in {C.SUBMITTED, C.DECLINED}]
    left = [c for c in contributions if c.state in {C.REQUESTED, C.STARTED}]
    refused = _said_no_to(referral, [*(c.service for c in left), *_not_asked(referral, contributions, now)], now)
    waiting = [c for c in left if c.service not in refused]
    unasked = [s.name for s in _not_asked(referral, contributions, now) if s not in refused]
    handed_over = referral.sent_at or referral.handed_over_at
    if not waiting and not unasked and (done or refused or handed_over):
        worst = max(done, key=lambda c: (_answered_on(c) - c.due_on, _answered_on(c)), default=None)
        return Finding(
            state=State.MET,
            met_at=_answered_on(worst) if worst else timezone.localdate(handed_over) if handed_over else None,
            due_at=worst.due_on if worst else None,
            rule="contribution_due" if worst else "",
            evidence=_who_answered(done, refused, {c.service for c in left}),
            link=link,
        )
    if referral.state == Referral.State.WITHDRAWN:
        return Finding(state=State.NOT_RELEVANT, link=link)
    gaps = [_("Ikke spurt: %(services)s.") % {"services": ", ".join(unasked)}] if unasked else []
    if waiting:
        gaps.append(_("Venter på: %(services)s.") % {"services": ", ".join(c.service.name for c in waiting)})
    return Finding(
        state=State.OPEN,
        due_at=min((c.due_on for c in waiting), default=None),
        rule="contribution_due" if waiting else "",
        gap=" ".join(gaps) or _("Ingen tjenester er bedt om bidrag."),
        responsible=", ".join(c.service.name for c in waiting) or _("Stafettholderen"),
        link=link,
    )


@evidence("6.1.2", subject="referral")
def overall_assessment(referral: Referral, edition: Edition, now: dt.datetime) -> Finding:
    """6.1.2: finalised by someone entitled to refer, with the overall assessment written."""
    link = ("referrals:assess", {"referral_id": referral.pk})
    if referral.state == Referral.State.WITHDRAWN and referral.sent_at is None:
        return Finding(state=State.NOT_RELEVANT, link=link)
    due = _assessment_due(referral, edition)
    if referral.sent_at is not None:
        return Finding(
            state=State.MET,
            met_at=timezone.localdate(referral.sent_at),
            due_at=due,
            rule="gp_assessment_due" if due else "",
            evidence=(
                _("Ferdigstilt med samlet vurdering av %(name)s.")
                % {"name": referral.sent_by.name if referral.sent_by else ""},
            ),
            link=link,
        )
    return Finding(
        state=State.OPEN,
        due_at=due,
        rule="gp_assessment_due" if due else "",
        gap=_("Samlet vurdering er ikke ferdigstilt."),
        responsible=referral.referrer.user.name if referral.referrer else _("Stafettholderen"),
        link=link,
    )


@evidence("6.1.3", subject="referral")
def gp_assessment(referral: Referral, edition: Edition, now: dt.datetime) -> Finding:
    """6.1.3: a GP assessment is recorded, here or from outside; waived with a reason where no GP is to be had."""
    link = ("referrals:assess", {"referral_id": referral.pk})
    found = next((gp for gp in referral.gp_assessments.all() if gp.completed_at and not gp.error_at), None)
    due = _assessment_due(referral, edition)
    rule = "gp_assessment_due" if due else ""
    if found is not None:
        text = (
            _("Mottatt utenfor portalen fra %(source)s.") % {"source": found.external_from}
            if found.source == GpAssessment.Source.EXTERNAL
            else _("Skrevet i portalen.")
        )
        met = timezone.localdate(found.completed_at)
        return Finding(state=State.MET, met_at=met, due_at=due, rule=rule, evidence=(text,), link=link)
    if referral.state == Referral.State.WITHDRAWN:
        return Finding(state=State.NOT_RELEVANT, link=link)
    if referral.missing_gp_reason:
        label = edition.code("missing_gp_assessment", referral.missing_gp_code).label
        # The code alone: the doctor's own words are for those who read the referral.
        return Finding(state=State.WAIVED, gap=f"{label}.", link=link)
    return Finding(
        state=State.OPEN,
        due_at=due,
        rule=rule,
        gap=_("Vurdering fra fastlege mangler."),
        responsible=_("Fastlegen"),
        link=link,
    )


@evidence("6.1.4", subject="consultation")
def available_for_discussion(consultation: Consultation, edition: Edition, now: dt.datetime) -> Finding:
    """6.1.4: the department answered the consultation within the edition's time."""
    link = ("referrals:consultation", {"consultation_id": consultation.pk})
    if consultation.answered_at is not None:
        return Finding(
            state=State.MET,
            met_at=consultation.held_on or timezone.localdate(consultation.answered_at),
            due_at=consultation.due_on,
            rule="consultation_answer",
            evidence=(_("%(department)s har svart.") % {"department": consultation.department.name},),
            link=link,
        )
    return Finding(
        state=State.OPEN,
        due_at=consultation.due_on,
        rule="consultation_answer",
        gap=_("%(department)s har ikke svart på drøftingen.") % {"department": consultation.department.name},
        responsible=consultation.department.name,
        link=link,
    )


@evidence("6.1.5", subject="referral")
def emergency_assessed(referral: Referral, edition: Edition, now: dt.datetime) -> Finding:
    """6.1.5: the emergency question is answered; where yes, who was called and when."""
    link = ("referrals:assess", {"referral_id": referral.pk})
    answers = [e for e in referral.case.emergencies.all() if e.holds_for(referral)]
    answer = max(answers, key=lambda e: (e.assessed_at, e.pk), default=None)
    if answer is None:
        if referral.state not in BEING_MADE:
            return Finding(state=State.NOT_RELEVANT, link=link)
        return Finding(
            state=State.OPEN,
            gap=_("Øyeblikkelig hjelp er ikke vurdert."),
            responsible=_("Fastlegen eller legevakten"),
            link=link,
        )
    met = timezone.localdate(answer.assessed_at)
    if not answer.is_emergency:
        return Finding(state=State.MET, met_at=met, evidence=(_("Vurdert: ikke øyeblikkelig hjelp."),), link=link)
    if answer.called_on is None:
        return Finding(
            state=State.OPEN,
            gap=_("Det haster, men det er ikke registrert hvem som ble ringt."),
            responsible=answer.assessed_by.name,
            link=link,
        )
    called = timezone.localtime(answer.called_on)
    text = _("%(service)s ble ringt %(date)s kl. %(time)s.") % {
        "service": answer.called_name,
        "date": called.strftime("%d.%m.%Y"),
        "time": called.strftime("%H.%M"),
    }
    return Finding(state=State.MET, met_at=called.date(), evidence=(text,), link=link)


def _who_answered(done: list[Contribution], refused: list[Service], asked: set[Service]) -> tuple[str, ...]:
    """What shows that all have answered, in words; ``asked``: those of the refused that were asked before the no."""
    given = sum(c.state == C.SUBMITTED for c in done)
    declined = [c.service.name for c in done if c.state == C.DECLINED]
    if not done and not refused:
        return (_("Ingen andre tjenester i saken kjenner barnet eller familien."),)
    contributed = ngettext("%(n)d tjeneste har bidratt.", "%(n)d tjenester har bidratt.", given) % {"n": given}
    not_asked = _("%(service)s er ikke spurt: det er sagt nei til deling.")
    lost = _("%(service)s bidrar ikke: det er sagt nei til deling.")
    return (
        *([contributed] if done else []),
        *(_("%(service)s bidrar ikke, med grunn.") % {"service": name} for name in declined),
        *((lost if s in asked else not_asked) % {"service": s.name} for s in refused),
    )


def _answered_on(contribution: Contribution) -> dt.date:
    """The day a contribution came, or was declined."""
    at = contribution.submitted_at or contribution.declined_at
    assert at is not None
    return timezone.localdate(at)


def _not_asked(referral: Referral, contributions: list[Contribution], now: dt.datetime) -> list[Service]:
    """The services that take part and were not asked. The one who refers is asked for the assessment, and the holder's
    service writes the referral itself."""
    asked = {c.service_id for c in contributions} | {referral.case.holder.service_id, referral.receiver_id}
    if referral.referrer is not None:
        asked.add(referral.referrer.service_id)
    return [p.service for p in _taking_part(referral, now) if p.service_id not in asked]


def _said_no_to(referral: Referral, services: list[Service], now: dt.datetime) -> list[Service]:
    """Those of the services that a recorded no keeps from contributing, as on the day of sending. One statement, where
    there is anyone to look at."""
    if not services:
        return []
    facts = SharingFacts(referral.case)
    at = referral.sent_at or now
    found = {s: facts.basis(s.pk, category_of(s, facts.edition), at) for s in services}
    return [service for service, basis in found.items() if not basis.allowed and basis.because in NO]


def _taking_part(referral: Referral, now: dt.datetime) -> list[Participant]:
    """The services that take part, today or on the day of sending, whichever came first."""
    at = referral.sent_at or now
    day = timezone.localdate(at)
    return [
        p
        for p in referral.case.participants.all()
        if p.added_at <= at
        and (p.ended_at is None or p.ended_at > at)
        and p.valid_from <= day
        and (p.valid_until is None or p.valid_until >= day)
    ]


def _assessment_due(referral: Referral, edition: Edition) -> dt.date | None:
    if referral.handed_over_at is None:
        return None
    return due_on(edition.deadlines["gp_assessment_due"], timezone.localdate(referral.handed_over_at))
