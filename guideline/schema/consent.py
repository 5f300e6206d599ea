"""Who decides at which age, for what, and on which basis besides consent."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCategory:
    """A kind of information; ``decides_from`` where the age differs from the rule."""

    key: str
    label: str
    text: str
    decides_from: int | None = None
    legal: tuple[str, ...] = ()
    to_be_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryBasis:
    """A named basis other than consent: what it opens, to whom, and whether it stands against a no.

    ``service_kinds`` empty means any service, ``categories`` empty any category. One that ``yields_to_refusal`` opens
    nothing that somebody who decides, or the child, has said no to. One with ``end_required`` is recorded with the day
    it ends.
    """

    key: str
    label: str
    text: str
    legal: tuple[str, ...]
    service_kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    yields_to_refusal: bool = False
    end_required: bool = False
    to_be_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRules:
    """Who decides at which age, for what; ages in whole years."""

    decides_from: int
    withhold_from: int
    of_age: int
    both_guardians: bool
    default_months: int
    text: str
    categories: Mapping[str, ConsentCategory]
    service_categories: Mapping[str, tuple[str, ...]]
    statutory_bases: Mapping[str, StatutoryBasis]

    def age_for(self, category: str) -> int:
        """The age from which the young person decides alone about ``category``."""
        own = self.categories[category].decides_from
        return self.decides_from if own is None else own

    def categories_of(self, service_kind: str) -> tuple[str, ...]:
        """The categories a service of this kind writes in, its main one first."""
        return self.service_categories.get(service_kind, self.service_categories["other"])
