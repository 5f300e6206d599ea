"""The finished PDF, database and all, against WeasyPrint alone on the same finished HTML."""

import statistics
import time
import warnings
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from weasyprint import CSS, HTML

from portal.context import portal_context, system_actor
from portal.pdf.assets import AssetFetcher, document_assets
from portal.pdf.render import BASE_URL, VARIANT, _font_configuration
from portal.pdf.tagging import install
from referrals.models import RenderedDocument, Snapshot
from referrals.tasks import render_document


@dataclass(frozen=True)
class Rendered:
    """Seconds of the portal's rendering task and of WeasyPrint alone, medians of as many runs, and the document's
    pages."""

    pages: int
    portal: float
    weasyprint: float

    @property
    def ratio(self) -> float:
        """The whole over WeasyPrint alone."""
        return self.portal / self.weasyprint


def compare(runs: int) -> Rendered:
    """Renders the longest referral that was sent, in turn as the worker does it and with WeasyPrint alone."""
    snapshot = max(Snapshot.objects.order_by("frozen_at")[:40], key=lambda one: len(str(one.content)))
    finished = render_to_string("pdf/referral.html", {"s": snapshot.content})
    ours, theirs, pages = [], [], 0
    # The first of each loads fonts.
    for turn in range(runs + 1):
        started = time.perf_counter()
        pages = as_the_worker_does(snapshot)
        between = time.perf_counter()
        weasyprint_alone(finished)
        if turn:
            ours.append(between - started)
            theirs.append(time.perf_counter() - between)
    return Rendered(pages, statistics.median(ours), statistics.median(theirs))


def as_the_worker_does(snapshot: Snapshot) -> int:
    """The task from fetching the snapshot to the stored document, which is then rolled back. Returns the pages."""
    with portal_context(system_actor("bench")):
        render_document.run(str(snapshot.pk))
        pages = RenderedDocument.objects.get(snapshot=snapshot).pages
        transaction.set_rollback(True)
    return int(pages)


def weasyprint_alone(finished: str) -> bytes:
    """WeasyPrint as its manual says, with the same fonts, style sheets and kind of PDF, and nothing of ours after
    it."""
    install()
    assets = document_assets()
    fetcher, fonts = AssetFetcher(assets), _font_configuration()
    sheet = CSS(
        string=assets["asset:fonts.css"].body.decode(), base_url=BASE_URL, url_fetcher=fetcher, font_config=fonts
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        made: bytes = HTML(string=finished, base_url=BASE_URL, url_fetcher=fetcher).write_pdf(
            font_config=fonts, stylesheets=[sheet], pdf_variant=VARIANT
        )
    return made
