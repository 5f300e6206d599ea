"""The last pass over the PDF: structure, links, metadata, attachments; equal input gives equal bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, Pdf, String

from portal.pdf.assets import ARABIC, SANS
from portal.pdf.structure import mend


@dataclass(frozen=True)
class PdfAttachment:
    """A file carried inside the PDF. `modified` must be aware; it is part of the bytes, so pass a stored time."""

    name: str
    body: bytes
    mime: str
    description: str
    modified: datetime
    relationship: Literal["Source", "Data", "Alternative", "Supplement", "Unspecified"] = "Unspecified"


_NAMESPACE = re.compile(rb' xmlns:\w+="[^"]*"')
# PDF/A-3 knows only its own schemas: the PDF/UA mark is declared before it is used.
_UA_MARK = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def finish(
    raw: bytes, *, links: Mapping[str, str], attachments: Sequence[PdfAttachment]
) -> tuple[bytes, int, list[str]]:
    """Return the finished file, its number of pages, and the names of fonts that are not ours (should be none)."""
    with Pdf.open(io.BytesIO(raw)) as pdf:
        mend(pdf)
        _describe_links(pdf, links)
        pdf.Root.Metadata.write(_describe_file(pdf.Root.Metadata.read_bytes()))
        _attach(pdf, attachments)
        foreign = sorted(name for name in _fonts(pdf) if not _is_ours(name))
        # WeasyPrint's identifier differs from process to process; without one, pikepdf derives it from the content.
        if "/ID" in pdf.trailer:
            del pdf.trailer["/ID"]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue(), len(pdf.pages), foreign


def _describe_file(xmp: bytes) -> bytes:
    """WeasyPrint's XMP with the PDF/UA mark added and each name space declared where it is used.

    Declared once at the top is just as right, but some validators (PDFBox) look only at the description itself.
    """
    declared = b"".join(
        found for found in _NAMESPACE.findall(xmp) if not found.startswith((b" xmlns:rdf", b" xmlns:x="))
    )
    described = xmp.replace(b'<rdf:Description rdf:about=""', b'<rdf:Description rdf:about=""' + declared)
    return described.replace(b"</rdf:RDF>", _UA_MARK, 1)


def _describe_links(pdf: Pdf, links: Mapping[str, str]) -> None:
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", Array()):
            target = str(annotation.get("/Contents", ""))
            words = links.get(target) or links.get(f"#{target}")
            if words:
                annotation.Contents = String(words)


def _attach(pdf: Pdf, attachments: Sequence[PdfAttachment]) -> None:
    for attachment in attachments:
        moment = attachment.modified.strftime("D:%Y%m%d%H%M%S%z")
        moment = f"{moment[:-2]}'{moment[-2:]}'"
        pdf.attachments[attachment.name] = AttachedFileSpec(
            pdf,
            attachment.body,
            description=attachment.description or attachment.name,
            filename=attachment.name,
            mime_type=attachment.mime,
            creation_date=moment,
            mod_date=moment,
        )
        pdf.attachments[attachment.name].relationship = Name(f"/{attachment.relationship}")
    if attachments:
        pdf.Root.AF = Array([pdf.attachments[attachment.name].obj for attachment in attachments])


def _fonts(pdf: Pdf) -> Iterator[str]:
    """Names of all fonts in use; one that is not embedded gets a `!`, which is never ours."""
    seen: set[tuple[int, int]] = set()
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and Name.BaseFont in item:
            for font in item.get("/DescendantFonts", Array([item])):
                if font.objgen not in seen:
                    seen.add(font.objgen)
                    yield str(font.BaseFont) + ("" if _is_embedded(font) else "!")


def _is_embedded(font: Object) -> bool:
    descriptor = font.get("/FontDescriptor", Dictionary())
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _is_ours(name: str) -> bool:
    family = name.removeprefix("/").partition("+")[2].replace("-", " ")
    return family.startswith((SANS, ARABIC)) and not name.endswith("!")
