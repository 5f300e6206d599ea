"""Finalising (6.1.2): someone entitled writes the overall assessment, and the referral is frozen and sent at once."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, open_task, tell
from cases.models import Case
from cases.protection import located
from guideline.editions import current_edition
from guideline.schema import Edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, move
from portal.timeframe import today
from referrals.actions.conflict import TextConflict, lose, stale
from referrals.actions.held import being_made, check_length, undecided
from referrals.actions.information import cancel_requests
from referrals.actions.intake import tell_senders
from referrals.actions.turn import AWAITED
from referrals.instead_of_consent import basis_errors
from referrals.missing import missing_for_finalising
from referrals.models import Contribution, Referral, Snapshot
from referrals.own_texts import must_read_texts
from referrals.roles import HOSPITAL
from referrals.snapshot import freeze
from referrals.states import BEING_MADE, REFERRAL
from referrals.tasks import queue_rendering

R = Referral.State
# What the holder wrote of its own; changed after sending only with a new version.
OWN_TEXTS = ("worry", "questions", "why_specialist", "urgency_reason")


def save_overall(
    *,
    referral: Referral,
    text: str,
    version: int,
    by: Actor,
    page: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> Referral:
    """Saves the draft of the overall assessment with a version check; ``page`` is the open page (see ``save_section``).

    A stale version keeps the loser's text on the server and raises ``TextConflict``: call it outside a savepoint that
    the exception would roll back. Raises ``MovedOn`` where the acting service may not read the referral's texts.
    """
    now = now or timezone.now()
    check(by, "referral.finalise", referral)
    text = text.strip()
    check_length("overall", text)
    conflict: TextConflict | None = None
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        locked = being_made(referral)
        must_read_texts(locked, case, by, now)
        if locked.overall_assessment == text:
            return locked
        if stale(version, page, version=locked.assessment_version, written_in=locked.overall_written_in):
            who = locked.overall_written_by.name if locked.overall_written_by else ""
            conflict = TextConflict(current=locked.overall_assessment, version=locked.assessment_version, who=who)
        else:
            locked.overall_assessment, locked.assessment_version = text, locked.assessment_version + 1
            locked.overall_written_at, locked.overall_written_by, locked.overall_written_in = now, by.person, page
            locked.save(
                update_fields=[
                    "overall_assessment", "assessment_version", "overall_written_at", "overall_written_by",
                    "overall_written_in",
                ]
            )  # fmt: skip
            audit.record(by, "referral.overall_written", locked, case_id=case.pk, child_id=case.child_id, now=now)
    if conflict is not None:
        path = reverse("referrals:assess", args=[referral.pk])
        lose(conflict, owner=by.person, path=path, fields={"overall": text}, label=_("Samlet vurdering"), now=now)
    return locked


def give_reasons(
    *, referral: Referral, by: Actor, gp_code: str = "", gp_reason: str = "", consent_code: str = "",
    consent_basis: str = "", consent_reason: str = "", now: dt.datetime | None = None,
) -> Referral:  # fmt: skip
    """Records why the GP's assessment or the consent is missing; printed on the referral. Empty takes it back.

    A missing consent needs a code, the statutory basis one relies on instead (within the edition's limits: the kind of
    service that receives it, health information, no end to be given, and a no that it yields to), and the reason in
    words; a missing GP assessment a code and the reason. While the hospital has the referral, it goes along with the
    next version. Raises ``Invalid`` per field; ``MovedOn`` when it is decided or withdrawn, or the acting service may
    not read its texts.
    """
    now = now or timezone.now()
    check(by, "referral.finalise", referral)
    gp_reason, consent_reason = gp_reason.strip(), consent_reason.strip()
    with case_work(referral.case_id, by=by, now=now) as case:
        locked = undecided(referral)
        must_read_texts(locked, case, by, now)
        edition = current_edition(case.community)
        errors = _reason_errors(edition, "missing_gp_assessment", "gp", gp_code, gp_reason)
        errors |= _reason_errors(edition, "missing_consent", "consent", consent_code, consent_reason)
        if consent_code:
            errors |= basis_errors(referral, case, consent_basis, now)
        elif consent_basis:
            errors["consent_code"] = _("Velg hvorfor samtykke mangler.")
        if errors:
            raise Invalid(**errors)
        wanted = {
            "missing_gp_code": gp_code,
            "missing_gp_reason": gp_reason,
            "missing_consent_code": consent_code,
            "missing_consent_basis": consent_basis,
            "missing_consent_reason": consent_reason,
        }
        if any(getattr(locked, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(locked, name, value)
            locked.save(update_fields=list(wanted))
            audit.record(by, "referral.reasons_given", locked, case_id=case.pk, child_id=case.child_id, now=now,
                         detail={"gp": gp_code, "consent": consent_code, "basis": consent_basis})  # fmt: skip
    return locked


def finalise_referral(
    *, referral: Referral, by: Actor, channel: str = Referral.Channel.PORTAL, now: dt.datetime | None = None
) -> Snapshot:
    """Finalises: entitled, with the overall assessment; freezes the first snapshot, sends, and queues the PDF.

    Two people finalising at once: the second meets ``MovedOn`` saying who was first, and so does a service that may not
    read the referral's texts. A repeat by the same person returns the same snapshot. What is missing is raised as
    ``Invalid``, one sentence each.
    """
    now = now or timezone.now()
    check(by, "referral.finalise", referral)
    if channel not in Referral.Channel.values or not channel:
        raise Invalid(channel=_("Velg hvordan henvisningen sendes."))
    assert by.user is not None
    assert by.membership is not None
    with case_work(referral.case_id, by=by, now=now) as case:
        locked: Referral = states.lock(referral)
        if locked.state not in (*BEING_MADE, R.SENT):
            # A receipt marked as wrong makes it sent again; sending it again is not a way there.
            being_made(locked)
        if locked.state in BEING_MADE:
            must_read_texts(locked, case, by, now)
            missing = missing_for_finalising(locked, case, now)
            if missing:
                raise Invalid(**{"": " ".join(item.text for item in missing)})
        edition = current_edition(case.community)
        # Whoever sends it is the referrer from now on: outcome and questions go to them.
        done = move(locked, REFERRAL, R.SENT, by=by, now=now, case_id=case.pk, sent_at=now, sent_by=by.user,
                    sent_as=_entitled_as(edition, by), channel=channel, referrer=by.membership)  # fmt: skip
        if not done:
            return locked.snapshots.latest("version")
        snapshot = freeze(locked, case, by=by, now=now, edition=edition)
        _after_sending(locked, case, by, now)
        queue_rendering(snapshot)
        referral.refresh_from_db()
    return snapshot


def new_version(
    *, referral: Referral, change: str, by: Actor, overall: str | None = None, texts: dict[str, str] | None = None,
    opened: str = "", now: dt.datetime | None = None,
) -> Snapshot:  # fmt: skip
    """A change after sending becomes a new snapshot of the same referral, with what was changed; the first stays.

    ``overall`` is the overall assessment as it is now (None: unchanged), ``texts`` the referral's own texts by name
    (worry, questions, why_specialist, urgency_reason; those not named are unchanged), ``opened`` the ``texts_mark`` of
    the page. The rest follows the case: what consent covers today goes along. Raises ``MovedOn`` before sending, after
    the decision, where another changed the texts after the page was opened, and for texts that the acting service may
    not read, which may go along unchanged; ``Invalid`` per field.
    """
    now = now or timezone.now()
    check(by, "referral.new_version", referral)
    change = change.strip()
    if not change:
        raise Invalid(change=_("Skriv hva som er endret."))
    if overall is not None and not overall.strip():
        raise Invalid(overall=_("Skriv den samlede vurderingen."))
    check_length("overall", overall or "")
    texts = {name: text for name, text in (texts or {}).items() if name in OWN_TEXTS}
    for name, text in texts.items():
        check_length(name, text)
    if "urgency_reason" in texts and not texts["urgency_reason"].strip():
        raise Invalid(urgency_reason=_("Skriv hvorfor det haster."))
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        locked: Referral = states.lock(referral)
        if locked.state not in {R.SENT, R.RECEIVED}:
            raise MovedOn(_("Bare en henvisning som er sendt og ikke avgjort, kan få en ny versjon."))
        latest = locked.snapshots.latest("version")
        mine = by.user is not None and latest.frozen_by_id == by.user.pk
        if mine and latest.change_reason == change and now - latest.frozen_at < dt.timedelta(seconds=30):
            return latest
        if texts or overall is not None:
            must_read_texts(locked, case, by, now)
        if opened and opened != locked.texts_mark:
            raise MovedOn(
                _("En annen har endret tekstene siden du åpnet siden. Se versjonen som er sendt, og send deretter din.")
            )
        missing = missing_for_finalising(locked, case, now)
        if missing:
            raise Invalid(**{"": " ".join(item.text for item in missing)})
        _change_texts(locked, texts)
        if overall is not None and overall.strip() != locked.overall_assessment:
            locked.overall_assessment, locked.assessment_version = overall.strip(), locked.assessment_version + 1
            locked.overall_written_at, locked.overall_written_by = now, by.user
            locked.save(
                update_fields=["overall_assessment", "assessment_version", "overall_written_at", "overall_written_by"]
            )
        snapshot = freeze(locked, case, by=by, now=now, edition=current_edition(case.community), change=change)
        audit.record(by, "referral.new_version", snapshot, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"version": snapshot.version})  # fmt: skip
        tell("referral.new_version", by=by, now=now, subject=locked, url_name="referrals:intake_referral", case=case,
             service=locked.receiver_id, roles=HOSPITAL)  # fmt: skip
        queue_rendering(snapshot)
    return snapshot


def _change_texts(locked: Referral, texts: dict[str, str]) -> None:
    """The referral's own texts as they are from the new version on; the version itself tells that they were changed."""
    changed = {name: text for name, text in texts.items() if getattr(locked, name) != text}
    if not changed:
        return
    for name, text in changed.items():
        setattr(locked, name, text)
    locked.text_version, locked.text_written_in = locked.text_version + 1, None
    locked.save(update_fields=[*changed, "text_version", "text_written_in"])


def withdraw_referral(
    *, referral: Referral, reason: str, by: Actor, code: str = "", now: dt.datetime | None = None
) -> bool:
    """Withdraws before a decision; everything that waited for it ends, and the thread is kept for a resubmission.

    ``code`` is one of the edition's list «withdrawn», or empty. The department is told when it had the referral, and so
    are the holder, whoever refers and the contributors. A repeat by the same person changes nothing (False); a decided
    referral raises ``MovedOn``.
    """
    now = now or timezone.now()
    check(by, "referral.withdraw", referral)
    if not reason.strip():
        raise Invalid(reason=_("Skriv hvorfor henvisningen trekkes."))
    with case_work(referral.case_id, by=by, now=now) as case:
        if code and code not in dict(current_edition(case.community).choices("withdrawn")):
            raise Invalid(code=_("Velg en grunn fra listen."))
        was_sent = states.lock(referral).sent_at is not None
        done = move(referral, REFERRAL, R.WITHDRAWN, by=by, now=now, reason=reason.strip(), case_id=case.pk,
                    withdrawn_at=now, withdrawn_by=by.user, withdraw_code=code,
                    withdraw_reason=reason.strip())  # fmt: skip
        if done:
            _stop_waiting_for_contributions(referral, now)
            cancel_requests(referral, case, by=by, now=now)
            close_tasks(referral, now=now, reason="cancelled")
            end_deadlines(referral, on=today(now), met=False)
            _tell_withdrawn(referral, case, by, now, was_sent=was_sent)
    return done


def _reason_errors(edition: Edition, listed: str, prefix: str, code: str, reason: str) -> dict[str, str]:
    if code and code not in dict(edition.choices(listed)):
        return {f"{prefix}_code": _("Velg en grunn fra listen.")}
    if code and not reason:
        return {f"{prefix}_reason": _("Skriv begrunnelsen. Den trykkes på henvisningen.")}
    if reason and not code:
        return {f"{prefix}_code": _("Velg grunnen som passer best.")}
    return {}


def _entitled_as(edition: Edition, by: Actor) -> str:
    """As what the edition lets the person refer: its key of the referrer."""
    profession = by.user.profession if by.user else ""
    rows = edition.referrers.values()
    return next((row.key for row in rows if by.role in row.roles or profession in row.professions), by.role)


def _stop_waiting_for_contributions(referral: Referral, now: dt.datetime) -> list[Contribution]:
    awaited = list(Contribution.objects.filter(referral=referral, state__in=AWAITED))
    for contribution in awaited:
        close_tasks(contribution, now=now, reason="cancelled")
        end_deadlines(contribution, on=today(now), met=False)
    return awaited


def _tell_withdrawn(referral: Referral, case: Case, by: Actor, now: dt.datetime, *, was_sent: bool) -> None:
    """The department that had it; the holder and whoever refers; and each contributor, on the page it knows."""
    if was_sent:
        tell("referral.withdrawn", by=by, now=now, subject=referral, url_name="referrals:intake_referral", case=case,
             service=referral.receiver_id, roles=HOSPITAL)  # fmt: skip
    tell_senders("referral.withdrawn", referral, case, by, now)
    for contribution in Contribution.objects.filter(referral=referral, state__in=[*AWAITED, "submitted"]):
        tell("contribution.withdrawn", by=by, now=now, subject=contribution, url_name="referrals:contribution",
             case=case, service=contribution.service_id)  # fmt: skip


def _after_sending(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    """Closes what waited, opens intake's task, and tells the holder, the department and those who are still writing."""
    close_tasks(referral, now=now)
    end_deadlines(referral, "gp_assessment_due", on=today(now))
    for contribution in _stop_waiting_for_contributions(referral, now):
        tell("contribution.sent_without", by=by, now=now, subject=contribution, url_name="referrals:contribution",
             case=case, service=contribution.service_id)  # fmt: skip
    open_task("intake.receive", by=by, now=now, service=referral.receiver_id, subject=referral, case=case,
              due_on=today(now))  # fmt: skip
    tell("referral.arrived", by=by, now=now, subject=referral, url_name="referrals:intake_referral", case=case,
         service=referral.receiver_id, roles=HOSPITAL)  # fmt: skip
    tell("referral.sent", by=by, now=now, subject=referral, url_name="referrals:document", case=case,
         users=(case.holder.user_id,), service=case.holder.service_id,
         detail=located(case.child, referral.receiver.name))  # fmt: skip
