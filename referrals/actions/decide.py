"""The decision: right with date, no right, or not assessable; and everyone who may know learns the outcome."""

import datetime as dt
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, open_task, start_deadline, tell
from cases.models import Case
from cases.protection import located
from cases.sharing import SharingFacts
from guideline.editions import current_edition
from guideline.schema import Edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn, move
from portal.timeframe import today
from referrals.actions.information import cancel_requests
from referrals.actions.intake import check_received_on, held_by, register_receipt
from referrals.models import Contribution, GpAssessment, IntakeDecision, Referral
from referrals.models.contribution import standing
from referrals.states import REFERRAL

R = Referral.State
Outcome = IntakeDecision.Outcome
# What runs from a right until treatment has begun.
TREATMENT_RULES = ("treatment_right_date", "treatment_start_under_23")


def decide(
    *,
    referral: Referral,
    outcome: str,
    reason: str,
    by: Actor,
    code: str = "",
    treatment_deadline: dt.date | None = None,
    advice: str = "",
    family_message: str = "",
    decided_on: dt.date | None = None,
    received_on: dt.date | None = None,
    made_elsewhere: bool = False,
    now: dt.datetime | None = None,
) -> IntakeDecision:
    """Records the hospital's decision (pbrl § 2-2).

    ``made_elsewhere``: decided in the hospital's own system, and only noted here so that nobody decides twice.
    ``code`` is one of the edition's ``intake_outcome`` for the outcome; empty where the outcome has only one. With
    ``received_on`` a referral whose receipt nobody registered is received in the same stroke. For no right, how to
    complain is taken from the edition. Raises ``Invalid`` per field; a withdrawn, redirected or decided referral raises
    ``MovedOn``. A repeat by the same person returns the decision made.
    """
    now = now or timezone.now()
    check(by, "intake.decide", referral)
    day = decided_on or today(now)
    assert by.user is not None
    assert by.service is not None
    with case_work(referral.case_id, by=by, now=now) as case:
        edition = current_edition(case.community)
        code = code or only_code(edition, outcome)
        made = _made_already(referral, by, outcome)
        if made is not None:
            return made
        locked = held_by(referral, by, R.SENT, R.RECEIVED)
        errors = _errors(locked, edition, outcome, code, reason, treatment_deadline, day, now)
        if errors:
            raise Invalid(**errors)
        if locked.state == R.SENT:
            _receive_too(locked, case, received_on, day, by, now)
        move(referral, REFERRAL, R.DECIDED, by=by, now=now, reason=outcome, case_id=case.pk)
        referral.refresh_from_db()
        decision = IntakeDecision.objects.create(
            referral=referral, service=by.service, outcome=outcome, code=code, reason=reason.strip(),
            advice=advice.strip(), family_message=family_message.strip(),
            complaint_text=complaint_words(edition) if outcome == Outcome.NO_RIGHT else "",
            treatment_deadline=treatment_deadline if outcome == Outcome.RIGHT else None, made_elsewhere=made_elsewhere,
            decided_on=day, decided_at=now, decided_by=by.user,
        )  # fmt: skip
        audit.record(by, "intake.decided", decision, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"outcome": outcome, "code": code, "elsewhere": made_elsewhere})  # fmt: skip
        close_tasks(referral, now=now)
        end_deadlines(referral, on=day)
        cancel_requests(referral, case, by=by, now=now)
        start_treatment_clocks(decision, referral, case)
        _spread(referral, case, by, now)
    return decision


def read_outcome(*, referral: Referral, by: Actor, now: dt.datetime | None = None) -> int:
    """The acting service has read the outcome: its task closes. Returns how many closed; a repeat closes none."""
    now = now or timezone.now()
    check(by, "referral.outcome", referral)
    with case_work(referral.case_id, by=by, now=now, access=False, closed_too=True) as case:
        assert by.service_id is not None
        closed = close_tasks(referral, "outcome.read", now=now, service_id=by.service_id)
        if closed:
            audit.record(by, "outcome.read", referral, case_id=case.pk, child_id=case.child_id, now=now)
    return closed


def standing_decision(referral: Referral) -> IntakeDecision | None:
    """The decision that holds: none before there is one, and none that is marked as feilregistrert. One statement."""
    if referral.state != R.DECIDED:
        return None
    return referral.decisions.filter(error_at__isnull=True).select_related("service", "decided_by").last()


def sees_outcome(service_id: uuid.UUID, facts: SharingFacts, now: dt.datetime) -> bool:
    """Whether a contributor may read outcome and advice: consent must cover the hospital's health information."""
    return facts.basis(service_id, "health", now).allowed


def only_code(edition: Edition, outcome: str) -> str:
    """The one code of an outcome that can be chosen today, or nothing where there are several."""
    codes = codes_of(edition, outcome)
    return codes[0][0] if len(codes) == 1 else ""


def codes_of(edition: Edition, outcome: str) -> list[tuple[str, str]]:
    """The codes that can be chosen for an outcome (edition list ``intake_outcome``); older ones are only read."""
    known = edition.codes["intake_outcome"].codes
    return [(key, label) for key, label in edition.choices("intake_outcome") if known[key].outcome == outcome]


def complaint_words(edition: Edition) -> str:
    """How to complain, as the edition says: what to write, to whom, within how long, and who decides."""
    complaint = edition.complaint
    facts = _(
        "Send klagen til: %(to)s. Fristen er %(weeks)s uker etter at dere fikk svaret. Klagen avgjøres av: %(by)s."
    )
    words = facts % {"to": complaint.send_to, "weeks": complaint.weeks, "by": complaint.decided_by}
    return " ".join(complaint.text.split()) + "\n\n" + words


def _errors(
    referral: Referral, edition: Edition, outcome: str, code: str, reason: str, deadline: dt.date | None, day: dt.date,
    now: dt.datetime,
) -> dict[str, str]:  # fmt: skip
    errors: dict[str, str] = {}
    if outcome not in Outcome.values:
        errors["outcome"] = _("Velg et utfall.")
    elif code not in dict(codes_of(edition, outcome)):
        errors["code"] = _("Velg en kode som hører til utfallet.")
    if not reason.strip():
        errors["reason"] = _("Skriv begrunnelsen.")
    if outcome == Outcome.RIGHT and deadline is None:
        errors["treatment_deadline"] = _("Oppgi fristen for når helsehjelpen senest skal starte.")
    if outcome == Outcome.RIGHT and deadline and deadline < day:
        errors["treatment_deadline"] = _("Fristen kan ikke være før vurderingen.")
    if day > today(now):
        errors["decided_on"] = _("Datoen kan ikke være fram i tid.")
    if referral.first_received_on and day < referral.first_received_on:
        errors["decided_on"] = _("Datoen kan ikke være før henvisningen ble mottatt.")
    return errors


def _made_already(referral: Referral, by: Actor, outcome: str) -> IntakeDecision | None:
    """The decision that the same person has recorded already with the same outcome; another's raises ``MovedOn``."""
    locked: Referral = states.lock(referral)
    made = standing_decision(locked)
    if made is None:
        return None
    if by.user is not None and made.decided_by_id == by.user.pk and made.outcome == outcome:
        return made
    raise MovedOn(
        _("Henvisningen er allerede avgjort: «%(outcome)s», registrert av %(who)s.")
        % {"outcome": made.get_outcome_display(), "who": made.decided_by.name}
    )


def _receive_too(
    referral: Referral, case: Case, received_on: dt.date | None, day: dt.date, by: Actor, now: dt.datetime
) -> None:
    """Whoever may record the decision may record the receipt it rests on, in the same stroke."""
    if received_on is None:
        raise MovedOn(_("Registrer først når henvisningen ble mottatt."))
    check_received_on(referral, received_on, now)
    if day < received_on:
        raise Invalid(decided_on=_("Datoen kan ikke være før henvisningen ble mottatt."))
    register_receipt(referral, case, received_on, by, now)


def start_treatment_clocks(decision: IntakeDecision, referral: Referral, case: Case) -> None:
    """The date of the right, and the guarantee for the young where the edition says it holds, from the assessment."""
    if decision.treatment_deadline is None:
        return
    day = decision.decided_on
    start_deadline("treatment_right_date", case=case, subject=referral, service=referral.receiver_id, anchor_on=day,
                   due_on=decision.treatment_deadline)  # fmt: skip
    guarantee = current_edition(case.community).deadlines["treatment_start_under_23"]
    if guarantee.holds_for(referral.receiver.kind, case.child.age_on(day)):
        start_deadline("treatment_start_under_23", case=case, subject=referral, service=referral.receiver_id,
                       anchor_on=day)  # fmt: skip


def _spread(referral: Referral, case: Case, by: Actor, now: dt.datetime) -> None:
    """Holder, referrer and the GP who assessed read outcome and advice; contributors what consent covers.

    The others learn that their part is closed.
    """
    detail = located(case.child, referral.receiver.name)
    with as_job():
        readers = readers_of(referral, case)
        facts = SharingFacts(case)
        used = sent_contributions(referral)
        contributions = list(Contribution.objects.filter(standing(), referral=referral).select_related("service"))
    for service_id, people in readers.items():
        user_id = next(iter(people)) if len(people) == 1 else None
        open_task("outcome.read", by=by, now=now, service=service_id, subject=referral, case=case, user_id=user_id,
                  detail=detail)  # fmt: skip
        tell("referral.decided", by=by, now=now, subject=referral, url_name="referrals:outcome", case=case,
             users=tuple(people), service=service_id, detail=detail)  # fmt: skip
    for contribution in contributions:
        if contribution.service_id in readers:
            continue
        may_know = sees_outcome(contribution.service_id, facts, now)
        closed = "contribution.closed" if str(contribution.pk) in used else "contribution.not_used"
        tell("referral.decided" if may_know else closed, by=by, now=now, subject=contribution,
             url_name="referrals:contribution", case=case, service=contribution.service_id)  # fmt: skip


def sent_contributions(referral: Referral) -> set[str]:
    """The contributions of the newest version, by id: what consent held back was not used. One statement."""
    rows = referral.snapshots.order_by("-version").values_list("content__contributions", flat=True).first()
    return {row["id"] for row in rows or ()}


def readers_of(referral: Referral, case: Case) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Service → the people there who are to read the outcome (peers: every prescriber sees the answer)."""
    readers = {case.holder.service_id: {case.holder.user_id}}
    if referral.referrer is not None:
        readers.setdefault(referral.referrer.service_id, set()).add(referral.referrer.user_id)
    assessed = GpAssessment.objects.filter(
        referral=referral, error_at__isnull=True, completed_at__isnull=False, source=GpAssessment.Source.PORTAL
    ).first()
    if assessed is not None and assessed.completed_by_id is not None:
        readers.setdefault(assessed.service_id, set()).add(assessed.completed_by_id)
    return readers


def outcome_words(service: Service, decision: IntakeDecision) -> str:
    """The outcome in one plain sentence, for the page of those who sent it."""
    words = {
        Outcome.RIGHT: _("%(name)s mener at barnet har rett til helsehjelp på sykehuset."),
        Outcome.NO_RIGHT: _("%(name)s mener at barnet ikke har rett til helsehjelp på sykehuset nå."),
        Outcome.NOT_ASSESSABLE: _("%(name)s kunne ikke vurdere henvisningen."),
    }
    return words[Outcome(decision.outcome)] % {"name": service.name}
