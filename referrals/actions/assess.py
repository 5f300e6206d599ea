"""Handing over to the one entitled to refer, and back; and the GP's assessment (6.1.3), written here or outside."""

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import viewer_of
from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, open_task, start_deadline, tell
from cases.models import Case, Category
from cases.sharing import SharingFacts
from guideline.editions import current_edition
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.models import Membership
from portal.rights import check
from portal.states import MovedOn, move
from portal.timeframe import today
from referrals.actions.conflict import TextConflict, lose, stale
from referrals.actions.held import being_made, check_length, undecided
from referrals.models import GpAssessment, Referral
from referrals.states import REFERRAL

R = Referral.State


def hand_over(*, referral: Referral, referrer: Membership, by: Actor, now: dt.datetime | None = None) -> bool:
    """Hands the assembled referral to someone entitled to refer, who assesses and finalises. Never blocked by gaps.

    Handing over to another person moves the task; to the same person again changes nothing (False). Raises ``Invalid``
    when the person is not entitled (guideline 6.1.2), or nothing lets their service share in the case: a new service is
    let in by consent or a named basis, like any other.
    """
    now = now or timezone.now()
    check(by, "referral.hand_over", referral)
    with case_work(referral.case_id, by=by, now=now) as case:
        edition = current_edition(case.community)
        members = Membership.objects.current(today(now)).select_related("user", "service")
        chosen = members.filter(pk=referrer.pk, community_id=case.community_id).first()
        if chosen is None or not edition.may_refer(chosen.role, chosen.user.profession):
            raise Invalid(referrer=_("Velg en lege, psykolog eller barnevernsleder."))
        if chosen.service_id != case.holder.service_id and not SharingFacts(case).shares_with(chosen.service_id, now):
            raise Invalid(
                referrer=_(
                    "Registrer samtykke til deling med %(service)s, eller et annet grunnlag, før du sender den dit."
                )
                % {"service": chosen.service.name}
            )
        locked: Referral = states.lock(referral)
        given: dict[str, Any] = {"referrer": chosen, "handed_over_at": now, "handed_over_by": by.user}
        if locked.state == R.FOR_ASSESSMENT:
            if locked.referrer_id == chosen.pk:
                return False
            for name, value in given.items():
                setattr(locked, name, value)
            locked.save(update_fields=list(given))
            audit.record(by, "referral.handed_over", locked, case_id=case.pk, child_id=case.child_id, now=now)
        else:
            move(locked, REFERRAL, R.FOR_ASSESSMENT, by=by, now=now, case_id=case.pk, **given)
        _await_assessment(locked, chosen, case, by, now)
        referral.refresh_from_db()
    return True


def return_for_more(*, referral: Referral, message: str, by: Actor, now: dt.datetime | None = None) -> bool:
    """The referrer sends it back to the holder, saying what is missing; the referral is being collected again."""
    now = now or timezone.now()
    check(by, "referral.finalise", referral)
    if not message.strip():
        raise Invalid(message=_("Skriv hva som mangler."))
    with case_work(referral.case_id, by=by, now=now) as case:
        done = move(referral, REFERRAL, R.COLLECTING, by=by, now=now, reason=message.strip(), case_id=case.pk)
        if done:
            close_tasks(referral, "referral.assess", now=now, reason="moved")
            end_deadlines(referral, "gp_assessment_due", on=today(now), met=False)
            open_task("referral.complete", by=by, now=now, service=case.holder.service_id, subject=referral, case=case,
                      user_id=case.holder.user_id)  # fmt: skip
            tell("referral.returned", by=by, now=now, subject=referral, url_name="referrals:assemble", case=case,
                 users=(case.holder.user_id,), service=case.holder.service_id)  # fmt: skip
    return done


def save_assessment(
    *,
    referral: Referral,
    sections: dict[str, str],
    version: int,
    by: Actor,
    page: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> GpAssessment:
    """Saves the GP's draft with a version check; the first save makes it. Unknown section keys are left out.

    ``version`` is the one the form was opened with (0 where there was none), ``page`` the open page (see
    ``save_section``). A stale version keeps the loser's text on the server and raises ``TextConflict``: call it outside
    a savepoint that the exception would roll back. The same text again changes nothing. Raises ``MovedOn`` once sent,
    where an assessment from outside is registered, and where one that is completed, or written by another service, has
    not been opened again first (``reopen_assessment``).
    """
    now = now or timezone.now()
    check(by, "referral.assess", referral)
    conflict: TextConflict | None = None
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        being_made(referral)
        texts = section_texts(case, sections)
        found = standing_assessment(referral)
        if found is None:
            if not any(texts.values()):
                return GpAssessment(referral=referral, sections=texts, version=0)
            found = GpAssessment.objects.create(referral=referral, sections=texts, service=by.unit, recorded_at=now,
                                                recorded_by=by.person, written_in=page)  # fmt: skip
        elif found.source == GpAssessment.Source.EXTERNAL:
            raise MovedOn(
                _("En vurdering mottatt utenfor portalen er registrert. Marker den som feilregistrert først.")
            )
        elif found.sections == texts:
            return found
        elif found.completed_at is not None or found.service_id != by.service_id:
            raise MovedOn(_open_first(found))
        elif stale(version, page, version=found.version, written_in=found.written_in):
            current = "\n\n".join(text for _key, text in found.in_order(texts))
            conflict = TextConflict(current=current, version=found.version, who=found.recorded_by.name)
        else:
            _rewrite(found, texts, by, page, now)
        if conflict is None:
            audit.record(by, "assessment.written", found, case_id=case.pk, child_id=case.child_id, now=now)
    if conflict is not None:
        path = reverse("referrals:assess", args=[referral.pk])
        lose(conflict, owner=by.person, path=path, fields=sections, label=_("Vurdering fra fastlege"), now=now)
    return found


def reopen_assessment(*, referral: Referral, by: Actor, now: dt.datetime | None = None) -> GpAssessment:
    """Opens the assessment to be written on: one that was completed, or one that another service began.

    From now on it is the acting service's, and it must be completed again; until then it is not part of the basis. A
    repeat changes nothing. Raises ``MovedOn`` once sent, where there is nothing to open, and where consent does not let
    the acting service read it.
    """
    now = now or timezone.now()
    check(by, "referral.assess", referral)
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        being_made(referral)
        found = standing_assessment(referral)
        if found is None or found.source == GpAssessment.Source.EXTERNAL:
            raise MovedOn(_("Det er ingen vurdering å åpne igjen."))
        if found.completed_at is None and found.service_id == by.service_id:
            return found
        if not viewer_of(by, case, now).sees(found.service_id, Category.HEALTH):
            raise MovedOn(_("Samtykket gir ikke tjenesten din innsyn i det som er skrevet."))
        found.completed_at = found.completed_by = found.assessed_on = None
        found.service, found.recorded_by, found.recorded_at = by.unit, by.person, now
        found.version, found.written_in = found.version + 1, None
        found.save(
            update_fields=[
                "completed_at", "completed_by", "assessed_on", "service", "recorded_by", "recorded_at", "version",
                "written_in",
            ]
        )  # fmt: skip
        audit.record(by, "assessment.reopened", found, case_id=case.pk, child_id=case.child_id, now=now)
    return found


def complete_assessment(*, referral: Referral, by: Actor, now: dt.datetime | None = None) -> GpAssessment:
    """The GP says the assessment is complete; only then is it part of the basis. A repeat changes nothing."""
    now = now or timezone.now()
    check(by, "referral.assess", referral)
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        being_made(referral)
        found = standing_assessment(referral)
        if found is None or not any(found.sections.values()):
            raise Invalid(**{"": _("Skriv vurderingen før du fullfører den.")})
        if found.completed_at is None:
            found.completed_at, found.completed_by, found.assessed_on = now, by.user, today(now)
            found.save(update_fields=["completed_at", "completed_by", "assessed_on"])
            audit.record(by, "assessment.completed", found, case_id=case.pk, child_id=case.child_id, now=now)
    return found


def register_external_assessment(
    *, referral: Referral, external_from: str, how: str, assessed_on: dt.date, text: str, by: Actor,
    now: dt.datetime | None = None,
) -> GpAssessment:  # fmt: skip
    """Registers a GP assessment received outside the portal, with source and date (6.1.3). A repeat changes nothing.

    While the hospital has the referral, it goes along with the next version. Raises ``MovedOn`` when it is decided or
    withdrawn, or has an assessment already; ``Invalid`` per field.
    """
    now = now or timezone.now()
    check(by, "referral.register_assessment", referral)
    if assessed_on > today(now):
        raise Invalid(assessed_on=_("Datoen kan ikke være fram i tid."))
    if not external_from.strip():
        raise Invalid(external_from=_("Skriv hvem vurderingen kom fra."))
    if not text.strip():
        raise Invalid(text=_("Skriv av eller oppsummer vurderingen."))
    check_length("text", text)
    with case_work(referral.case_id, by=by, now=now, access=False) as case:
        undecided(referral)
        first = next(iter(current_edition(case.community).gp_assessment.sections))
        told = {"external_from": external_from.strip(), "external_how": how.strip(), "assessed_on": assessed_on}
        standing = standing_assessment(referral)
        if standing is not None:
            same = all(getattr(standing, name) == value for name, value in told.items())
            if same and standing.recorded_by_id == by.person.pk:
                return standing
            raise MovedOn(
                _("Henvisningen har allerede en vurdering fra fastlege. Marker den som feilregistrert først.")
            )
        made = GpAssessment.objects.create(
            referral=referral, source=GpAssessment.Source.EXTERNAL, sections={first: text.strip()}, **told,
            service=by.unit, recorded_at=now, recorded_by=by.person, completed_at=now, completed_by=by.person,
        )  # fmt: skip
        audit.record(by, "assessment.registered", made, case_id=case.pk, child_id=case.child_id, now=now)
    return made


def mark_assessment_wrong(
    *, assessment: GpAssessment, reason: str, by: Actor, now: dt.datetime | None = None
) -> GpAssessment:
    """Marks a GP assessment as feilregistrert: it stays as history, counts no more, and another can be written."""
    now = now or timezone.now()
    check(by, "referral.mark_assessment_wrong", assessment)
    if not reason.strip():
        raise Invalid(reason=_("Skriv hva som er feil."))
    with case_work(assessment.referral.case_id, by=by, now=now, access=False) as case:
        undecided(assessment.referral)
        marked: GpAssessment = states.lock(assessment)
        if marked.in_error:
            if by.user and marked.error_by_id == by.user.pk:
                return marked
            raise MovedOn(_("En annen har allerede markert dette som feilregistrert."))
        marked.error_at, marked.error_by, marked.error_reason = now, by.user, reason.strip()
        marked.save(update_fields=["error_at", "error_by", "error_reason"])
        audit.record(by, "assessment.marked_wrong", marked, case_id=case.pk, child_id=case.child_id, now=now)
    return marked


def standing_assessment(referral: Referral) -> GpAssessment | None:
    """The assessment that counts (there is one at most), a draft included."""
    return (
        GpAssessment.objects.filter(referral=referral, error_at__isnull=True)
        .select_related("recorded_by", "service")
        .first()
    )


def asked_for(referral: Referral) -> str:
    """What the referrer asked for when sending it back, while it is being collected again; else an empty string."""
    newest = states.latest_change(REFERRAL, referral.pk)
    back = newest is not None and (newest.from_state, newest.to_state) == (R.FOR_ASSESSMENT, R.COLLECTING)
    return newest.reason if newest is not None and back else ""


def _open_first(found: GpAssessment) -> str:
    if found.completed_at is not None:
        return _("Vurderingen er fullført. Åpne den igjen før du endrer den.")
    return _("%(who)s, %(service)s, skriver på vurderingen. Åpne den igjen hvis du skal ta over.") % {
        "who": found.recorded_by.name,
        "service": found.service.name,
    }


def section_texts(case: Case, sections: dict[str, str]) -> dict[str, str]:
    """The sections of the edition, stripped; others are left out. Raises ``Invalid`` for one that is too long."""
    texts = {key: sections.get(key, "").strip() for key in current_edition(case.community).gp_assessment.sections}
    for key, text in texts.items():
        check_length(key, text)
    return texts


def _rewrite(found: GpAssessment, texts: dict[str, str], by: Actor, page: uuid.UUID | None, now: dt.datetime) -> None:
    found.sections, found.version, found.written_in = texts, found.version + 1, page
    found.recorded_at, found.recorded_by = now, by.person
    found.save(update_fields=["sections", "version", "written_in", "recorded_at", "recorded_by"])


def _await_assessment(referral: Referral, referrer: Membership, case: Case, by: Actor, now: dt.datetime) -> None:
    """The task and date of the one who was asked; those of anyone asked before them end."""
    close_tasks(referral, "referral.assess", now=now, reason="moved")
    done = ("referral.collect", "referral.assemble", "referral.complete", "referral.replace")
    close_tasks(referral, *done, now=now)
    end_deadlines(referral, "gp_assessment_due", on=today(now), met=False)
    deadline = start_deadline("gp_assessment_due", case=case, subject=referral, service=referrer.service_id,
                              anchor_on=today(now))  # fmt: skip
    task = open_task("referral.assess", by=by, now=now, service=referrer.service_id, subject=referral, case=case,
                     due_on=deadline.due_on, user_id=referrer.user_id)  # fmt: skip
    with as_job():
        # Handed on the same day: the cycle is the same row, the service another.
        deadline.task, deadline.service = task, referrer.service
        deadline.save(update_fields=["task", "service"])
    tell("referral.for_assessment", by=by, now=now, subject=referral, url_name="referrals:assess", case=case,
         users=(referrer.user_id,), service=referrer.service_id)  # fmt: skip
