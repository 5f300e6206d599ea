"""The printed consent form in one language: every word on the paper is the edition's."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCategory:
    """A category of the edition in the form's language."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSigners:
    """In what capacity somebody signs, and the lines of a form that is not filled in."""

    guardian: str
    youth: str
    child_protection: str
    legal_guardian: str
    next_of_kin: str
    blank: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentForm:
    """The words; ``{child}``, ``{holder}``, ``{phone}``, ``{withhold}`` and ``{date}`` are filled in. ``service_kinds``
    names services whose own names would tell where a protected child is."""

    key: str
    label: str
    title: str
    origin: str
    about_child: str
    name: str
    born: str
    case: str
    intro: str
    intro_blank: str
    purpose: str
    services: str
    services_lead: str
    services_blank: str
    categories_heading: str
    categories_blank: str
    period: str
    until: str
    open_end: str
    until_blank: str
    meaning: str
    meanings: tuple[str, ...]
    withdraw: str
    withdraw_text: str
    withdraw_blank: str
    signatures: str
    sign_lead: str
    signer: str
    decides: str
    everything: str
    place_date: str
    signature: str
    nobody: str
    explained_by: str
    interpreter: str
    page: str
    of: str
    months: tuple[str, ...]
    date: str
    categories: Mapping[str, FormCategory]
    signers: FormSigners
    service_kinds: Mapping[str, str]
