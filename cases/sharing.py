"""From the recorded consents and statutory bases to access rows: the models' side of ``cases.consent_rules``."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet

from cases import consent_rules as rules
from cases.access import Viewer
from cases.models import (
    Case,
    CaseAccess,
    Category,
    Consent,
    ConsentParty,
    ConsentService,
    ConsentWithdrawal,
    Guardian,
    SignedForm,
    StatutoryBasis,
    Withheld,
)
from guideline.editions import current_edition
from guideline.schema import ConsentRules, Edition
from portal.context import as_job
from portal.models import Service
from portal.timeframe import end_of, start_of, today
from portal.together import Together, attach

PARTY_KINDS = {
    ConsentParty.Kind.GUARDIAN: rules.PartyKind.GUARDIAN,
    ConsentParty.Kind.YOUTH: rules.PartyKind.YOUTH,
    ConsentParty.Kind.CHILD_PROTECTION: rules.PartyKind.BARNEVERN,
    ConsentParty.Kind.LEGAL_GUARDIAN: rules.PartyKind.VERGE,
    ConsentParty.Kind.NEXT_OF_KIN: rules.PartyKind.NEXT_OF_KIN,
}
# Those who can be next of kin of an adult who lacks capacity to consent.
KIN = {
    Guardian.Relation.MOTHER,
    Guardian.Relation.FATHER,
    Guardian.Relation.CO_MOTHER,
    Guardian.Relation.FOSTER,
    Guardian.Relation.RELATIVE,
    Guardian.Relation.OTHER,
}
ONE_IS_ENOUGH = "Retningslinjen ber om samtykke fra én."


@dataclass(frozen=True)
class Window:
    """A period in which a service may see a category: from ``start`` until ``end`` (exclusive; None: no end known)."""

    start: dt.datetime
    end: dt.datetime | None
    basis: str


def age_rules(consent: ConsentRules) -> rules.AgeRules:
    """The edition's ages as the pure rules want them."""
    return rules.AgeRules(
        decides_from=consent.decides_from,
        decides_from_in={c: consent.age_for(c) for c in Category.values if consent.age_for(c) != consent.decides_from},
        withhold_from=consent.withhold_from,
        adult=consent.of_age,
    )


def category_of(service: Service, edition: Edition) -> str:
    """The category of what a service writes, the main one where it has several (edition)."""
    return edition.consent.categories_of(service.kind)[0]


class SharingFacts:
    """The facts that decide sharing in one case, read once: child, guardians, consents, statutory bases.

    One statement, as the job role: what may be shared must not depend on what the one who asks happens to see. A
    ``viewer`` in the case is shown all that decides (``cases.policies``), and reads it as it is. Entries marked
    feilregistrert count for nothing.
    """

    def __init__(self, case: Case, viewer: Viewer | None = None) -> None:
        self.case = case
        self.edition = current_edition(case.community)
        self.rules = age_rules(self.edition.consent)
        # Entries marked feilregistrert are read too, for the pages that show them struck through.
        with contextlib.nullcontext() if viewer is not None and viewer.has_case else as_job():
            found = _read(case_id=case.pk, child_id=case.child_id)
        attach(found["consents"], "parties", found["parties"], "consent_id")
        attach(found["consents"], "covered", found["covered"], "consent_id")
        attach(found["consents"], "parts_withdrawn", found["parts_withdrawn"], "consent_id")
        attach(found["consents"], "signed_forms", found["signed_forms"], "consent_id")
        self.all_guardians: list[Guardian] = found["guardians"]
        self.guardian_rows = [g for g in self.all_guardians if not g.in_error]
        self.guardians = tuple(
            rules.GuardianFacts(
                id=str(g.pk),
                parental_responsibility=g.parental_responsibility,
                daily_care=g.daily_care,
                blocked=g.blocked,
            )
            for g in self.guardian_rows
        )
        self.all_consents: list[Consent] = found["consents"]
        self.consent_rows = [row for row in self.all_consents if not row.in_error]
        both = self.edition.consent.both_guardians
        self.consents = tuple(consent_facts(row, both_guardians=both) for row in self.consent_rows)
        self.all_statutory: list[StatutoryBasis] = found["statutory"]
        self.statutory_rows = [row for row in self.all_statutory if not row.in_error]
        self.statutory = tuple(_statutory_facts(row, self.edition) for row in self.statutory_rows)
        # What guardians are not to know of, by the entry.
        self.reserved: dict[uuid.UUID, Withheld] = {row.entry_id: row for row in found["reserved"]}
        self.child = _child_facts(case, self.guardian_rows, self.consents)

    def basis(self, service_id: uuid.UUID, category: str, at: dt.datetime) -> rules.Basis:
        """Whether a service may have information of a category at an instant, and why."""
        need = rules.Need(service=str(service_id), category=category, at=at)
        return rules.basis_for(need, self.child, self.guardians, self.consents, self.rules, statutory=self.statutory)

    def who_decides(self, category: str, at: dt.datetime) -> rules.Deciders:
        """Who decides about a category at an instant."""
        return rules.who_decides(self.child, self.guardians, category, at, self.rules)

    def windows(self, service_id: uuid.UUID, category: str, now: dt.datetime) -> list[Window]:
        """The periods, now and ahead, in which a service may see a category; periods that meet are one."""
        need = rules.Need(service=str(service_id), category=category, at=now)
        ahead = rules.bases_ahead(need, self.child, self.guardians, self.consents, self.rules, statutory=self.statutory)
        found = list[Window]()
        for (start, basis), end in zip_longest(ahead, [moment for moment, _basis in ahead[1:]]):
            if not basis.allowed:
                continue
            name = "statutory" if basis.because == rules.Because.STATUTORY else "consent"
            if found and found[-1].end == start and found[-1].basis == name:
                found[-1] = replace(found[-1], end=end)
            else:
                found.append(Window(start, end, name))
        return found

    def services(self) -> set[uuid.UUID]:
        """Every service that a consent or a statutory basis names."""
        named = {link.service_id for row in self.consent_rows for link in row.covered.all()}
        return named | {row.service_id for row in self.statutory_rows}

    def shares_with(self, service_id: uuid.UUID, now: dt.datetime) -> bool:
        """Whether a service has a basis for any category now."""
        return any(self.basis(service_id, category, now).allowed for category in Category.values)


@Together
def _read(*, case_id: uuid.UUID, child_id: uuid.UUID) -> tuple[QuerySet[Any], dict[str, QuerySet[Any]]]:
    """Guardians, consents with their parties and services, and statutory bases, marked ones included."""
    return Case.objects.filter(pk=case_id), {
        "guardians": Guardian.objects.filter(child=child_id).select_related("error_by"),
        "consents": Consent.objects.filter(case=case_id).select_related("recorded_by", "withdrawn_by", "error_by"),
        "parties": ConsentParty.objects.filter(consent__case=case_id).select_related("guardian").order_by("pk"),
        "covered": ConsentService.objects.filter(consent__case=case_id)
        .select_related("service", "withdrawn_by")
        .order_by("service__sort_key", "pk"),
        "parts_withdrawn": ConsentWithdrawal.objects.filter(consent__case=case_id).order_by("withdrawn_at", "pk"),
        "signed_forms": SignedForm.objects.filter(consent__case=case_id).select_related("recorded_by", "error_by"),
        "reserved": Withheld.objects.filter(case=case_id, error_at__isnull=True, lifted_at__isnull=True),
        "statutory": StatutoryBasis.objects.filter(case=case_id).select_related("service", "recorded_by", "error_by"),
    }


def may_share(case: Case, service: Service, categories: Iterable[str], now: dt.datetime) -> list[rules.Basis]:
    """The basis per category for asking or telling a service; all must be allowed before anything is shared."""
    facts = SharingFacts(case)
    return [facts.basis(service.pk, category, now) for category in categories]


def item_scopes(case_id: uuid.UUID, service_id: uuid.UUID, now: dt.datetime) -> set[str]:
    """The categories of others' items that a service sees in a case now. One statement."""
    scopes = CaseAccess.objects.in_force(now).filter(
        case_id=case_id, principal_id=service_id, scope__startswith="items_"
    )
    return {scope.removeprefix("items_") for scope in scopes.values_list("scope", flat=True)}


def decided_at(row: Consent) -> dt.datetime:
    """When it was said: the instant it was written down, or the day given when that was an earlier one.

    Of an earlier day only the date is known, so a yes counts from its start and a no from its end: of two words on the
    same day the no is the last.
    """
    if row.given_on >= today(row.recorded_at):
        return row.recorded_at
    if row.decision == Consent.Decision.REFUSED:
        return min(row.recorded_at, end_of(row.given_on) - dt.timedelta(microseconds=1))
    return start_of(row.given_on)


def consent_facts(row: Consent, *, both_guardians: bool = True) -> rules.ConsentFacts:
    """One recorded decision as the pure rules want it. A refusal that names no service is a refusal to all."""
    links = list(row.covered.all())
    return rules.ConsentFacts(
        id=str(row.pk),
        decision=rules.Decision(row.decision),
        given_by=frozenset(_party(p) for p in row.parties.all()),
        decided_at=decided_at(row),
        services=frozenset(str(link.service_id) for link in links)
        if links or row.decision == Consent.Decision.GIVEN
        else None,
        categories=frozenset(row.categories),
        valid_from=row.valid_from,
        valid_until=end_of(row.valid_until) if row.valid_until else None,
        withdrawn_at=row.withdrawn_at,
        partial_withdrawals=tuple(
            rules.PartialWithdrawal(at=link.withdrawn_at, services=frozenset({str(link.service_id)}))
            for link in links
            if link.withdrawn_at
        )
        + tuple(
            rules.PartialWithdrawal(
                at=part.withdrawn_at,
                services=frozenset({str(part.service_id)}) if part.service_id else None,
                categories=frozenset({part.category}),
            )
            for part in row.parts_withdrawn.all()
        ),
        one_guardian_reason=row.one_guardian_reason or ("" if both_guardians else ONE_IS_ENOUGH),
    )


def _party(row: ConsentParty) -> rules.Party:
    return rules.Party(PARTY_KINDS[ConsentParty.Kind(row.kind)], str(row.guardian_id) if row.guardian_id else "")


def _child_facts(case: Case, guardians: list[Guardian], consents: tuple[rules.ConsentFacts, ...]) -> rules.ChildFacts:
    child = case.child
    return rules.ChildFacts(
        birth_date=child.birth_date,
        lacks_capacity=rules.LackOfCapacity(
            assessed_by=child.lacks_capacity_assessed_by,
            assessed_at=start_of(child.lacks_capacity_on),
            categories=frozenset(child.lacks_capacity_categories) or None,
        )
        if child.lacks_capacity_on
        else None,
        care_taken_over=child.care_taken_over_on is not None,
        proxies=tuple(_proxies(guardians)),
        reservations=tuple(_reservations(consents)),
    )


def _proxies(guardians: list[Guardian]) -> Iterable[rules.ProxyFacts]:
    """A registered verge, and those who are next of kin of an adult, within their mandate."""
    for guardian in guardians:
        if guardian.blocked:
            continue
        if guardian.relation == Guardian.Relation.LEGAL_GUARDIAN:
            kind = rules.PartyKind.VERGE
        elif guardian.relation in KIN:
            kind = rules.PartyKind.NEXT_OF_KIN
        else:
            continue
        yield rules.ProxyFacts(
            id=str(guardian.pk),
            kind=kind,
            categories=frozenset(guardian.mandate_categories) or None,
            valid_from=start_of(guardian.mandate_from) if guardian.mandate_from else None,
            valid_until=end_of(guardian.mandate_until) if guardian.mandate_until else None,
        )


def _reservations(consents: tuple[rules.ConsentFacts, ...]) -> Iterable[rules.Reservation]:
    """A no from the child is also its wish to withhold, which works before the age when it decides (edition: 12)."""
    for said in consents:
        if said.decision != rules.Decision.REFUSED or rules.Party.youth() not in said.given_by:
            continue
        if not said.partial_withdrawals:
            yield rules.Reservation(said.decided_at, said.services, said.categories, said.withdrawn_at)
            continue
        services = [None] if said.services is None else [frozenset({name}) for name in sorted(said.services)]
        for named in services:
            for category in sorted(said.categories or Category.values):
                ends = [
                    part.at
                    for part in said.partial_withdrawals
                    if (part.services is None or (named is not None and named <= part.services))
                    and rules.names(part.categories, category)
                ] + ([said.withdrawn_at] if said.withdrawn_at else [])
                yield rules.Reservation(said.decided_at, named, frozenset({category}), min(ends, default=None))


def _statutory_facts(row: StatutoryBasis, edition: Edition) -> rules.StatutoryBasis:
    basis = edition.consent.statutory_bases.get(row.code)
    return rules.StatutoryBasis(
        code=row.code,
        legal_reference=row.legal_reference,
        services=frozenset({str(row.service_id)}),
        categories=frozenset(row.categories),
        valid_from=row.valid_from,
        valid_until=end_of(row.valid_until) if row.valid_until else None,
        # One that the edition no longer has stands against nobody's no.
        yields_to_refusal=basis is None or basis.yields_to_refusal,
    )
