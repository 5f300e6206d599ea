"""The one reach into WeasyPrint's private API: what only the HTML knows is written onto the structure element.

`weasyprint.pdf.tags._build_box_tree` never writes `lang`, the scope of a header cell or the kind of a list, and nothing
in the finished file tells them. All else is done on the finished file (`structure.py`). A test pins the function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.pdf import tags

SOURCE_KEY = "PortalSource"
_NUMBERING = {"ol": "/Decimal", "ul": "/Disc"}
_original = tags._build_box_tree


def _build_box_tree(box: Any, parent: Any, *rest: Any) -> Iterator[Any]:
    element = box.element if hasattr(box, "element") else None
    for node in _original(box, parent, *rest):
        if element is not None and box.element_tag == element.tag:
            _describe(node, element)
        yield node


def _describe(node: Any, element: Any) -> None:
    kind = node["S"]
    if element.get("lang") and element.tag != "html":
        node["Lang"] = pydyf.String(element.get("lang"))
    if kind == "/TH" and "A" in node:
        node["A"]["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"
    elif kind == "/L" and element.tag in _NUMBERING:
        node["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": _NUMBERING[element.tag]})
    # Boxes of one element on two pages carry one number, so that they can be joined again.
    node[SOURCE_KEY] = id(element)


def install() -> None:
    """Wrap WeasyPrint's tag builder, once."""
    if tags._build_box_tree is not _build_box_tree:
        tags._build_box_tree = _build_box_tree
