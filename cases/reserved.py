"""What guardians are not to know of: entries reserved at the child's wish from 12, or for weighty reasons (pbrl § 3-4).

Staff who see an entry see that it is reserved. Whatever is made for guardians takes its rows through
``open_to_guardians``.
"""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import ChildVoice, Document, Measure, Withheld
from cases.models.correctable import Correctable
from portal.context import as_job

Entry = TypeVar("Entry", bound=Model)
# The kinds of entry that can be reserved, by their word in an address.
KINDS: dict[str, type[Correctable]] = {"stemme": ChildVoice, "tiltak": Measure, "dokument": Document}
# The code of the edition's list «information_withheld», with its national code.
CODE = "guardians"
SENTENCES: dict[str, str | Promise] = {
    Withheld.Ground.WISH: _("Foreldrene skal ikke få vite dette: barnet ønsker det ikke."),
    Withheld.Ground.WEIGHTY: _("Foreldrene skal ikke få vite dette: tungtveiende hensyn taler mot det."),
}


def in_force(**found: Any) -> QuerySet[Withheld]:
    """Reservations that hold: neither lifted nor marked feilregistrert."""
    return Withheld.objects.filter(error_at__isnull=True, lifted_at__isnull=True, **found)


def open_to_guardians(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries among these that guardians may know of; no list of theirs is made without it.

    To be read as the job role: a reservation that the reader is not shown would take nothing away.
    """
    return rows.exclude(Exists(in_force(entry_id=OuterRef("pk"))))


def withheld_from_guardians(entry: Model) -> bool:
    """Whether guardians are not to know of this entry. One statement, as the job role (``open_to_guardians``)."""
    with as_job():
        return in_force(entry_id=entry.pk).exists()


def mark_reserved(case_id: uuid.UUID, entries: Iterable[Any]) -> None:
    """Sets ``reserved`` on each entry: its reservation, or None. One statement."""
    found = {row.entry_id: row for row in in_force(case_id=case_id).select_related("recorded_by")}
    for entry in entries:
        entry.reserved = found.get(entry.pk)
