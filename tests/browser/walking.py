"""Finding the pages: from each person's start pages by following links, as somebody would who clicks everything."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404
from playwright.sync_api import APIRequestContext

# People who between them meet every page of the portal.
WALKERS = (
    "marte-eksempelmo", "jonas-tenkli", "henrik-eventyrvik", "astrid-modellmo", "anne-systemhaug", "sara-fabelnes",
    "hilde-oppspinn", "guro-drommeli", "nora-fiksjonsen", "kari-rammestad", "ragnhild-diktas", "berit-speilbilde",
    "magnus-luftslottet", "olav-skisseberg",
)  # fmt: skip
BEGINNINGS = (
    "/innboks/", "/saker/?vis=alle&q=Odin+Kjærvoll", "/saker/?vis=alle", "/saker/ny/", "/inntak/",
    "/inntak/?vis=avgjort", "/droftinger/", "/varsler/", "/tilganger/", "/brukere/", "/retningslinje/", "/tekster/",
    "/om/", "/rolle/",
)  # fmt: skip
# How many of each kind of page are looked at in search of links, by one person and by all together; more of those
# where what is there differs by state.
ENOUGH, ENOUGH_OF_ALL = (1, 16), (3, 44)
MANY = {
    "cases:case", "referrals:section", "referrals:assemble", "referrals:intake_referral", "referrals:document",
    "referrals:assess",
}  # fmt: skip
# Found, but not pages: files, and places that only pass on.
FILES = {"cases:document", "referrals:pdf", "referrals:text_file", "portal:home", "cases:bell"}
# Pages that the demo story has nobody standing on; each is another page's template with another title.
SAME_AS = {
    "cases:consent_notice": "reached from a notification alone",
    "cases:measure_start": "cases:measure_evaluate",
    "cases:merge": "cases:close",
    "referrals:new_version": "referrals:withdraw",
    "referrals:emergency_call": "referrals:emergency",
}


@dataclass(frozen=True)
class Found:
    """One page: the view's name, its address and who saw it."""

    view: str
    path: str
    who: str


def walk(who: str, get: APIRequestContext, by_all: Counter[str]) -> Iterator[Found]:
    """The pages a person reaches, some of each kind, in the order they are met. ``by_all`` counts over all people."""
    waiting, known, looked = deque(BEGINNINGS), set(BEGINNINGS), Counter[str]()
    while waiting:
        path = waiting.popleft()
        view = view_of(path)
        many = view in MANY
        if not view or view in FILES:
            continue
        if path not in BEGINNINGS and (looked[view] >= ENOUGH[many] or by_all[view] >= ENOUGH_OF_ALL[many]):
            continue
        looked[view] += 1
        by_all[view] += 1
        answer = get.get(path, max_redirects=0)
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield Found(view, path, who)
        for link in links(answer.text(), path):
            if link not in known:
                known.add(link)
                waiting.append(link)


def links(html: str, page: str) -> Iterable[str]:
    """The addresses of our own that a page leads to, without what comes after #."""
    for href in re.findall(r'<a\s[^>]*href="([^"]+)"', html):
        parts = urlsplit(urljoin(page, unescape(href)))
        if not parts.netloc and not parts.scheme:
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def view_of(path: str) -> str:
    """The name of the view behind an address; empty when there is none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def every_view() -> set[str]:
    """The names of all views of the portal's own rooms."""
    return {
        f"{resolver.namespace}:{pattern.name}"
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and resolver.namespace
        for pattern in resolver.url_patterns
        if isinstance(pattern, URLPattern)
    }
