"""Each document is rendered once a session: layout is the slow part."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdf
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from portal.pdf.render import RenderedPdf, render_pdf
from tests.pdf import sample

Walk = Callable[[pikepdf.Pdf], list[pikepdf.Object]]


def html_of(snapshot: dict[str, Any]) -> str:
    with translation.override(snapshot["lang"]):
        return render_to_string("pdf/referral.html", {"s": snapshot})


def render(snapshot: dict[str, Any], **options: Any) -> RenderedPdf:
    title = f"Samordnet henvisning {snapshot['reference']}"
    return render_pdf(
        html_of(snapshot), title=title, lang=snapshot["lang"], draft=snapshot["status"] == "draft", **options
    )


def texts(pdf: bytes) -> list[str]:
    """The text of each page, white space as single spaces."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """All structure elements, in reading order."""

    def walk(node: pikepdf.Object) -> list[pikepdf.Object]:
        kids = [kid for kid in node.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        return [node, *(found for kid in kids for found in walk(kid))]

    return [found for kid in pdf.Root.StructTreeRoot.K for found in walk(kid)]


@pytest.fixture(scope="session")
def ordinary() -> RenderedPdf:
    return render(sample.sample())


@pytest.fixture(scope="session")
def forty() -> RenderedPdf:
    return render(sample.big(40))


@pytest.fixture(scope="session")
def guarded() -> RenderedPdf:
    return render(sample.guarded())


@pytest.fixture(scope="session")
def draft() -> RenderedPdf:
    return render(sample.empty())
