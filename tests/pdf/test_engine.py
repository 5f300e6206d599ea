"""The engine: archival and accessible by claim, closed to the world, and loud when something is off."""

from __future__ import annotations

import hashlib
import inspect
import io
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from weasyprint.pdf import tags

from portal.pdf import assets, tagging
from portal.pdf.render import PdfAssetMissing, PdfAttachment, PdfWarning, RenderedPdf, render_pdf
from portal.templatetags.document import paragraphs
from tests.pdf.conftest import elements, texts

PINNED = "f716251a83e7096e9cae972b63e633aab21c664d200582166dd0d5096780f9c4"
MOMENT = datetime(2026, 3, 4, 8, 14, tzinfo=UTC)


def page(body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>x</title>'
        f'<link rel="stylesheet" href="asset:page.css">{head}</head><body><h1>Tittel</h1>{body}</body></html>'
    )


def opened(rendered: RenderedPdf) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(rendered.pdf))


def test_claims_pdf_a_3a_and_pdf_ua_1(ordinary: RenderedPdf) -> None:
    with opened(ordinary) as pdf:
        xmp = pdf.open_metadata()
        raw = pdf.Root.Metadata.read_bytes()
        assert xmp.pdfa_status == "3A"
        assert xmp["pdfuaid:part"] == "1"
        assert b"pdfaExtension:schemas" in raw
        assert raw.count(b"<rdf:RDF") == 1
        assert str(pdf.docinfo.Title) == xmp["dc:title"] == "Samordnet henvisning NT-2026-004217-K"
        assert str(pdf.Root.Lang) == "nb"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert all(sheet.obj.Tabs == "/S" for sheet in pdf.pages)


def test_all_fonts_are_ours_embedded_and_readable(forty: RenderedPdf) -> None:
    with opened(forty) as pdf:
        fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
        composite = [font for font in fonts if "/DescendantFonts" in font]
        assert {str(font.BaseFont).partition("+")[2] for font in composite} >= {"Portal-Inter", "Portal-Vazirmatn"}
        for font in composite:
            assert "/ToUnicode" in font
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor


def test_no_page_draws_the_missing_glyph(forty: RenderedPdf) -> None:
    with opened(forty) as pdf:
        for sheet in pdf.pages:
            for operands, operator in pikepdf.parse_content_stream(sheet):
                if str(operator) in ("Tj", "TJ"):
                    parts = operands[0] if str(operator) == "TJ" else operands
                    drawn = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                    assert b"\0\0" not in {drawn[i : i + 2] for i in range(0, len(drawn), 2)}


def test_header_and_footer_are_artifacts_and_all_else_is_tagged(ordinary: RenderedPdf) -> None:
    with opened(ordinary) as pdf:
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        rows = {int(nums[i]): nums[i + 1] for i in range(0, len(nums), 2)}
        for sheet in pdf.pages:
            content = sheet.obj.Contents.read_bytes()
            marked = content.count(b"MCID")
            assert marked == len([owner for owner in rows[int(sheet.obj.StructParents)] if owner is not None])
            assert content.count(b"/Artifact <</Type /Pagination>> BDC") >= 2


def simple() -> RenderedPdf:
    file = PdfAttachment(name="a.json", body=b"{}", mime="application/json", description="Data", modified=MOMENT)
    return render_pdf(page("<p>Čohkkán ليلى</p>"), title="To ganger", attachments=[file])


def test_same_html_gives_same_bytes_in_another_process() -> None:
    program = (
        "import django; django.setup(); from tests.pdf.test_engine import simple; import sys; "
        "sys.stdout.write(simple().sha256)"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONHASHSEED": "42"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout == simple().sha256


def test_attachments_come_back_byte_for_byte() -> None:
    files = [
        PdfAttachment(
            name="henvisning.json",
            body='{"navn": "Ánná"}'.encode(),
            mime="application/json",
            description="Henvisningen som data",
            modified=MOMENT,
            relationship="Source",
        ),
        PdfAttachment(name="bilde æ.png", body=bytes(range(256)), mime="image/png", description="", modified=MOMENT),
    ]
    with opened(render_pdf(page("<p>Hei</p>"), title="Med vedlegg", attachments=files)) as pdf:
        for file in files:
            spec = pdf.attachments[file.name]
            assert spec.get_file().read_bytes() == file.body
            assert spec.get_file().mime_type == file.mime
            assert spec.obj.AFRelationship == f"/{file.relationship}"
        assert len(pdf.Root.AF) == len(files)


@pytest.mark.parametrize(
    "hostile",
    [
        '<img alt="x" src="https://example.org/x.png">',
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'/>">',
        '<img alt="x" src="asset:../../settings.py">',
        '<link rel="stylesheet" href="http://example.org/x.css">',
        '<style>@import url("file:///etc/passwd");</style>',
        '<style>@font-face { font-family: x; src: url("file:///etc/passwd") }</style><p style="font-family: x">x</p>',
        '<object data="file:///etc/hostname">x</object>',
        '<embed src="file:///etc/hostname">',
    ],
)
def test_nothing_outside_the_assets_is_ever_read(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("left the document")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    with pytest.raises(PdfWarning):
        render_pdf(page(hostile), title="Fiendtlig")


def test_a_link_can_neither_carry_a_file_nor_run_code() -> None:
    body = (
        '<a rel="attachment" href="file:///etc/hostname">fil</a> <a href="javascript:alert(1)">kode</a> '
        '<a href="file:///etc/hostname">sti</a> <a href="http://example.org/">http</a> '
        '<a href="https://www.helsenorge.no/">Helsenorge</a> <a href="tel:113">113</a>'
    )
    with opened(render_pdf(page(body, '<link rel="attachment" href="file:///etc/hostname">'), title="Lenker")) as pdf:
        links = [(str(link.A.URI), str(link.Contents)) for link in pdf.pages[0].obj.Annots]
        assert links == [("https://www.helsenorge.no/", "Helsenorge"), ("tel:113", "113")]
        assert len(pdf.attachments) == 0


def test_a_complaint_stops_the_file_and_says_nothing_of_the_document(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(PdfWarning) as caught:
        render_pdf(page('<img src="https://example.org/Kari">'), title="Hemmelig")
    assert "Kari" not in str(caught.value)
    assert "Kari" in " ".join(caught.value.details)
    assert "Kari" not in caplog.text


def test_missing_fonts_say_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets.finders, "find", lambda path: None)
    with pytest.raises(PdfAssetMissing, match="bin/setup"):
        assets.document_assets.__wrapped__() if hasattr(assets.document_assets, "__wrapped__") else assets._read(
            "x.woff2"
        )


def test_the_private_function_we_wrap_is_the_one_we_read() -> None:
    """WeasyPrint changed: read `weasyprint/pdf/tags.py` again, then portal/pdf/tagging.py, then move this pin."""
    source = inspect.getsource(tagging._original)
    assert weasyprint.__version__.startswith("70.")
    assert tags.__name__ == "weasyprint.pdf.tags"
    assert hashlib.sha256(source.encode()).hexdigest() == PINNED


def test_languages_and_lists_inside_the_text_are_named() -> None:
    body = (
        '<p lang="sma">Göökte</p><p dir="auto">ابنتي لا تنام</p><p dir="auto">Погано спить</p><p dir="auto">Norsk</p>'
        "<ul><li>a</li></ul><ol><li>b</li></ol>"
    )
    with opened(render_pdf(page(body), title="Språk")) as pdf:
        found = elements(pdf)
        named = [str(node.Lang) for node in found if node.S == "/P" and "/Lang" in node]
        lists = [str(node.A.ListNumbering) for node in found if node.S == "/L"]
    assert named == ["sma", "und-Arab", "und-Cyrl"]
    assert lists == ["/Disc", "/Decimal"]


def test_a_figure_has_its_place_and_words_and_is_not_smoothed() -> None:
    picture = '<img alt="Et merke" src="asset:draft.svg" style="width: 100px; height: 50px">'
    with opened(render_pdf(page(picture), title="Bilde")) as pdf:
        figure = next(node for node in elements(pdf) if node.S == "/Figure")
        left, bottom, right, top = (float(value) for value in figure.A.BBox)
        assert (round(right - left), round(top - bottom)) == (75, 38)
        assert 0 < bottom < top < float(pdf.pages[0].obj.MediaBox[3])
        assert str(figure.Alt) == "Et merke"
        assert b"/Interpolate true" not in pdf.Root.StructTreeRoot.unparse()


def test_weird_input_is_printed_and_reported() -> None:
    text = "Nul\0 slutt\ud800 😀 ትግ \u202eomvendt\u202c"
    rendered = render_pdf(page(f"<p>{text}</p>"), title="Rart")
    shown = " ".join(texts(rendered.pdf))
    assert "Nul slutt[tegn U+D800] [tegn U+1F600] [tegn U+1275 U+130D] omvendt" in shown
    assert rendered.warnings == ("U+1275 ×1", "U+130D ×1", "U+1F600 ×1")


def test_two_hundred_thousand_characters_come_out_whole() -> None:
    text = "z" * 100_000 + "\n\n" + "Dette er en setning uten slutt " * 3225
    sheet = '<link rel="stylesheet" href="asset:document.css">'
    rendered = render_pdf(page(paragraphs(text), sheet).replace("<body>", '<body class="doc">'), title="Langt")
    drawn = "".join("".join(texts(rendered.pdf)).split())
    assert drawn.count("z") == text.count("z")
    assert drawn.count("setning") == text.count("setning")
