"""Files in the storage of uploads that no document refers to: what a request stored before it rolled back."""

import datetime as dt
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils import timezone

from cases.models import Document, SignedForm
from portal.context import as_job

# Every uploaded file lies here, under a random name.
FOLDER = "dokumenter"
# A request that is still going on has stored its file, and not yet committed its row.
OLD_ENOUGH = dt.timedelta(days=1)
AT_ONCE = 1_000


def orphans(now: dt.datetime | None = None) -> list[str]:
    """The names of files older than a day that no document or signed form, feilregistrert ones included, refers to.

    The folder is read before the rows, so that a row written meanwhile is seen.
    """
    before = (now or timezone.now()) - OLD_ENOUGH
    return [name for name in _unknown(_stored()) if default_storage.get_modified_time(name) < before]


def _stored() -> list[str]:
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [f"{FOLDER}/{file}" for file in files]


def _unknown(names: list[str]) -> Iterator[str]:
    for start in range(0, len(names), AT_ONCE):
        batch = names[start : start + AT_ONCE]
        with as_job():
            known = {
                name
                for model in (Document, SignedForm)
                for name in model._default_manager.filter(storage_name__in=batch).values_list("storage_name", flat=True)
            }
        yield from (name for name in batch if name not in known)
