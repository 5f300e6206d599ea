"""Languages, legal references and parties of an edition."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language the community offers; ``complete`` when its catalogue may miss nothing."""

    key: str
    label: str
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalReference:
    """Where a duty stands. Paragraph numbers move, so they live here and nowhere in the code."""

    key: str
    short: str
    law: str
    paragraph: str
    about: str = ""
    to_be_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyServices:
    """One party to the guideline (or those who are none, ``key='others'``) and its services in words."""

    key: str
    label: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A reason or outcome; ``retired`` codes can be read but no longer chosen."""

    key: str
    label: str
    text: str = ""
    national: str = ""
    outcome: str = ""
    retired: bool = False
    to_be_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """Reasons or outcomes a person chooses among; ``national`` is the national code list it follows."""

    key: str
    title: str
    national: str = ""
    codes: Mapping[str, Code]

    def choices(self) -> list[tuple[str, str]]:
        """(key, label) of the codes one can still choose, for a form field."""
        return [(code.key, code.label) for code in self.codes.values() if not code.retired]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Help on a page, per role or page: what this is, what the guideline asks here."""

    key: str
    title: str
    what: str
    asks: str = ""
    tips: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """How to complain about a decision, for the decision letter and the family's page."""

    title: str
    text: str
    send_to: str
    decided_by: str
    weeks: int
    legal: tuple[str, ...]
    to_be_confirmed: bool = False
