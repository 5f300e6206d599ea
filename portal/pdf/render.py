"""HTML to PDF, the one entrance of the package."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock

from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from portal.pdf import tagging
from portal.pdf.assets import DRAFT_CSS, AssetFetcher, PdfAssetMissing, document_assets
from portal.pdf.finish import PdfAttachment, finish
from portal.pdf.markup import prepare
from portal.pdf.text import clean_markup

__all__ = ["PdfAssetMissing", "PdfAttachment", "PdfWarning", "RenderedPdf", "render_pdf"]

BASE_URL = "asset:"
VARIANT = "pdf/a-3a"
# Layout shares one font configuration (a second one costs seconds) and Pango's is not thread-safe.
_lock = Lock()


class PdfWarning(RuntimeError):
    """WeasyPrint complained, or a font that is not ours was drawn with: the file must not be stored.

    `details` may quote the document and so hold a person's data; the message never does.
    """

    def __init__(self, details: Sequence[str]) -> None:
        super().__init__(f"PDF rendering gave {len(details)} warning(s); the file was thrown away")
        self.details = tuple(details)


@dataclass(frozen=True)
class RenderedPdf:
    """A finished file. `warnings`: one line per code point no font of ours has, shown in the text as `[tegn U+…]`."""

    pdf: bytes
    sha256: str
    pages: int
    warnings: tuple[str, ...]


def render_pdf(
    html: str,
    *,
    title: str,
    lang: str = "nb",
    draft: bool = False,
    attachments: Sequence[PdfAttachment] = (),
) -> RenderedPdf:
    """Render a complete HTML document as PDF/A-3a with PDF/UA-1 identification.

    `lang` (BCP 47) and `title` become those of the file, whatever the HTML says; `draft` puts the watermark on every
    page. Style sheets and fonts are `asset:` addresses only. Equal arguments give equal bytes: the creation date is
    the HTML's `<meta name="dcterms.created">`. Raises `PdfWarning` and `PdfAssetMissing`.
    """
    tagging.install()
    with _lock, translation.override(lang), _listening() as complaints:
        assets = document_assets()
        fetcher = AssetFetcher(assets)
        fonts = _font_configuration()
        page = HTML(string=clean_markup(html), base_url=BASE_URL, url_fetcher=fetcher)
        replaced, links = prepare(page.etree_element, title=title, lang=lang)
        sheets = [assets["asset:fonts.css"].body.decode()] + ([DRAFT_CSS] if draft else [])
        styles = [CSS(string=sheet, base_url=BASE_URL, url_fetcher=fetcher, font_config=fonts) for sheet in sheets]
        options = {"pdf_variant": VARIANT}
        document = page.render(font_config=fonts, stylesheets=styles, **options)
        with warnings.catch_warnings():
            # WeasyPrint leaves its colour profile's file to be closed by the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            raw = document.write_pdf(**options)
    if complaints:
        raise PdfWarning(complaints)
    pdf, pages, foreign = finish(raw, links=links, attachments=attachments)
    if foreign:
        raise PdfWarning([f"font {name}" for name in foreign])
    notes = tuple(f"{code} ×{count}" for code, count in sorted(replaced.items()))
    return RenderedPdf(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), pages=pages, warnings=notes)


@cache
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect what WeasyPrint and fontTools log, and let none of it through: it can quote the document."""
    heard: list[str] = []

    def take(record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            heard.append(record.getMessage())
        return False

    loggers = [logging.getLogger(name) for name in ("weasyprint", "weasyprint.progress")]
    for logger in loggers:
        logger.addFilter(take)
    try:
        yield heard
    finally:
        for logger in loggers:
            logger.removeFilter(take)
