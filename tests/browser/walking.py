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
    "marte-eksempelmo", "kari-rammestad", "jonas-tenkli", "henrik-eventyrvik", "astrid-modellmo", "anne-systemhaug",
    "sara-fabelnes", "hilde-oppspinn", "guro-drommeli", "nora-fiksjonsen", "ragnhild-diktas", "berit-speilbilde",
    "magnus-luftslottet", "olav-skisseberg", "randi-papirdal", "live-innfallsvik",
)  # fmt: skip
BEGINNINGS = (
    "/innboks/", "/saker/?vis=alle", "/saker/ny/", "/inntak/",
    "/inntak/?vis=avgjort", "/droftinger/", "/varsler/", "/tilganger/", "/brukere/", "/retningslinje/", "/tekster/",
    "/om/", "/rolle/",
)  # fmt: skip
# Where notifications and searches lead: both are posted, which the walk does not do. Address and person. A case that is
# closed, one with a planned measure, what a service wrote in a case that is closed to it, an offered baton, a referral
# that may be sent anew, an emergency access, a withdrawn consent, what is reserved from the parents, what the sender
# can add while the hospital has the referral, a decision or a start of treatment recorded by mistake, and what a
# service without users wrote.
LED = """
  WITH held AS (SELECT user_id, opened_by_id, cases_case.id AS case_id, cases_child.name FROM cases_case
    JOIN portal_membership ON portal_membership.id = holder_id JOIN cases_child ON cases_child.id = child_id),
  led AS (
    SELECT '/saker/' || case_id || '/' AS path, user_id FROM held WHERE name IN ('Odin Kjærvoll', 'Filip Granmo')
    UNION ALL SELECT '/saker/' || case_id || '/eget/', opened_by_id FROM held WHERE name = 'Odin Kjærvoll'
    UNION ALL SELECT '/stafettholder/' || cases_caseholder.id || '/', user_id FROM cases_caseholder
    JOIN portal_membership ON portal_membership.id = membership_id WHERE state = 'offered'
    UNION ALL SELECT '/henvisninger/' || referral.id || '/paa-nytt/', user_id FROM held
    JOIN referrals_referral referral ON referral.case_id = held.case_id WHERE referral.state = 'decided'
    UNION ALL SELECT '/reservert/' || withheld.id || '/opphev/', user_id FROM held
    JOIN cases_withheld withheld ON withheld.case_id = held.case_id
    UNION ALL SELECT '/nodtilgang/' || access.id || '/', user_id FROM held
    JOIN cases_emergencyaccess access ON access.case_id = held.case_id
    UNION ALL SELECT '/samtykke/' || url_id || '/trukket/', user_id FROM cases_notification
    WHERE url_name = 'cases:consent_notice'
    UNION ALL SELECT '/henvisninger/' || referral.id || page, user_id FROM referrals_referral referral
    JOIN portal_membership ON portal_membership.id = referrer_id,
    (VALUES ('/versjon/'), ('/vurdering/mangler/'), ('/vurdering/utenfra/')) AS pages (page) WHERE state = 'received'
    UNION ALL SELECT '/inntak/' || referral.id || '/feil/avgjorelse/', user_id FROM referrals_referral referral
    JOIN portal_membership ON service_id = receiver_id AND role = 'intake' WHERE referral.state = 'decided'
    UNION ALL SELECT '/inntak/' || referral_id || '/feil/behandling/', user_id FROM referrals_treatmentstart treatment
    JOIN portal_membership ON portal_membership.service_id = treatment.service_id AND role = 'intake'
    UNION ALL SELECT '/henvisninger/' || referral.id || '/mottatt/' || written.service_id || '/', user_id FROM held
    JOIN referrals_referral referral ON referral.case_id = held.case_id
    JOIN referrals_contribution written ON written.referral_id = referral.id WHERE written.external_from > '')
  SELECT path, split_part(email, '@', 1) FROM led JOIN portal_user ON portal_user.id = user_id"""
# How many of each kind of page are looked at in search of links, by one person and by all together; more of those
# where what is there differs by state.
ENOUGH, ENOUGH_OF_ALL = (1, 16), (3, 80)
MANY = {
    "cases:case", "referrals:section", "referrals:assemble", "referrals:intake_referral", "referrals:document",
    "referrals:assess", "cases:measures",
}  # fmt: skip
# Found, but not pages: files, and places that only pass on.
FILES = {
    "cases:document",
    "cases:log_csv",
    "cases:log_pdf",
    "cases:consent_form_pdf",
    "cases:signed_form",
    "referrals:pdf",
    "referrals:text_file",
    "portal:home",
    "cases:bell",
}


@dataclass(frozen=True)
class Found:
    """One page: the view's name, its address and who saw it."""

    view: str
    path: str
    who: str


def walk(who: str, get: APIRequestContext, by_all: Counter[str], led: Iterable[str] = ()) -> Iterator[Found]:
    """The pages a person reaches, some of each kind, in the order they are met. ``by_all`` counts over all people;
    ``led`` are further places to begin."""
    beginnings = (*led, *BEGINNINGS)
    waiting, known, looked = deque(beginnings), set(beginnings), Counter[str]()
    while waiting:
        path = waiting.popleft()
        view = view_of(path)
        many = view in MANY
        if not view or view in FILES:
            continue
        if path not in beginnings and (looked[view] >= ENOUGH[many] or by_all[view] >= ENOUGH_OF_ALL[many]):
            continue
        looked[view] += 1
        by_all[view] += 1
        answer = get.get(path, max_redirects=0)
        assert answer.status < 500, f"{path} ({who}): {answer.status}"
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
