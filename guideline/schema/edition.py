"""One edition, whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from guideline.schema.common import Code, CodeList, Complaint, Guidance, Language, LegalReference, PartyServices
from guideline.schema.consent import ConsentRules
from guideline.schema.consent_form import ConsentForm
from guideline.schema.duties import DeadlineRule, Ladder, Obligation, Phase, Standing
from guideline.schema.levels import Level, LevelStep, LocalLevels
from guideline.schema.referral import Checklist, ContributionTemplate, FormTemplate, ReferralHeading, Referrer
from guideline.vocabulary import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of one community's guideline, whole. ``sha256`` is set when it is read or stored."""

    key: str
    version: str
    community: str
    title: str
    short_title: str
    status: Status
    valid_from: date
    adopted_by: str
    source: str
    summary: str
    ages: tuple[int, ...]
    legal_basis: tuple[str, ...]
    open_questions: tuple[str, ...] = ()
    languages: Mapping[str, Language]
    parties: Mapping[str, PartyServices]
    legal: Mapping[str, LegalReference]
    levels: Mapping[str, Level]
    local_levels: Mapping[str, LocalLevels] = field(default_factory=lambda: MappingProxyType({}))
    phases: Mapping[str, Phase]
    standing: Mapping[str, Standing]
    obligations: Mapping[str, Obligation]
    deadlines: Mapping[str, DeadlineRule]
    ladders: Mapping[str, Ladder]
    contributions: Mapping[str, ContributionTemplate]
    referral_form: FormTemplate
    gp_assessment: FormTemplate
    checklists: Mapping[str, Checklist]
    referral_headings: Mapping[str, ReferralHeading]
    copy_headings: Mapping[str, str]
    referrers: Mapping[str, Referrer]
    consent: ConsentRules
    codes: Mapping[str, CodeList]
    complaint: Complaint
    guidance: Mapping[str, Guidance]
    # By language; editions stored before the form came have none.
    consent_forms: Mapping[str, ConsentForm] = field(default_factory=lambda: MappingProxyType({}))
    sha256: str = ""

    @property
    def draft(self) -> bool:
        """Whether no committee has adopted it yet."""
        return self.status is Status.DRAFT

    def obligations_in(self, phase: str) -> tuple[Obligation, ...]:
        """The obligations of a phase, in the guideline's order; 6.0 belongs to every phase."""
        return tuple(item for item in self.obligations.values() if phase in item.phases)

    def legal_refs(self, keys: tuple[str, ...]) -> tuple[LegalReference, ...]:
        """The references behind ``keys``."""
        return tuple(self.legal[key] for key in keys)

    def rules_of(self, obligation: str) -> tuple[DeadlineRule, ...]:
        """The deadline rules an obligation names."""
        return tuple(self.deadlines[key] for key in self.obligations[obligation].deadlines)

    def ladder_of(self, rule: str) -> Ladder:
        """The reminder ladder of a deadline rule."""
        return self.ladders[self.deadlines[rule].ladder]

    def level_label(self, number: int, municipality: str = "") -> str:
        """What the level is called, in this municipality (its number) where it has words of its own."""
        local = self.local_levels.get(municipality)
        if local and str(number) in local.levels:
            return local.levels[str(number)].label
        return self.levels[str(number)].label

    def level_steps(self, number: int, municipality: str = "") -> tuple[LevelStep, ...]:
        """The steps of the level, the municipality's own where it has any."""
        local = self.local_levels.get(municipality)
        own = local.levels.get(str(number)) if local else None
        return tuple((own.steps if own and own.steps else self.levels[str(number)].steps).values())

    def template_for(self, service_kind: str) -> ContributionTemplate:
        """What a service of this kind is asked to write; the common template for kinds that have none."""
        for template in self.contributions.values():
            if service_kind in template.service_kinds:
                return template
        return self.contributions["other"]

    def choices(self, code_list: str) -> list[tuple[str, str]]:
        """(code, label) pairs one can still choose from a code list."""
        return self.codes[code_list].choices()

    def code(self, code_list: str, key: str) -> Code:
        """A code, retired ones included; an unknown code is shown as itself, so that old data stays readable."""
        return self.codes[code_list].codes.get(key) or Code(key=key, label=key, retired=True)

    def may_refer(self, role: str, profession: str = "") -> bool:
        """Whether a person in this role, or of this profession, is entitled to refer (6.1.2)."""
        return any(role in item.roles or profession in item.professions for item in self.referrers.values())

    def guidance_for(self, key: str) -> Guidance | None:
        """The help text of a page or a role's inbox (``inbox.gp``, ``page.assembly``), if the edition has one."""
        return self.guidance.get(key)
