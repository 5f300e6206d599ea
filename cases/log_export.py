"""The log of a case as a file: for a spreadsheet, and for paper and archive."""

import datetime as dt
import itertools
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.log_reading import Told, Wanted, batches, events_of, told
from cases.models import Case
from cases.protection import locates_hidden
from portal import audit
from portal.context import Actor
from portal.csv_file import csv_bytes
from portal.models import AuditEvent, Role
from portal.pdf.render import RenderedPdf, render_pdf
from portal.templatetags.dates import nb_date

# A file is made while one waits: so many lines of a spreadsheet, and of paper. A file that has not got all says so.
MOST_LINES = 50_000
MOST_ON_PAPER = 1_000


def as_csv(case: Case, wanted: Wanted, *, by: Actor, now: dt.datetime | None = None) -> bytes:
    """The log asked for, newest first, as a file for a spreadsheet. Leaves an export event."""
    now = now or timezone.now()
    events = events_of(case, wanted)
    total = events.count()
    heading = [_("Tidspunkt"), _("Type"), _("Hva"), _("Hvem"), _("Rolle"), _("Tjeneste"), _("Grunnlag")]
    lines = (_row(line) for line in told(case, batches(events, MOST_LINES), leaving=True))
    # The notes last, so that the first line is the heading.
    body = csv_bytes(itertools.chain([heading], lines, ([note] for note in _notes(case, total, MOST_LINES))))
    _record("case.log_csv", case, total, MOST_LINES, by, now)
    return body


def as_pdf(case: Case, wanted: Wanted, *, by: Actor, now: dt.datetime | None = None) -> RenderedPdf:
    """The newest of the log asked for, on paper. Leaves an export event."""
    now = now or timezone.now()
    events = events_of(case, wanted)
    total = events.count()
    context: dict[str, Any] = {
        "case": case,
        "made_at": now,
        "made_by": Role(by.role).label if locates_hidden(case.child) else by.name,
        "created": now.isoformat(timespec="seconds"),
        "rows": list(told(case, batches(events, MOST_ON_PAPER), leaving=True)),
        "notes": _notes(case, total, MOST_ON_PAPER),
        "period": _period(wanted),
    }
    _record("case.log_pdf", case, total, MOST_ON_PAPER, by, now)
    title = _("Logg %(reference)s") % {"reference": case.reference}
    return render_pdf(render_to_string("pdf/log.html", context), title=title)


def _row(line: Told) -> tuple[str, ...]:
    at = timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M:%S")
    return at, line.kind, line.what, line.who, line.role, line.service, line.basis


def _notes(case: Case, total: int, most: int) -> list[str]:
    """What a reader of the file must know that the lines do not say."""
    notes = []
    if total > most:
        notes.append(
            _("Filen har de %(most)s nyeste av %(total)s hendelser. Velg en kortere periode for å få resten.")
            % {"most": most, "total": total}
        )
    if locates_hidden(case.child):
        notes.append(
            _("Barnet har skjermet adresse. Navn på ansatte og tjenester er utelatt her, og leses i portalen.")
        )
    return notes


def _period(wanted: Wanted) -> str:
    if not wanted.first and not wanted.last:
        return _("hele loggen")
    first = nb_date(wanted.first) if wanted.first else _("første hendelse")
    last = nb_date(wanted.last) if wanted.last else _("i dag")
    return _("fra %(first)s til og med %(last)s") % {"first": first, "last": last}


def _record(verb: str, case: Case, total: int, most: int, by: Actor, now: dt.datetime) -> None:
    lines = min(total, most)
    audit.record(by, verb, case, kind=AuditEvent.Kind.EXPORT, case_id=case.pk, child_id=case.child_id, now=now,
                 detail={"lines": lines})  # fmt: skip
