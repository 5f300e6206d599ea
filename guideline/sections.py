"""Where in a case an obligation is met. The apps that own the sections register their addresses in ``apps.py``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.context import Actor

LABELS: Final[Mapping[str, str | Promise]] = {
    "overview": _("Oversikt"),
    "referral": _("Henvisning"),
    "plan": _("Tiltak og plan"),
    "meetings": _("Møter"),
    "dialogue": _("Dialog"),
    "documents": _("Dokumenter"),
    "participants": _("Deltakere og samtykke"),
    "discharge": _("Avslutning"),
    "transition": _("Overgang"),
    "next_of_kin": _("Pårørende"),
    "log": _("Logg"),
}


@dataclass(frozen=True, slots=True)
class CaseSection:
    """The address of a section: in one case (``url_name`` with the case's id as ``kwarg``), and its list of cases,
    which is for those that ``index_for`` says."""

    key: str
    url_name: str
    kwarg: str
    index: str
    index_for: Callable[[Actor], bool]


_sections: dict[str, CaseSection] = {}


def register_section(
    key: str,
    *,
    url_name: str,
    kwarg: str = "case_id",
    index: str = "",
    index_for: Callable[[Actor], bool] = lambda actor: True,
) -> None:
    """Say where the section ``key`` is found; ``index`` names a page without arguments for when no case is given, and
    ``index_for`` who may open it."""
    if key not in LABELS:
        raise ValueError(f"Ukjent del av saken: {key}")
    _sections[key] = CaseSection(key, url_name, kwarg, index, index_for)


def registered_sections() -> frozenset[str]:
    """Keys of the sections that have an address."""
    return frozenset(_sections)


def section_url(key: str, case_id: UUID | str | None = None, actor: Actor | None = None) -> str | None:
    """The address of the section in the case, or of its list where no case is given; None where none is known, or the
    list is not for the actor."""
    section = _sections.get(key)
    if section is None:
        return None
    try:
        if case_id is not None:
            return reverse(section.url_name, kwargs={section.kwarg: case_id})
        open_list = section.index and (actor is None or section.index_for(actor))
        return reverse(section.index) if open_list else None
    except NoReverseMatch:
        return None
