"""Consent (samtykke): a yes or no is recorded, and taken back with effect the same second (design: who sees what)."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from cases import consent_rules as rules
from cases.actions.signed_forms import Scan, keep_scan
from cases.casework import case_work
from cases.consent_parts import Part, parts_of, standing_parts
from cases.deciders import KIND_OF, key_of, not_deciding, party_label
from cases.inbox import tell
from cases.models import Case, CaseAccess, Category, Consent, ConsentParty, ConsentService, ConsentWithdrawal
from cases.renewals import keep_renewals
from cases.repeats import just_recorded
from cases.sharing import PARTY_KINDS, SharingFacts
from portal import audit
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.models import Service
from portal.rights import check
from portal.states import MovedOn, lock
from portal.timeframe import start_of, today


def record_consent(
    *,
    case: Case,
    decision: str,
    parties: Sequence[str],
    services: Sequence[Service],
    categories: Sequence[str],
    purpose: str,
    given_on: dt.date,
    how: str,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    one_guardian_reason: str = "",
    note: str = "",
    signed: Scan | None = None,
    by: Actor,
    now: dt.datetime | None = None,
) -> Consent:
    """Records a yes, or a no, by the parties («guardian:<id>», «youth» … as ``cases.deciders`` names them).

    A yes names services and categories, and comes from someone who decides about each category when it begins to work.
    It may come from one guardian: it opens nothing until the other has answered, unless the reason why one is enough is
    given. A no may cover all services (none named), and may come from anyone concerned. It works from now, or from
    ``valid_from`` when that is later. ``how`` is a code of the edition's ``consent_given_how``, ``signed`` the paper,
    scanned. Access follows in the same transaction. Raises ``Denied``, ``Invalid``.
    """
    now = now or timezone.now()
    check(by, "case.record_consent", case)
    assert by.user is not None
    assert by.service is not None
    given = decision == Consent.Decision.GIVEN
    _validate(given, parties, services, categories, given_on, valid_from, valid_until, now)
    scanned = signed.inspected() if signed else None
    begins = start_of(valid_from) if valid_from and valid_from > today(now) else now
    with case_work(case, by=by, now=now) as case:
        facts = SharingFacts(case)
        if how not in dict(facts.edition.choices("consent_given_how")):
            raise Invalid(how=_("Velg hvordan svaret ble gitt."))
        said_by = _parties(facts, parties)
        if given:
            _check_entitled(facts, said_by, list(categories), begins)
        columns = {
            "decision": decision,
            "categories": sorted(set(categories)),
            "how": how,
            "purpose": purpose,
            "given_on": given_on,
            "valid_until": valid_until,
            "one_guardian_reason": one_guardian_reason,
            "note": note,
        }
        again = just_recorded(Consent, by=by, now=now, case=case, withdrawn_at=None, **columns)
        if again and _same(again, said_by, services):
            return again
        consent = Consent.objects.create(
            case=case, valid_from=begins, recorded_at=now, recorded_by=by.user, service=by.service, **columns
        )
        ConsentParty.objects.bulk_create(
            ConsentParty(
                consent=consent, kind=KIND_OF[party.kind], guardian_id=uuid.UUID(party.id) if party.id else None
            )
            for party in said_by
        )
        ConsentService.objects.bulk_create(
            ConsentService(consent=consent, service=service) for service in dict.fromkeys(services)
        )
        if signed and scanned:
            keep_scan(consent, case, signed, scanned, by=by, now=now)
        keep_renewals(case, by=by, now=now)
        audit.record(
            by,
            f"consent.{decision}",
            consent,
            case_id=case.pk,
            child_id=case.child_id,
            now=now,
            detail={"services": len(set(services)), "categories": consent.categories, "parties": len(said_by)},
        )
    return consent


def withdraw_consent(
    *,
    consent: Consent,
    services: Iterable[Service] | None = None,
    categories: Iterable[str] | None = None,
    note: str = "",
    by: Actor,
    now: dt.datetime | None = None,
) -> Consent:
    """Takes a decision back from this very second: whole, or for some services, or some categories; the rest stands.

    A yes is withdrawn by the first professional in the case who is told, also in a closed case. A no is lifted, which
    is no consent, by those who may record one: never by the service that it keeps out. The services concerned that were
    in the case, and the holder always, are told by reference alone. Repeating it is harmless; raises ``Denied``,
    ``MovedOn`` when another has withdrawn it, or when it is marked feilregistrert, and ``Invalid`` when nothing it
    covers is chosen.
    """
    now = now or timezone.now()
    check(by, verb_to_take_back(consent), consent)
    with case_work(consent.case_id, by=by, now=now, closed_too=True) as case:
        consent = lock(consent)
        if consent.in_error:
            raise MovedOn(_("Samtykket er feilregistrert og gjelder ikke."))
        if consent.withdrawn_at is not None:
            if by.user and consent.withdrawn_by_id == by.user.pk:
                return consent
            raise MovedOn(_("Samtykket er allerede trukket tilbake."))
        links = list(ConsentService.objects.filter(consent=consent).select_related("service"))
        chosen = _chosen_parts(consent, links, services, categories)
        standing = standing_parts(consent)
        ended = [part for part in standing if part in chosen]
        if chosen and not ended:
            return consent
        _take_back(consent, links, ended, standing, by, now)
        consent.withdrawal_note = "\n\n".join(part for part in (consent.withdrawal_note, note.strip()) if part)
        consent.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_note"])
        keep_renewals(case, by=by, now=now)
        concerned = {service_id for service_id, _category in ended}
        tell_withdrawn(consent, case, [link.service for link in links if link.service_id in concerned], by=by, now=now)
        audit.record(
            by,
            "consent.withdrawn",
            consent,
            case_id=case.pk,
            child_id=case.child_id,
            now=now,
            detail={
                "services": [str(link.service_id) for link in links if link.service_id in concerned],
                "categories": sorted({category for _service_id, category in ended}),
                "whole": consent.withdrawn_at is not None,
            },
        )
    return consent


def _take_back(
    consent: Consent, links: list[ConsentService], ended: list[Part], standing: list[Part], by: Actor, now: dt.datetime
) -> None:
    """Marks what ends: the whole consent where nothing is left, a service where nothing of it is, else the parts."""
    assert by.user is not None
    left = [part for part in standing if part not in ended]
    if not left:
        consent.withdrawn_at, consent.withdrawn_by = now, by.user
        return
    over = {service_id for service_id, _category in ended} - {service_id for service_id, _category in left}
    closing = [link for link in links if link.service_id in over]
    for link in closing:
        link.withdrawn_at, link.withdrawn_by = now, by.user
    ConsentService.objects.bulk_update(closing, ["withdrawn_at", "withdrawn_by"])
    ConsentWithdrawal.objects.bulk_create(
        ConsentWithdrawal(
            consent=consent, service_id=service_id, category=category, withdrawn_at=now, withdrawn_by=by.user
        )
        for service_id, category in ended
        if service_id not in over
    )


def verb_to_take_back(consent: Consent) -> str:
    """The right it takes: a yes is withdrawn by anyone in the case, a no is lifted only by those who record consent."""
    return "case.withdraw_consent" if consent.decision == Consent.Decision.GIVEN else "case.record_consent"


def tell_withdrawn(consent: Consent, case: Case, services: Iterable[Service], *, by: Actor, now: dt.datetime) -> None:
    """Tells the holder, and of a yes the services concerned that have a place in the case, that it no longer holds.

    Only the reference is told, with a page they may open. Called before access follows.
    """
    holder = case.holder.service_id
    if consent.decision == Consent.Decision.REFUSED:
        tell(
            "consent.lifted", by=by, now=now, subject=consent, url_name="cases:consents", url_id=case.pk, case=case,
            service=holder,
        )  # fmt: skip
        return
    with as_job():
        inside = set(CaseAccess.objects.in_force(now).filter(case=case).values_list("principal_id", flat=True))
    concerned = [service.pk for service in services if service.pk in inside]
    for service_id in dict.fromkeys([*concerned, holder]):
        tell(
            "consent.withdrawn",
            by=by,
            now=now,
            subject=consent,
            url_name="cases:consent_notice",
            case=case,
            service=service_id,
        )


def _validate(
    given: bool,
    parties: Sequence[str],
    services: Sequence[Service],
    categories: Sequence[str],
    given_on: dt.date,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
    now: dt.datetime,
) -> None:
    if not parties:
        raise Invalid(parties=_("Velg hvem som har svart."))
    if given and not services:
        raise Invalid(services=_("Et samtykke gis til navngitte tjenester. Velg minst én."))
    if not categories or set(categories) - set(Category.values):
        raise Invalid(categories=_("Velg minst ett tema."))
    if given_on > today(now):
        raise Invalid(given_on=_("Datoen kan ikke være fram i tid."))
    first = max(today(now), valid_from or today(now))
    if valid_until and valid_until < first:
        raise Invalid(valid_until=_("Samtykket kan ikke gå ut før det begynner å gjelde."))


def _parties(facts: SharingFacts, keys: Sequence[str]) -> list[rules.Party]:
    """The parties behind the keys; guardians must belong to this child."""
    known = {str(guardian.pk) for guardian in facts.guardian_rows}
    found: list[rules.Party] = []
    for key in dict.fromkeys(keys):
        kind, _colon, party_id = key.partition(":")
        named = kind in {ConsentParty.Kind.GUARDIAN, ConsentParty.Kind.LEGAL_GUARDIAN, ConsentParty.Kind.NEXT_OF_KIN}
        if kind not in ConsentParty.Kind.values or named != (party_id in known):
            raise Invalid(parties=_("En av dem du har valgt, er ikke lenger registrert. Velg på nytt."))
        found.append(rules.Party(PARTY_KINDS[ConsentParty.Kind(kind)], party_id))
    return found


def _check_entitled(facts: SharingFacts, parties: list[rules.Party], categories: list[str], at: dt.datetime) -> None:
    blocked = {str(g.pk) for g in facts.guardian_rows if g.blocked}
    for party in parties:
        if party.kind is rules.PartyKind.GUARDIAN and party.id in blocked:
            raise Invalid(
                parties=_("%(name)s skal ikke ha innsyn og kan ikke samtykke.") % {"name": party_label(facts, party)}
            )
        if not any(party in facts.who_decides(category, at).parties for category in categories):
            raise Invalid(parties=not_deciding(facts, {party}, categories, at))
    problem = not_deciding(facts, set(parties), categories, at)
    if problem:
        raise Invalid(categories=problem)


def _same(consent: Consent, parties: list[rules.Party], services: Sequence[Service]) -> bool:
    said = {f"{p.kind}:{p.guardian_id}" if p.guardian_id else p.kind for p in consent.parties.all()}
    covered = set(consent.covered.values_list("service_id", flat=True))
    return said == {key_of(party) for party in parties} and covered == {service.pk for service in services}


def _chosen_parts(
    consent: Consent,
    links: list[ConsentService],
    services: Iterable[Service] | None,
    categories: Iterable[str] | None,
) -> set[Part]:
    """The parts of a consent that are to be taken back; all where neither services nor categories are named."""
    covered = {link.service_id for link in links}
    of = None if services is None else {service.pk for service in services}
    about = set(consent.categories if categories is None else categories)
    if of is not None and (not of or of - covered):
        raise Invalid(services=_("Velg minst én av tjenestene som samtykket gjelder."))
    if not about or about - set(consent.categories):
        raise Invalid(categories=_("Velg minst ett av temaene som samtykket gjelder."))
    return {part for part in parts_of(consent) if part[1] in about and (of is None or part[0] in of)}
