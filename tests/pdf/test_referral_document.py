"""The coordinated referral on paper: whole, in order, readable (issue: "PDF of the coordinated referral")."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from itertools import pairwise

import pikepdf
import pytest
from django.template.loader import render_to_string

from portal.pdf.render import RenderedPdf
from tests.pdf import sample
from tests.pdf.conftest import elements, html_of, render, texts


def test_forty_contributions_come_out_whole_and_in_order(forty: RenderedPdf) -> None:
    text = " ".join(texts(forty.pdf))
    places = [
        text.index(f"Bidrag nummer {number} {end} her.") for number in range(1, 41) for end in ("begynner", "slutter")
    ]
    assert places == sorted(places)
    assert forty.warnings == ()


def test_sami_and_cyrillic_text_comes_back_letter_by_letter(ordinary: RenderedPdf) -> None:
    text = " ".join(texts(ordinary.pdf))
    assert sample.SAMI in text
    assert sample.CYRILLIC in text


def test_arabic_text_comes_back_word_by_word(ordinary: RenderedPdf) -> None:
    text = " ".join(texts(ordinary.pdf))
    assert sample.ARABIC.strip(".") in text


@pytest.mark.parametrize("document", ["ordinary", "forty", "draft"])
def test_every_page_has_reference_and_page_number(document: str, request: pytest.FixtureRequest) -> None:
    rendered: RenderedPdf = request.getfixturevalue(document)
    pages = texts(rendered.pdf)
    assert len(pages) == rendered.pages
    for number, text in enumerate(pages, start=1):
        assert f"NT-2026-004217-K, versjon 2 side {number} av {len(pages)}" in text


def test_only_a_draft_is_watermarked(ordinary: RenderedPdf, draft: RenderedPdf) -> None:
    assert all("UTKAST – ikke sendt" in text for text in texts(draft.pdf))
    assert not any("UTKAST" in text or "Utkast" in text for text in texts(ordinary.pdf))
    with pikepdf.open(io.BytesIO(draft.pdf)) as pdf:
        content = pdf.pages[0].obj.Contents.read_bytes()
    # The watermark is drawn before all tagged content, inside an artifact.
    assert content.index(b"/Artifact") < content.index(b"MCID")


def test_headings_go_down_one_level_at_a_time(forty: RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(forty.pdf)) as pdf:
        levels = [int(str(found.S)[2:]) for found in elements(pdf) if re.fullmatch(r"/H\d", str(found.S))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert levels.count(3) >= 40


def test_bookmarks_lead_to_each_contribution(forty: RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(forty.pdf)) as pdf, pdf.open_outline() as outline:
        sections = outline.root[0].children
        assert [section.title for section in sections][:2] == ["Til og fra", "Hastegrad"]
        contributions = next(section for section in sections if section.title == "Bidrag fra tjenestene")
        assert len(contributions.children) == 40


def test_a_table_cut_by_page_breaks_is_one_table_with_one_head(forty: RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(forty.pdf)) as pdf:
        found = elements(pdf)
        tables = [table for table in found if table.S == "/Table"]
        rows = [len(walk_rows(table)) for table in tables]
        heads = [kid for table in tables for kid in table.K if kid.S == "/THead"]
    assert max(rows) == 31
    assert len(heads) == len([table for table in tables if table.K[0].S == "/THead"])


def walk_rows(table: pikepdf.Object) -> list[pikepdf.Object]:
    return [row for part in table.K for row in part.K if row.S == "/TR"]


def test_each_header_cell_says_what_it_heads(ordinary: RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(ordinary.pdf)) as pdf:
        found = elements(pdf)
        heads = [cell for cell in found if cell.S == "/TH"]
        cells = [cell for cell in found if cell.S == "/TD"]
        ids = {bytes(cell.ID) for cell in heads}
        known = {bytes(name) for name in list(pdf.Root.StructTreeRoot.IDTree.Kids[0].Names)[::2]}
        named = {bytes(name) for cell in cells if "/Headers" in cell.A for name in cell.A.Headers}
        assert {str(cell.A.Scope) for cell in heads} == {"/Row", "/Column"}
        assert all("/Headers" in cell.A for cell in cells)
    assert known == ids
    assert named <= ids


def test_an_empty_draft_says_what_is_missing(draft: RenderedPdf) -> None:
    text = " ".join(texts(draft.pdf))
    for words in ("Ufødt barn", "Ikke ferdigstilt ennå", "Ikke innhentet.", "Ingen begrunnelse er oppgitt."):
        assert words in text
    assert "None" not in text


def test_facts_about_guardians_stay_four_facts(ordinary: RenderedPdf) -> None:
    text = " ".join(texts(ordinary.pdf))
    for words in ("Foreldreansvar Delt", "Daglig omsorg Mor", "Hvem har samtykket Mor", "Barnevernets rolle Under"):
        assert words in text
    assert "Kontaktopplysninger er skjermet" in text


def test_what_protects_the_child_stands_first_and_reaches_nobody_it_must_not(guarded: RenderedPdf) -> None:
    """Given a protected child, a family that does not know and a blocked father, when printed, then the first page
    says so before anything else, and the mother can be reached by those who treat."""
    pages = texts(guarded.pdf)
    first, text = pages[0], " ".join(pages)
    warned = [first.index(words) for words in ("Gi det ikke til noen", "Familien er ikke informert.",
                                               "Skal ikke ha innsyn: Jon Østensen.", "Hastegrad")]  # fmt: skip
    assert warned == sorted(warned)
    for words in ("Barnet har fortalt om slag.", "900 00 001 Skal ikke gis videre", "Nei. Ikke ta kontakt"):
        assert words in text
    assert guarded.warnings == ()


def test_a_measure_is_told_whole_with_its_source(guarded: RenderedPdf) -> None:
    """Given measures that were stopped, one evaluated, when printed, then what, why, by whom and when all stand."""
    text = " ".join(" ".join(texts(guarded.pdf)).split())
    for words in ("Skolen møtte Ánná", "Stoppet: Den faste voksne sluttet", "(Berit Solbakken, 3. november 2025)",
                  "Berit Solbakken, Fjellvang skole, 1. september 2025"):  # fmt: skip
        assert words in text
    assert "Ikke evaluert" not in text


def test_child_and_family_have_a_part_each_and_copies_are_not_claimed(guarded: RenderedPdf) -> None:
    """Given words of both, when printed, then each has its heading; and the portal claims to have sent no copy."""
    text = " ".join(texts(guarded.pdf))
    assert text.index("Barnets egne ord") < text.index("Jeg vil at det") < text.index("Familiens ord")
    assert text.index("Familiens ord") < text.index("Vi er slitne.")
    assert "Portalen sender ingen kopi." in text


def test_copies_of_an_older_version_keep_the_words_they_were_sent_with() -> None:
    """Given a version made before it was told who sees to the copies, when printed, then nobody is put under it."""
    new, old, sentence = sample.guarded(), sample.guarded(), "Portalen sender ingen kopi."
    del old["copies_by"]
    assert sentence in html_of(new)
    assert sentence not in html_of(old)
    assert "Kopi til</h" in html_of(old)
    assert "Ingen kopi er registrert." in html_of({**old, "copies": []})
    assert "Ingen andre skal ha kopi." in html_of({**new, "copies": []})


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_document_language_is_the_snapshots(lang: str) -> None:
    rendered = render({**sample.empty(), "lang": lang})
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        assert str(pdf.Root.Lang) == lang


def test_long_names_stay_on_the_sheet() -> None:
    data = sample.sample()
    data["child"]["name"] = "Anne-Margrethe Kristoffersdatter " * 5 + "x" * 200
    data["contributions"] = data["contributions"] * 2
    data["contributions"][0]["service"] = "Tjenesten med det lange navnet " * 6
    assert render(data).warnings == ()


class Outline(HTMLParser):
    """Heading levels and ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.ids += [value or "" for name, value in attrs if name == "id"]


@pytest.mark.parametrize("level", [2, 3])
def test_the_preview_is_the_document_under_the_pages_own_headings(level: int) -> None:
    body = render_to_string("pdf/_referral_body.html", {"s": sample.big(6), "level": level})
    outline = Outline()
    outline.feed(body)
    assert outline.levels[0] == min(outline.levels) == level
    assert all(name.startswith("doc-") for name in outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    assert "style=" not in body
    words = " ".join(re.sub(r"<[^>]+>", " ", body).split())
    assert words in " ".join(re.sub(r"<[^>]+>", " ", html_of(sample.big(6))).split())


def test_what_people_write_is_never_markup() -> None:
    body = render_to_string(
        "pdf/_referral_body.html",
        {"s": {**sample.sample(), "questions": "<script>alert(1)</script>\n\n<b>"}, "level": 2},
    )
    assert "<script>" not in body
    assert "&lt;script&gt;" in body
