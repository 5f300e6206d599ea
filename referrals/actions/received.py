"""A contribution that came outside the portal, registered by the holder's service for one that has no users yet."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.documents import store_document
from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines
from cases.models import Case
from cases.sharing import category_of
from portal import audit, states
from portal.answering import Invalid
from portal.context import Actor
from portal.directory.lookup import with_people
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn, begin, move
from portal.timeframe import today
from referrals.actions.ask import may_contribute
from referrals.actions.attach import attach_document
from referrals.actions.held import check_length, undecided
from referrals.actions.write import answered
from referrals.models import Contribution, ContributionSection, Referral
from referrals.states import CONTRIBUTION, REFERRAL

C = Contribution.State
# The one section of such a contribution: nobody knows which heading of the template its parts belong under.
SECTION = "received"
ATTACHMENT_KIND = "other"


@dataclass(frozen=True)
class Letter:
    """The paper itself, as the browser sent it."""

    data: bytes
    file_name: str
    declared_type: str = ""


def register_contribution(
    *, referral: Referral, service: Service, external_from: str, how: str, written_on: dt.date, text: str, by: Actor,
    letter: Letter | None = None, now: dt.datetime | None = None,
) -> Contribution:  # fmt: skip
    """Registers what a service without users wrote outside the portal, with source and date (6.1.1), as submitted.

    Registering once more corrects what was registered. While the hospital has the referral, it goes along with the next
    version. What the service had begun to write is set aside, and never submitted for it. Raises ``Invalid`` per field,
    also when nothing lets the service contribute; ``MovedOn`` as ``why_not`` says, or when the referral is decided or
    withdrawn.
    """
    now = now or timezone.now()
    check(by, "referral.ask", referral)
    if written_on > today(now):
        raise Invalid(written_on=_("Datoen kan ikke være fram i tid."))
    if not external_from.strip():
        raise Invalid(external_from=_("Skriv hvem bidraget kom fra."))
    if not text.strip():
        raise Invalid(text=_("Skriv av eller oppsummer det som kom."))
    check_length("text", text)
    source = {"external_from": external_from.strip(), "external_how": how.strip(), "external_on": written_on}
    with case_work(referral.case_id, by=by, now=now) as case:
        locked = undecided(referral)
        why = why_not(locked, service, now)
        if why:
            raise MovedOn(why)
        contribution = _opened(case, locked, service, by, now)
        if contribution.state == C.SUBMITTED:
            for name, value in source.items():
                setattr(contribution, name, value)
            contribution.submitted_at, contribution.submitted_by = now, by.person
            contribution.save(update_fields=[*source, "submitted_at", "submitted_by"])
            _write(contribution, text, by, now)
        else:
            _write(contribution, text, by, now)
            move(contribution, CONTRIBUTION, C.SUBMITTED, by=by, now=now, reason="external", case_id=case.pk,
                 submitted_at=now, submitted_by=by.user, **source)  # fmt: skip
            answered(contribution, locked, case, by, now, "contribution.submitted")
        audit.record(by, "contribution.registered", contribution, case_id=case.pk, child_id=case.child_id, now=now,
                     detail={"service": str(service.pk)})  # fmt: skip
        if letter is not None:
            _attach(contribution, locked, case, letter, by, now)
    return contribution


def why_not(referral: Referral, service: Service, now: dt.datetime) -> str:
    """Why nobody registers what the service wrote elsewhere: it has users, or what it delivered itself goes along.

    An empty string when one can. Two statements.
    """
    if with_people([service.pk], today(now)):
        return _("%(service)s har brukere i portalen. Be tjenesten om bidrag.") % {"service": service.name}
    standing = _standing(referral, service)
    if standing is not None and standing.opened_again:
        return _(
            "Det tjenesten leverte før, går med i henvisningen. Trekk forespørselen først hvis det som kom nå, skal gå "
            "i stedet, eller legg det ved som dokument."
        )
    if standing is not None and standing.state == C.SUBMITTED and not standing.external_from:
        return _("Tjenesten har allerede levert bidraget sitt.")
    return ""


def _standing(referral: Referral, service: Service) -> Contribution | None:
    return Contribution.objects.filter(referral=referral, service=service).exclude(state=C.CANCELLED).first()


def _opened(case: Case, referral: Referral, service: Service, by: Actor, now: dt.datetime) -> Contribution:
    """What is registered for the service already, or a new contribution, without asking anyone: a draft that its own
    people left is not theirs to have submitted, and stays with the request it was written for."""
    facts, basis = may_contribute(case, referral, service, now)
    asked = _standing(referral, service)
    if asked is not None:
        held: Contribution = states.lock(asked)
        if held.state == C.SUBMITTED:
            return held
        _set_aside(held, case, by, now)
    made = Contribution.objects.create(
        referral=referral, service=service, template=facts.edition.template_for(service.kind).key,
        category=category_of(service, facts.edition), due_on=asked.due_on if asked else today(now),
        request_text=asked.request_text if asked else "", statutory_basis=basis.statutory, requested_at=now,
        requested_by=by.person,
    )  # fmt: skip
    begin(made, CONTRIBUTION, by=by, now=now, case_id=case.pk)
    if referral.state == Referral.State.DRAFT:
        move(referral, REFERRAL, Referral.State.COLLECTING, by=by, now=now, case_id=case.pk)
    return made


def _set_aside(asked: Contribution, case: Case, by: Actor, now: dt.datetime) -> None:
    """Ends a request whose answer came elsewhere; what was written for it, and attached, goes nowhere."""
    if asked.state == C.DECLINED:
        move(asked, CONTRIBUTION, C.STARTED, by=by, now=now, reason="external", case_id=case.pk,
             declined_at=None, declined_by=None, decline_code="", decline_note="")  # fmt: skip
    move(asked, CONTRIBUTION, C.CANCELLED, by=by, now=now, reason="external", case_id=case.pk)
    close_tasks(asked, now=now)
    end_deadlines(asked, on=today(now))


def _write(contribution: Contribution, text: str, by: Actor, now: dt.datetime) -> None:
    section = ContributionSection.objects.filter(contribution=contribution, key=SECTION).first()
    if section is None:
        section = ContributionSection(contribution=contribution, key=SECTION, position=0, version=0)
    section.heading, section.text = _("Mottatt tekst"), text.strip()
    section.version, section.written_at, section.written_by = section.version + 1, now, by.person
    section.save()


def _attach(
    contribution: Contribution, referral: Referral, case: Case, letter: Letter, by: Actor, now: dt.datetime
) -> None:
    title = _("Bidrag fra %(service)s, %(day)s") % {
        "service": contribution.service.name,
        "day": contribution.external_on.strftime("%d.%m.%Y") if contribution.external_on else "",
    }
    document = store_document(
        case=case, data=letter.data, file_name=letter.file_name, declared_type=letter.declared_type, title=title[:160],
        category=contribution.category, sealed=False, by=by, now=now,
    )  # fmt: skip
    attach_document(referral=referral, document=document, kind=ATTACHMENT_KIND, by=by, now=now)
