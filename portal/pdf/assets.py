"""Everything a PDF may be made of: our fonts and style sheets, served from memory under `asset:` and nowhere else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

from django.contrib.staticfiles import finders
from django.utils.html import escape
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from weasyprint.urls import URLFetcher, URLFetcherResponse

SANS = "Portal Inter"
ARABIC = "Portal Vazirmatn"


@dataclass(frozen=True)
class Face:
    """One font file. Each family is one full file per weight: subset files sharing a name print garbage."""

    family: str
    path: str
    weight: int
    style: str = "normal"

    @property
    def url(self) -> str:
        return f"asset:fonts/{Path(self.path).stem}.ttf"


FACES = (
    Face(SANS, "vendor/inter-ui/Inter-Regular.woff2", 400),
    Face(SANS, "vendor/inter-ui/Inter-Italic.woff2", 400, "italic"),
    Face(SANS, "vendor/inter-ui/Inter-SemiBold.woff2", 600),
    Face(SANS, "vendor/inter-ui/Inter-Bold.woff2", 700),
    Face(ARABIC, "vendor/fontsource-vazirmatn/vazirmatn-arabic-400-normal.woff2", 400),
    Face(ARABIC, "vendor/fontsource-vazirmatn/vazirmatn-arabic-700-normal.woff2", 700),
)
STYLESHEETS = ("pdf/page.css", "pdf/document.css")


class PdfAssetMissing(RuntimeError):
    """A font or style sheet the PDF is made of is not on this machine."""


class PdfFetchDenied(ValueError):
    """Something in the HTML asked for an address outside the engine's own assets."""


@dataclass(frozen=True)
class Asset:
    body: bytes
    mime: str


class AssetFetcher(URLFetcher):
    """Serves a dictionary. No network, no file system, no `data:`: the HTML cannot reach anything else."""

    def __init__(self, assets: dict[str, Asset]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)
        self.assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return the asset under exactly this address; raises `PdfFetchDenied` for every other."""
        asset = self.assets.get(url)
        if asset is None:
            self._deny()
        return URLFetcherResponse(url, asset.body, {"Content-Type": asset.mime})

    @staticmethod
    def _deny() -> NoReturn:
        # The address is not repeated: it may hold a person's data.
        raise PdfFetchDenied("only the document's own assets can be used in a PDF")


def _read(path: str) -> bytes:
    found = finders.find(path)
    if not isinstance(found, str):
        raise PdfAssetMissing(
            f"The PDF needs static/{path}, which is not there. Run bin/setup: it installs fonts and style sheets."
        )
    return Path(found).read_bytes()


@cache
def _fonts() -> dict[str, TTFont]:
    return {face.url: TTFont(io.BytesIO(_read(face.path)), recalcTimestamp=False) for face in FACES}


@cache
def font_assets() -> dict[str, Asset]:
    """Fonts as plain TTF (unpacked once a process: WeasyPrint would unpack woff2 for each configuration)."""
    assets = {}
    for url, font in _fonts().items():
        font.flavor = None
        out = io.BytesIO()
        font.save(out, reorderTables=False)
        assets[url] = Asset(out.getvalue(), "font/ttf")
    return assets


@cache
def covered() -> frozenset[int]:
    """Code points every weight and style of one of our families can draw."""
    families: dict[str, set[int]] = {}
    fonts = _fonts()
    for face in FACES:
        points = set(fonts[face.url].getBestCmap())
        families[face.family] = families.get(face.family, points) & points
    return frozenset().union(*families.values())


def font_face_css() -> str:
    """The `@font-face` rules, in the order of `FACES`."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style};'
        f' src: url("{face.url}") format("truetype") }}'
        for face in FACES
    )


DRAFT_CSS = "@page { background: url(asset:draft.svg) center / 100% 100% no-repeat }"


def _draft_svg() -> str:
    """A4 page with the word across it: pale enough to read through, dark enough to survive a greyscale copy."""
    text = escape(_("UTKAST – ikke sendt"))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210mm" height="297mm">'
        f'<text x="105" y="158" transform="rotate(-54 105 148)" text-anchor="middle" font-family="{SANS}"'
        f' font-weight="700" font-size="27" fill="#e8e8e8">{text}</text></svg>'
    )


def document_assets() -> dict[str, Asset]:
    """All assets of one render: fonts, style sheets (read anew, so that editing needs no restart) and the watermark."""
    assets = dict(font_assets())
    for path in STYLESHEETS:
        assets[f"asset:{Path(path).name}"] = Asset(_read(path), "text/css")
    assets["asset:fonts.css"] = Asset(font_face_css().encode(), "text/css")
    assets["asset:draft.svg"] = Asset(_draft_svg().encode(), "image/svg+xml")
    return assets
