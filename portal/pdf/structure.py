"""The finished structure tree, mended: WeasyPrint tags page by page, a reader wants the document.

Works on the PDF alone (pikepdf). Elements cut by a page break are joined again, repeated table heads and the running
header and footer become artifacts, and the tree gets the indexes PDF/UA asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

from portal.pdf.tagging import SOURCE_KEY

_SOURCE = f"/{SOURCE_KEY}"
_MARK = re.compile(rb"/\w+\s*<<\s*/MCID (\d+)\s*>>\s*BDC")
_ARTIFACT = b"/Artifact <</Type /Pagination>> BDC"


def mend(pdf: Pdf) -> None:
    """Join what page breaks cut, turn orphans into artifacts and write parent tree, ID tree and figure boxes."""
    tree = pdf.Root.StructTreeRoot
    renamed: dict[bytes, bytes] = {}
    for child in tree.K:
        _join(child, renamed)
    elements = [element for child in tree.K for element in _walk(child)]
    for element in elements:
        _tidy(element, renamed)
    _rebuild_parents(pdf, elements)
    ids = sorted(((bytes(element.ID), element) for element in elements if Name.ID in element), key=lambda pair: pair[0])
    if ids:
        names = Array([part for key, element in ids for part in (String(key), element)])
        limits = Array([String(ids[0][0]), String(ids[-1][0])])
        leaf = pdf.make_indirect(Dictionary(Names=names, Limits=limits))
        tree.IDTree = pdf.make_indirect(Dictionary(Kids=Array([leaf])))


def _is_element(kid: Object) -> bool:
    return isinstance(kid, Dictionary) and Name.S in kid


def _walk(element: Object) -> Iterator[Object]:
    yield element
    for kid in element.K:
        if _is_element(kid):
            yield from _walk(kid)


def _join(element: Object, renamed: dict[bytes, bytes]) -> None:
    """Make one element of neighbours that come from one HTML element, depth first."""
    kept: list[Any] = []
    heads: dict[int, Object] = {}
    for kid in element.K:
        if not _is_element(kid):
            kept.append(kid)
            continue
        source = int(kid[_SOURCE]) if _SOURCE in kid else 0
        if str(kid.S) == "/THead":
            if source in heads:
                renamed.update(_pair_ids(heads[source], kid))
                continue
            heads[source] = kid
        last = kept[-1] if kept and _is_element(kept[-1]) else None
        if last is not None and source and _continues(last, kid, source):
            _absorb(last, kid)
        else:
            kept.append(kid)
    element.K = Array(kept)
    for kid in kept:
        if _is_element(kid):
            _join(kid, renamed)


def _continues(last: Object, kid: Object, source: int) -> bool:
    if last.S != kid.S or _SOURCE not in last or int(last[_SOURCE]) != source:
        return False
    return last.get("/PortalEnd", last.Pg).objgen != kid.Pg.objgen


def _absorb(first: Object, second: Object) -> None:
    kids = list(first.K)
    for kid in second.K:
        if _is_element(kid):
            kid.P = first
            kids.append(kid)
        elif isinstance(kid, int):
            kids.append(Dictionary(Type=Name.MCR, Pg=second.Pg, MCID=kid))
        else:
            kids.append(kid)
    first.K = Array(kids)
    first["/PortalEnd"] = second.get("/PortalEnd", second.Pg)


def _pair_ids(first: Object, second: Object) -> dict[bytes, bytes]:
    """IDs of a repeated table head, each with that of the same cell in the first one."""
    ids = [[bytes(cell.ID) for cell in _walk(head) if Name.ID in cell] for head in (first, second)]
    return dict(zip(ids[1], ids[0], strict=False))


def _tidy(element: Object, renamed: dict[bytes, bytes]) -> None:
    for key in (_SOURCE, "/PortalEnd"):
        if key in element:
            del element[key]
    if Name.A not in element:
        return
    if Name.Headers in element.A:
        headers = [bytes(header) for header in element.A.Headers]
        if headers:
            unique = dict.fromkeys(renamed.get(header, header) for header in headers)
            element.A.Headers = Array([String(header) for header in unique])
        else:
            del element.A["/Headers"]
    if str(element.S) == "/Figure" and Name.BBox in element.A:
        left, top, right, bottom = (float(value) * 0.75 for value in element.A.BBox)
        height = float(element.Pg.MediaBox[3])
        element.A.BBox = Array([round(value, 3) for value in (left, height - bottom, right, height - top)])


def _rebuild_parents(pdf: Pdf, elements: list[Object]) -> None:
    """Write the parent tree anew from the tree; marked content nobody owns becomes a pagination artifact."""
    owners: dict[Any, dict[int, Object]] = {page.objgen: {} for page in pdf.pages}
    objects: dict[int, Object] = {}
    for element in elements:
        for kid in element.K:
            if isinstance(kid, int):
                owners[element.Pg.objgen][kid] = element
            elif kid.get("/Type") == Name.MCR:
                owners[kid.Pg.objgen][int(kid.MCID)] = element
            elif kid.get("/Type") == Name.OBJR:
                objects[int(kid.Obj.StructParent)] = element
    nums: list[Any] = []
    for page in pdf.pages:
        owned = owners[page.objgen]
        _mark_artifacts(page, owned)
        # Content nobody owns comes last or first on the page; a gap is null, as the standard has it.
        row = [owned.get(number) for number in range(max(owned, default=-1) + 1)]
        nums += [int(page.obj.StructParents), pdf.make_indirect(Array(row))]
    for number, element in sorted(objects.items()):
        nums += [number, element]
    pdf.Root.StructTreeRoot.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(nums)))
    pdf.Root.StructTreeRoot.ParentTreeNextKey = len(nums) // 2


def _mark_artifacts(page: Page, owned: dict[int, Object]) -> None:
    stream = page.obj.Contents
    content = stream.read_bytes()
    mended = _MARK.sub(lambda found: found[0] if int(found[1]) in owned else _ARTIFACT, content)
    if mended != content:
        stream.write(mended)
