"""The contributor writes: sections save themselves with a version check; then submit, or decline with a reason."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, tell
from cases.models import Case
from cases.protection import located
from cases.sharing import SharingFacts
from guideline.editions import current_edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.rights import check
from portal.states import MovedOn, move
from portal.timeframe import today
from referrals.actions.ask import await_contribution
from referrals.actions.attach import seal_attachments
from referrals.actions.conflict import TextConflict, lose, stale
from referrals.actions.held import being_made, check_length, keep_delivered, undecided
from referrals.actions.turn import AWAITED, settle_turn
from referrals.asking import basis_for_asking
from referrals.models import Contribution, ContributionSection, InformationRequest, Referral
from referrals.states import BEING_MADE, CONTRIBUTION, WITH_HOSPITAL

C = Contribution.State


def save_section(
    *,
    section: ContributionSection,
    text: str,
    version: int,
    by: Actor,
    page: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> ContributionSection:
    """Saves a section's text if nobody has since ``version``; returns it with its new version.

    The same text again changes nothing. ``page`` names the open page: a version raised by that page's own last save is
    no conflict (an autosave on its way when the person submits). Otherwise a stale one raises ``TextConflict`` after
    the loser's text has been kept on the server for its writer: call it outside a savepoint that the exception would
    roll back. A submitted contribution changes only in a section reopened by intake, while the hospital has the
    referral (``MovedOn``).
    """
    now = now or timezone.now()
    contribution = section.contribution
    check(by, "contribution.write", contribution)
    check_length("text", text)
    conflict: TextConflict | None = None
    with case_work(contribution.referral.case_id, by=by, now=now, access=False) as case:
        held: Contribution = states.lock(contribution)
        locked: ContributionSection = states.lock(section)
        if locked.text == text:
            return locked
        referral = undecided(contribution.referral)
        if held.state not in AWAITED and (not locked.reopened or referral.state not in WITH_HOSPITAL):
            raise MovedOn(_("Bidraget er levert. Åpne det igjen før du endrer noe."))
        if stale(version, page, version=locked.version, written_in=locked.written_in):
            who = locked.written_by.name if locked.written_by else ""
            conflict = TextConflict(current=locked.text, version=locked.version, who=who)
        else:
            if held.state == C.REQUESTED:
                move(held, CONTRIBUTION, C.STARTED, by=by, now=now, case_id=case.pk)
            locked.text, locked.version, locked.written_in = text, locked.version + 1, page
            locked.written_at, locked.written_by = now, by.person
            locked.save(update_fields=["text", "version", "written_in", "written_at", "written_by"])
            audit.record(
                by,
                "contribution.written",
                locked,
                case_id=case.pk,
                child_id=case.child_id,
                now=now,
                detail={"section": locked.key, "version": locked.version},
            )
    if conflict is not None:
        fields = {section.key: text}
        lose(conflict, owner=by.person, path=kept_at(locked), fields=fields, label=section.heading, now=now)
    return locked


def kept_at(section: ContributionSection) -> str:
    """The page on which a section is written, and a text that lost is kept: the contribution's, or that of the question
    which reopened it. One statement at most."""
    asked = None
    if section.reopened:
        asked = InformationRequest.objects.filter(
            contribution=section.contribution_id, section_key=section.key, answered_at__isnull=True,
            cancelled_at__isnull=True,
        ).first()  # fmt: skip
    if asked is not None:
        return reverse("referrals:information_request", args=[asked.pk])
    return reverse("referrals:contribution", args=[section.contribution_id])


def submit_contribution(
    *, contribution: Contribution, by: Actor, sealed: bool = False, now: dt.datetime | None = None
) -> bool:
    """Submits what the service has written, text in one section at least. False when the same person already did.

    ``sealed``: the referrer and the receiving department read it, the holder sees only that it came. While the hospital
    has the referral it waits for the next version, and the referrer is told. Raises ``MovedOn`` when the referral is
    decided or withdrawn, or when consent no longer lets the service share (withdrawn while it wrote).
    """
    now = now or timezone.now()
    check(by, "contribution.write", contribution)
    with case_work(contribution.referral.case_id, by=by, now=now) as case:
        referral = _open_or_answered(contribution, by)
        if referral is None:
            return False
        if not ContributionSection.objects.filter(contribution=contribution).exclude(text="").exists():
            raise Invalid(**{"": _("Skriv noe i minst ett felt før dere leverer, eller velg «Vi bidrar ikke».")})
        with as_job():
            basis = basis_for_asking(SharingFacts(case), contribution.service, now)
        if not basis.allowed:
            raise MovedOn(_("Bidraget kan ikke leveres nå. %(why)s") % {"why": basis.explanation})
        done = move(
            contribution,
            CONTRIBUTION,
            C.SUBMITTED,
            by=by,
            now=now,
            case_id=case.pk,
            submitted_at=now,
            submitted_by=by.user,
            delivered_at=None,
            delivered_by=None,
            sealed=sealed,
            external_from="",
            external_how="",
            external_on=None,
        )
        if done:
            seal_attachments(contribution, sealed=sealed)
            answered(contribution, referral, case, by, now, "contribution.submitted")
    return done


def seal_draft(*, contribution: Contribution, sealed: bool, by: Actor, now: dt.datetime | None = None) -> bool:
    """Saves with the draft whether only the referrer is to read it. False where it stands so already.

    What was delivered sealed stays sealed until it is delivered anew, and a submitted one is not changed here.
    """
    now = now or timezone.now()
    check(by, "contribution.write", contribution)
    with case_work(contribution.referral.case_id, by=by, now=now, access=False) as case:
        undecided(contribution.referral)
        held: Contribution = states.lock(contribution)
        if held.state not in AWAITED or held.sealed == sealed or (held.opened_again and not sealed):
            return False
        held.sealed = contribution.sealed = sealed
        held.save(update_fields=["sealed"])
        audit.record(by, "contribution.written", held, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"sealed": sealed})  # fmt: skip
    return True


def decline_contribution(
    *, contribution: Contribution, code: str, note: str = "", by: Actor, now: dt.datetime | None = None
) -> bool:
    """Declines with a reason of the edition, so that silence differs from «does not know the child».

    Also while the hospital has the referral. Raises ``MovedOn`` when it is decided or withdrawn.
    """
    now = now or timezone.now()
    check(by, "contribution.decline", contribution)
    with case_work(contribution.referral.case_id, by=by, now=now) as case:
        codes = current_edition(case.community).codes["contribution_declined"]
        if code not in dict(codes.choices()):
            raise Invalid(code=_("Velg hvorfor dere ikke bidrar."))
        referral = undecided(contribution.referral)
        done = move(
            contribution,
            CONTRIBUTION,
            C.DECLINED,
            by=by,
            now=now,
            reason=code,
            case_id=case.pk,
            declined_at=now,
            declined_by=by.user,
            delivered_at=None,
            delivered_by=None,
            decline_code=code,
            decline_note=note,
        )
        if done:
            answered(contribution, referral, case, by, now, "contribution.declined")
    return done


def reopen_contribution(*, contribution: Contribution, by: Actor, now: dt.datetime | None = None) -> bool:
    """The service takes its answer back to write more, or to write after all, while the referral is being made.

    What it had delivered goes along as it was until it is delivered anew.
    """
    now = now or timezone.now()
    check(by, "contribution.write", contribution)
    with case_work(contribution.referral.case_id, by=by, now=now) as case:
        referral = being_made(contribution.referral)
        held: Contribution = states.lock(contribution)
        done = move(
            contribution,
            CONTRIBUTION,
            C.STARTED,
            by=by,
            now=now,
            case_id=case.pk,
            submitted_at=None,
            submitted_by=None,
            declined_at=None,
            declined_by=None,
            decline_code="",
            decline_note="",
            **keep_delivered(held),
        )
        if done:
            await_contribution(contribution, referral, case, by=by, now=now, told=False)
            settle_turn(referral, case, by=by, now=now)
    return done


def _open_or_answered(contribution: Contribution, by: Actor) -> Referral | None:
    """The locked referral; None when the same person has submitted already and only clicked once more."""
    held: Contribution = states.lock(contribution)
    if held.state == C.SUBMITTED and by.user is not None and held.submitted_by_id == by.user.pk:
        return None
    return undecided(contribution.referral)


def answered(
    contribution: Contribution, referral: Referral, case: Case, by: Actor, now: dt.datetime, notice: str
) -> None:
    """Closes what waited for the contribution; tells the holder, and the referrer who has the referral already."""
    close_tasks(contribution, "contribution.write", now=now)
    end_deadlines(contribution, "contribution_due", on=today(now))
    detail = located(case.child, contribution.service.name)
    late = referral.state not in BEING_MADE
    if late and contribution.state == C.SUBMITTED:
        notice = "contribution.late"
    pages = {case.holder: "referrals:document" if late else "referrals:assemble"}
    if referral.referrer is not None and (late or referral.state == Referral.State.FOR_ASSESSMENT):
        pages.setdefault(referral.referrer, "referrals:document" if late else "referrals:assess")
    for person, page in pages.items():
        tell(notice, by=by, now=now, subject=referral, url_name=page, case=case, users=(person.user_id,),
             service=person.service_id, detail=detail)  # fmt: skip
    settle_turn(referral, case, by=by, now=now)
