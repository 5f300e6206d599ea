"""Importing editions from their files: what is new is added, what is there is left alone, nothing is ever changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from guideline import editions
from guideline.errors import EditionError
from guideline.loader import content_of, load_editions
from guideline.models import EditionVersion
from guideline.schema import Edition
from guideline.tables import FOLDER
from portal.models import HealthCommunity


class Outcome(Enum):
    """What became of an edition, in the word the command prints."""

    ADDED = "Lagt til"
    UNCHANGED = "Uendret"
    SKIPPED = "Hoppet over"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one edition."""

    edition: Edition
    outcome: Outcome


def import_editions(*, by: str, folder: Path = FOLDER, now: datetime | None = None) -> list[Imported]:
    """Import every edition in the folder, all or none; one whose community is not in the directory is skipped.

    Raises ``EditionError``, also where changed content keeps its version.
    """
    found = load_editions(folder)
    with transaction.atomic():
        done = [_import(edition, by, now or timezone.now()) for edition in found]
    editions.refresh()
    return done


def _import(edition: Edition, by: str, now: datetime) -> Imported:
    stored = EditionVersion.objects.filter(key=edition.key, version=edition.version).first()
    if stored is not None:
        if stored.sha256 != edition.sha256:
            raise EditionError(
                edition.key,
                "version",
                f"innholdet er endret, men versjonen er fortsatt «{edition.version}». Hev versjonen: en importert "
                "utgave kan ikke endres, fordi saker og henvisninger viser til den.",
            )
        return Imported(edition, Outcome.UNCHANGED)
    community = HealthCommunity.objects.filter(slug=edition.community).first()
    if community is None:
        return Imported(edition, Outcome.SKIPPED)
    EditionVersion.objects.create(
        key=edition.key,
        version=edition.version,
        community=community,
        title=edition.title,
        status=edition.status.value,
        content=content_of(edition),
        sha256=edition.sha256,
        valid_from=edition.valid_from,
        imported_at=now,
        imported_by=by,
    )
    return Imported(edition, Outcome.ADDED)
