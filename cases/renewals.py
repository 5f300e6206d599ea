"""The task of renewing a consent before it goes out, with its deadline (edition rule ``consent_expiry``).

What ends because a birthday changes who decides is another task: ``cases.asking_again``.
"""

import datetime as dt
import uuid

from cases.asking_again import changes_hands, keep_asking
from cases.consent_answers import Because
from cases.consent_parts import standing_parts
from cases.inbox import close_tasks, end_deadlines, open_task, start_deadline
from cases.models import Case, Consent, Deadline
from cases.sharing import SharingFacts
from guideline import deadlines as rules
from portal.context import Actor, as_job
from portal.timeframe import end_of, today

KIND, RULE = "consent.renew", "consent_expiry"
# Lost by time alone, and by nobody's no.
RAN_OUT = {Because.EXPIRED}


def keep_renewals(case: Case, *, by: Actor, now: dt.datetime) -> None:
    """Opens the task for each consent whose end will close something; ends it where nothing is lost. The same for
    birthdays that change who decides.

    Call under the case's lock, after anything that can change who decides or what is said. No renewal is due when a
    consent is withdrawn or wrong, or when others carry on all it opens. One that ran out with nothing in its place
    still waits to be renewed. The deadline counts from the day something is lost; when that day moves, the old cycle
    is cancelled.
    """
    day = today(now)
    facts = SharingFacts(case)
    keep_asking(case, facts, by=by, now=now)
    lost = {row.pk: _lost_on(facts, row, now) for row in facts.consent_rows}
    holder = case.holder
    for consent in facts.all_consents:
        if consent.decision != Consent.Decision.GIVEN:
            continue
        anchor = lost.get(consent.pk) if case.state != Case.State.CLOSED else None
        if anchor is None:
            over = consent.withdrawn_at is not None or consent.error_at is not None or case.state == Case.State.CLOSED
            missing = set() if over else _missing(facts, consent, now)
            if missing & RAN_OUT:
                continue
            renewed = not over and not missing
            close_tasks(consent, KIND, now=now, reason="done" if renewed else "cancelled")
            end_deadlines(consent, RULE, on=day, met=renewed)
            continue
        rule = facts.edition.deadlines[RULE]
        due = max(rules.due_on(rule, anchor) or anchor, day)
        task = open_task(
            KIND,
            by=by,
            now=now,
            service=holder.service_id,
            subject=consent,
            case=case,
            due_on=due,
            shows_on=rules.in_sight_from(rule, due),
            url_id=case.pk,
        )
        with as_job():
            Deadline.objects.filter(rule=RULE, subject_id=consent.pk, state=Deadline.State.OPEN).exclude(
                anchor_on=anchor
            ).update(state=Deadline.State.CANCELLED, ended_on=day)
        start_deadline(
            RULE, case=case, subject=consent, service=holder.service_id, anchor_on=anchor, task=task, due_on=due
        )


def _lost_on(facts: SharingFacts, consent: Consent, now: dt.datetime) -> dt.date | None:
    """The day when something is first closed because this consent ends; None when nothing will be, as facts stand, or
    a birthday comes first."""
    if consent.withdrawn_at or consent.decision != Consent.Decision.GIVEN:
        return None
    at = max(now, consent.valid_from)
    birthdays = {category: changes_hands(facts, category) for category in consent.categories}
    ends = [
        basis.expires_at
        for service_id, category in standing_parts(consent)
        if service_id
        and (basis := facts.basis(service_id, category, at)).allowed
        and basis.expires_at
        and basis.expires_at not in birthdays[category]
        and consent.pk in _to_renew(facts, service_id, category, basis.expires_at)
    ]
    return today(min(ends)) if ends else None


def _missing(facts: SharingFacts, consent: Consent, now: dt.datetime) -> set[Because]:
    """Why what a consent once opened is closed now; empty when all of it is open."""
    found = {
        facts.basis(service_id, category, max(now, consent.valid_from))
        for service_id, category in standing_parts(consent)
        if service_id
    }
    return {basis.because for basis in found if not basis.allowed}


def _to_renew(facts: SharingFacts, service_id: uuid.UUID, category: str, moment: dt.datetime) -> set[uuid.UUID]:
    """The consents to renew before a moment at which sharing stops: those that go out then, or the newest."""
    holding = set(facts.basis(service_id, category, moment - dt.timedelta(seconds=1)).consent_ids)
    rows = [row for row in facts.consent_rows if str(row.pk) in holding]
    ending = {row.pk for row in rows if row.valid_until and end_of(row.valid_until) == moment}
    return ending or {max(rows, key=lambda row: row.recorded_at).pk} if rows else set()
