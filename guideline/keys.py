"""The keys every edition shares. An edition words them and sets their days; only code may add or remove one."""

from typing import Final

PHASES: Final = ("6.1", "6.2", "6.3", "7", "8")

OBLIGATIONS: Final = (
    "6.0",
    "6.1.1",
    "6.1.2",
    "6.1.3",
    "6.1.4",
    "6.1.5",
    "6.2.a",
    "6.2.b",
    "6.2.c",
    "6.2.d",
    "6.3.a",
    "6.3.b",
    "6.3.c",
    "7.1.a",
    "7.1.b",
    "7.1.c",
    "8.1.a",
    "8.1.b",
    "8.1.c",
)

DEADLINES: Final = (
    "level0_decision",
    "contribution_due",
    "consultation_answer",
    "gp_assessment_due",
    "intake_assessment",
    "information_answer",
    "treatment_start_under_23",
    "treatment_right_date",
    "dialogue_interval",
    "plan_evaluation",
    "measure_followup",
    "discharge_notice",
    "discharge_summary",
    "transition_start",
    "transition_meeting",
    "next_of_kin_clarified",
    "consent_expiry",
    "decider_changes",
)

LEVELS: Final = ("0", "1", "2", "3")

CHECKLISTS: Final = ("bup", "habu", "childrens_ward")
"""Kinds of receiving department that have a checklist; the same words as the directory's kinds of service."""

CATEGORIES: Final = ("health", "school", "child_protection", "social", "family")
"""What a consent covers, and what every item in a case belongs to."""

CODE_LISTS: Final = (
    "contribution_declined",
    "consultation_answer",
    "intake_outcome",
    "no_right",
    "not_assessable",
    "urgency",
    "urgency_changed",
    "redirected",
    "withdrawn",
    "information_withheld",
    "parents_not_informed",
    "one_guardian",
    "consent_given_how",
    "missing_consent",
    "missing_gp_assessment",
    "child_voice_how",
    "child_voice_missing",
    "measure_effect",
    "case_closed",
    "protection_lowered",
    "attachment_kind",
    "sent_channel",
)

CASE_SECTIONS: Final = (
    "overview",
    "referral",
    "plan",
    "meetings",
    "dialogue",
    "documents",
    "participants",
    "discharge",
    "transition",
    "next_of_kin",
    "log",
)
"""The sections of the case page, in their order; an obligation names the one where it is met."""
