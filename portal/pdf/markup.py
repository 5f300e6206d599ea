"""The parsed HTML before layout: title, language, direction, drawable text and links that are safe to keep."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element, SubElement

from portal.pdf.text import direction, printable, script_language

_SAFE_HREF = re.compile(r"(?:#|https://|mailto:|tel:)", re.IGNORECASE)
_ATTRIBUTES = ("alt", "title", "content", "aria-label")


def prepare(root: Element, *, title: str, lang: str) -> tuple[Counter[str], dict[str, str]]:
    """Change the tree in place; return replaced code points and, for each link target, the words of its link.

    Sets `<html lang>` and `<title>`, resolves `dir="auto"`, names the script of non-Latin passages, replaces
    characters no font has, and takes away link targets other than https, mailto, tel and `#`.
    """
    root.set("lang", lang)
    _set_title(root, title)
    replaced: Counter[str] = Counter()
    links: dict[str, str] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.text:
            element.text = printable(element.text, replaced)
        if element.tail:
            element.tail = printable(element.tail, replaced)
        for name in (*_ATTRIBUTES, *(key for key in element.attrib if key.startswith("data-"))):
            if name in element.attrib:
                element.set(name, printable(element.attrib[name], replaced))
    for element in root.iter():
        if isinstance(element.tag, str):
            _resolve_direction(element)
            _check_link(element, links)
    return replaced, links


def _set_title(root: Element, title: str) -> None:
    head = root.find("head")
    if head is None:
        head = Element("head")
        root.insert(0, head)
    element = head.find("title")
    if element is None:
        element = SubElement(head, "title")
    element.text = " ".join(title.split())


def _resolve_direction(element: Element) -> None:
    if element.get("dir", "").lower() != "auto":
        return
    text = "".join(element.itertext())
    element.set("dir", direction(text))
    if not element.get("lang") and (language := script_language(text)):
        element.set("lang", language)


def _check_link(element: Element, links: dict[str, str]) -> None:
    if "attachment" in element.get("rel", "").lower():
        del element.attrib["rel"]
        element.attrib.pop("href", None)
    href = element.get("href")
    if href is None or element.tag not in ("a", "area"):
        return
    if not _SAFE_HREF.match(href):
        del element.attrib["href"]
    elif words := " ".join("".join(element.itertext()).split()):
        links.setdefault(href, words)
