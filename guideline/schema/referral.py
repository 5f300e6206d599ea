"""What a coordinated referral is made of: contributions, GP assessment, checklists, headings."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionTemplate:
    """One field a contributor or the GP writes in; ``heading_code`` places it in the national referral message."""

    key: str
    heading: str
    help: str = ""
    category: str
    heading_code: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionTemplate:
    """What services of these kinds are asked to write."""

    key: str
    title: str
    intro: str
    service_kinds: tuple[str, ...]
    sections: Mapping[str, SectionTemplate]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTemplate:
    """The fields of the referral itself, or of the GP's assessment (6.1.3): headings and help, in order."""

    title: str
    intro: str
    sections: Mapping[str, SectionTemplate]


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Where the answer to a checklist item is found.

    ``kind``: contribution · gp · referral · case · guardians · consent · child_voice · measures · attachment.
    ``of``: the contribution template (``*`` any) or empty; ``key``: section, field or attachment kind.
    """

    kind: str
    of: str = ""
    key: str = ""


def parse_source(text: str) -> AnswerSource:
    """``kind[:[of.]key]`` as an ``AnswerSource``."""
    kind, _, rest = text.partition(":")
    of, dot, key = rest.rpartition(".")
    return AnswerSource(kind, of, key) if dot else AnswerSource(kind, "", rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One thing the receiving department wants to know. Advisory: a gap never blocks a referral."""

    key: str
    text: str
    help: str = ""
    answered_by: tuple[str, ...]
    to_be_confirmed: bool = False

    @property
    def sources(self) -> tuple[AnswerSource, ...]:
        """``answered_by`` taken apart: ``contribution:school.function``, ``gp:somatic``, ``child_voice``."""
        return tuple(parse_source(text) for text in self.answered_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What one kind of receiving department wants in a referral."""

    key: str
    title: str
    intro: str
    items: Mapping[str, ChecklistItem]
    to_be_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralHeading:
    """A heading of the national referral message (code list 8231), for the plain-text copy."""

    key: str
    label: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referrer:
    """Who may make the overall assessment and send the referral (6.1.2): by membership role or by profession."""

    key: str
    label: str
    roles: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    text: str = ""
