"""What guardians, consent and content add to the registers: menu, panels, timeline, words of notifications."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.access import Viewer
from cases.content import DocumentRow, content_of, documents_of, measures_of, voices_of
from cases.models import ChildVoice, Consent, Measure
from cases.page import Entry, Panel, Section, add_entries, add_panel, add_section
from cases.rights import may_search
from guideline.sections import LABELS, register_section

MOST = 5
LOOKS = {
    Measure.State.PLANNED: (gettext_lazy("Planlagt"), "neutral", "Calendar"),
    Measure.State.ONGOING: (gettext_lazy("Pågår"), "info", "Clock"),
    Measure.State.EVALUATED: (gettext_lazy("Evaluert"), "success", "Checkmark"),
    Measure.State.STOPPED: (gettext_lazy("Stoppet"), "warning", "XMark"),
}
SPOKEN = {
    "child": gettext_lazy("Barnets ord er skrevet ned"),
    "family": gettext_lazy("Familiens ord er skrevet ned"),
}
SAID = {
    Consent.Decision.GIVEN: gettext_lazy("Samtykke er registrert"),
    Consent.Decision.REFUSED: gettext_lazy("Et nei til deling er registrert"),
}

add_section(Section(40, "measures", gettext_lazy("Tiltak"), "cases:measures"))
add_section(Section(45, "voices", gettext_lazy("Barnets stemme"), "cases:voices"))
add_section(Section(60, "documents", LABELS["documents"], "cases:documents"))
register_section("plan", url_name="cases:measures", index="cases:list", index_for=may_search)
register_section("documents", url_name="cases:documents", index="cases:list", index_for=may_search)


@add_panel
def voice_panel(viewer: Viewer) -> Panel:
    """The newest words of the child that the viewer sees. One statement."""
    said = [voice for voice in voices_of(viewer).rows if voice.speaker == "child" and not voice.in_error]
    voice: ChildVoice | None = said[0] if said else None
    return Panel(40, "cases/_panel_voices.html", {"voice": voice})


@add_panel
def measure_panel(viewer: Viewer) -> Panel:
    """Measures, the latest begun first. One statement."""
    rows = [row for row in measures_of(viewer).rows if not row.in_error]
    return Panel(50, "cases/_panel_measures.html", {"rows": rows[::-1][:MOST], "looks": LOOKS})


@add_panel
def document_panel(viewer: Viewer) -> Panel | None:
    """The newest documents, in the side column. One statement."""
    rows = [row.document for row in documents_of(viewer).rows if row.readable and not row.document.in_error]
    if not rows:
        return None
    return Panel(50, "cases/_panel_documents.html", {"rows": rows[:MOST]}, column="side")


@add_entries
def from_consents(viewer: Viewer) -> Iterable[Entry]:
    """Decisions recorded and withdrawn. One statement."""
    rows = Consent.objects.filter(case=viewer.case).select_related("service", "recorded_by", "withdrawn_by")
    page = reverse("cases:consents", args=[viewer.case.pk])
    for row in rows:
        title = str(SAID[Consent.Decision(row.decision)])
        url = f"{page}#samtykke-{row.pk}"
        yield _entry(
            row, title if not row.in_error else _("%(title)s (feilregistrert)") % {"title": title}, "consent", url
        )
        if row.withdrawn_at and row.withdrawn_by:
            yield Entry(
                at=row.withdrawn_at,
                title=_("Samtykket er trukket tilbake") if row.decision == "given" else _("Et nei gjelder ikke lenger"),
                who=row.withdrawn_by.name,
                icon="ArrowUndo",
                kind="consent",
                url=url,
            )


@add_entries
def from_content(viewer: Viewer) -> Iterable[Entry]:
    """Measures, words and documents that the viewer sees. One statement."""
    measures, voices, documents = content_of(viewer)
    yield from _measures(viewer, measures.rows)
    yield from _voices(viewer, voices.rows)
    yield from _documents(viewer, documents.rows)


def _measures(viewer: Viewer, rows: Iterable[Measure]) -> Iterable[Entry]:
    """Begun and evaluated."""
    page = reverse("cases:measures", args=[viewer.case.pk])
    for row in rows:
        if row.in_error:
            continue
        url = f"{page}#tiltak-{row.pk}"
        yield _entry(row, _("Tiltak: %(title)s") % {"title": row.title}, "content", url, icon="Tasklist")
        if row.evaluated_at and row.evaluated_by:
            title = _("Tiltak evaluert: %(title)s") % {"title": row.title}
            yield Entry(
                at=row.evaluated_at,
                title=title,
                who=row.evaluated_by.name,
                text=str(row.get_effect_display()),
                icon="ClipboardCheckmark",
                kind="content",
                url=url,
            )


def _voices(viewer: Viewer, rows: Iterable[ChildVoice]) -> Iterable[Entry]:
    """Words written down."""
    page = reverse("cases:voices", args=[viewer.case.pk])
    for row in rows:
        if not row.in_error:
            title = str(SPOKEN[row.speaker]) if row.words else _("Ord er ikke innhentet")
            yield _entry(row, title, "content", f"{page}#stemme-{row.pk}", icon="Chat")


def _documents(viewer: Viewer, rows: Iterable[DocumentRow]) -> Iterable[Entry]:
    """Documents that came."""
    page = reverse("cases:documents", args=[viewer.case.pk])
    for row in rows:
        if not row.document.in_error:
            title = row.document.title if row.readable else _("Forseglet dokument")
            told = _("Dokument: %(title)s") % {"title": title}
            yield _entry(row.document, told, "content", f"{page}#dokument-{row.document.pk}", icon="FileText")


def _entry(row: Any, title: str, kind: str, url: str, icon: str = "ClipboardCheckmark") -> Entry:
    return Entry(
        at=row.recorded_at,
        title=title,
        who=row.recorded_by.name,
        service=row.service.name,
        icon=icon,
        kind=kind,
        url=url,
    )
