"""An edition of the guideline as frozen, typed data: ``loader`` reads it from files, ``editions`` from the database."""

from guideline.schema.common import Code, CodeList, Complaint, Guidance, Language, LegalReference, PartyServices
from guideline.schema.consent import ConsentCategory, ConsentRules, StatutoryBasis
from guideline.schema.consent_form import ConsentForm, FormCategory, FormSigners
from guideline.schema.duties import DeadlineRule, Ladder, LadderStep, Obligation, Phase, Standing
from guideline.schema.edition import Edition
from guideline.schema.levels import Level, LevelStep, LocalLevel, LocalLevels
from guideline.schema.referral import (
    AnswerSource,
    Checklist,
    ChecklistItem,
    ContributionTemplate,
    FormTemplate,
    ReferralHeading,
    Referrer,
    SectionTemplate,
    parse_source,
)

__all__ = [
    "AnswerSource",
    "Checklist",
    "ChecklistItem",
    "Code",
    "CodeList",
    "Complaint",
    "ConsentCategory",
    "ConsentForm",
    "ConsentRules",
    "ContributionTemplate",
    "DeadlineRule",
    "Edition",
    "FormCategory",
    "FormSigners",
    "FormTemplate",
    "Guidance",
    "Ladder",
    "LadderStep",
    "Language",
    "LegalReference",
    "Level",
    "LevelStep",
    "LocalLevel",
    "LocalLevels",
    "Obligation",
    "PartyServices",
    "Phase",
    "ReferralHeading",
    "Referrer",
    "SectionTemplate",
    "Standing",
    "StatutoryBasis",
    "parse_source",
]
