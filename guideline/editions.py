"""The editions in use. Each process keeps the version it started under, whatever is imported beside it."""

from datetime import date
from threading import Lock
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from guideline.errors import EditionMissing
from guideline.loader import edition_from
from guideline.models import EditionVersion
from guideline.schema import Edition
from guideline.vocabulary import Status
from portal.models import HealthCommunity

_lock = Lock()
_by_hash: dict[str, Edition] = {}
_pinned: dict[UUID, str] = {}


def current_edition(community: HealthCommunity) -> Edition:
    """The edition this process uses for the community; fixed at the first call. Raises ``EditionMissing``."""
    sha256 = _pinned.get(community.pk)
    if sha256 is None:
        found = latest_version(community, timezone.localdate())
        if found is None:
            raise EditionMissing(f"{community.name} har ingen utgave av retningslinjen. Kjør load_editions.")
        with _lock:
            sha256 = _pinned.setdefault(community.pk, found.sha256)
    return edition_by_hash(sha256)


def edition_by_hash(sha256: str) -> Edition:
    """A stored edition, in use or not: what a snapshot was made under. Raises ``EditionMissing``."""
    edition = _by_hash.get(sha256)
    if edition is None:
        edition = edition_from(version_by_hash(sha256).content)
        with _lock:
            edition = _by_hash.setdefault(sha256, edition)
    return edition


def version_by_hash(sha256: str) -> EditionVersion:
    """The stored row of an edition. Raises ``EditionMissing``."""
    try:
        return EditionVersion.objects.get(sha256=sha256)
    except EditionVersion.DoesNotExist:
        raise EditionMissing(f"Ingen lagret utgave har kontrollsummen {sha256[:12]}…") from None


def edition_by_key(key: str) -> Edition:
    """The version of this edition that is in use now, for reading on the guideline page. Raises ``EditionMissing``."""
    version = _in_use(EditionVersion.objects.filter(key=key), timezone.localdate())
    if version is None:
        raise EditionMissing(f"Ingen lagret utgave heter {key}.")
    return edition_by_hash(version.sha256)


def available_editions() -> list[tuple[str, str]]:
    """(key, name of the health community) of every edition that has been imported, by name."""
    rows = EditionVersion.objects.order_by("community__name", "key").values_list("key", "community__name").distinct()
    return list(rows)


def latest_version(community: HealthCommunity, on: date) -> EditionVersion | None:
    """The version that holds on a date: adopted before draft, then the newest. None where there is none."""
    if community.edition_key:
        return _in_use(EditionVersion.objects.filter(key=community.edition_key), on)
    return _in_use(EditionVersion.objects.filter(community=community), on)


def refresh() -> None:
    """Forget what this process has pinned; for tests and after an import. What a hash stands for never changes."""
    with _lock:
        _pinned.clear()


def _in_use(versions: "QuerySet[EditionVersion]", on: date) -> EditionVersion | None:
    held = versions.filter(valid_from__lte=on).order_by("-valid_from", "-imported_at")
    return held.filter(status=Status.IN_FORCE).first() or held.first()
