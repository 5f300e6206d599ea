"""The case and what belongs to it, one aggregate a file."""

from cases.models.case import Case, CaseHolder, Concern, LevelChange, LevelStepDone, ReferenceCounter
from cases.models.child import AddressProtection, Child, Guardian, NumberKind
from cases.models.consent import (
    Category,
    Consent,
    ConsentParty,
    ConsentService,
    ConsentWithdrawal,
    SignedForm,
    StatutoryBasis,
)
from cases.models.content import ChildVoice, Document, Measure
from cases.models.emergency_access import EmergencyAccess
from cases.models.inbox import Deadline, Notification, ObligationStatus, Task, Waiver
from cases.models.participant import CaseAccess, Participant, Scope
from cases.models.unusual import Acquaintance, LookedAt
from cases.models.withheld import Withheld

__all__ = [
    "Acquaintance",
    "AddressProtection",
    "Case",
    "CaseAccess",
    "CaseHolder",
    "Category",
    "Child",
    "ChildVoice",
    "Concern",
    "Consent",
    "ConsentParty",
    "ConsentService",
    "ConsentWithdrawal",
    "Deadline",
    "Document",
    "EmergencyAccess",
    "Guardian",
    "LevelChange",
    "LevelStepDone",
    "LookedAt",
    "Measure",
    "Notification",
    "NumberKind",
    "ObligationStatus",
    "Participant",
    "ReferenceCounter",
    "Scope",
    "SignedForm",
    "StatutoryBasis",
    "Task",
    "Waiver",
    "Withheld",
]
