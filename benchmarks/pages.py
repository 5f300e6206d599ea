"""Pages through real HTTP: each against the empty page of the same person, asked for in turn so that both meet the
same noise."""

import html
import http.client
import re
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.models import Case
from guideline.editions import current_edition
from portal.demo.people import DOMAIN
from portal.models import Membership
from referrals.models import Referral

HOST = "127.0.0.1"
EMPTY = "/tom/"
WARM_UP = 8
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """A page to measure: its name in the table, who asks (the name before @), where, and words that must stand on
    it."""

    name: str
    person: str
    path: str
    words: str


@dataclass(frozen=True)
class Measured:
    """Milliseconds of one page and of the empty page beside it, and how the two compare."""

    name: str
    path: str
    median: float
    p95: float
    empty_median: float
    empty_p95: float
    size: int

    @property
    def ratio(self) -> float:
        """Median over the empty page's median."""
        return self.median / self.empty_median

    @property
    def ratio_p95(self) -> float:
        """The same of the 95th percentiles."""
        return self.p95 / self.empty_p95


class Visitor:
    """One logged-in person on one connection that is kept open."""

    def __init__(self, port: int, person: str) -> None:
        self.link = http.client.HTTPConnection(HOST, port, timeout=60)
        self.cookies: dict[str, str] = {}
        membership = Membership.objects.filter(user__email=f"{person}@{DOMAIN}").order_by("service__sort_key").first()
        assert membership is not None, f"Demoen har ingen {person}"
        page, _seconds = self.get("/demo/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        body = f"csrfmiddlewaretoken={token[1]}".encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{HOST}/demo/"}
        status, _text, _seconds = self._ask("POST", f"/demo/{membership.pk}/", body, kind)
        assert status == http.client.SEE_OTHER, f"Innloggingen svarte {status}"

    def get(self, path: str) -> tuple[str, float]:
        """A page's text and how many seconds it took to come. Anything but 200 stops the measurement."""
        status, text, seconds = self._ask("GET", path, None, {})
        assert status == http.client.OK, f"{path} svarte {status}: {html.unescape(text)[:400]}"
        return text, seconds

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, str, float]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = time.perf_counter()
        self.link.request(method, path, body, {**headers, "Cookie": cookie})
        answer = self.link.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _sign, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, content.decode(), seconds


def pages_to_ask() -> list[Asked]:
    """The pages of the design's section 9, in the middle of the data: the coordinator's, and the intake's list."""
    coordinator, intake = "marte-eksempelmo", "astrid-modellmo"
    held = Case.objects.filter(holder__user__email=f"{coordinator}@{DOMAIN}", state=Case.State.OPEN)
    collecting = Referral.objects.filter(case__in=held, state=Referral.State.COLLECTING).order_by("pk")
    referral = collecting.select_related("case__community")[collecting.count() // 2]
    case = referral.case
    level = current_edition(case.community).level_label(case.level)
    return [
        Asked("Innboks (stafettholder)", coordinator, "/innboks/", "Innboks"),
        Asked("Saksliste", coordinator, "/saker/", case.reference[:7]),
        Asked("Saken", coordinator, f"/saker/{case.pk}/", level),
        Asked("Samle henvisningen", coordinator, f"/henvisninger/{referral.pk}/", case.reference),
        Asked("Innboks (inntak)", intake, "/innboks/", "Innboks"),
        Asked("Inntakslisten", intake, "/inntak/", case.reference[:7]),
    ]


def measure(port: int, pages: Sequence[Asked], times: int) -> list[Measured]:
    """Each page and the empty page of its reader, ``times`` each and in turn."""
    visitors = {page.person: Visitor(port, page.person) for page in pages}
    spent: dict[str, list[float]] = {page.name: [] for page in pages}
    empty: dict[str, list[float]] = {page.name: [] for page in pages}
    sizes = {}
    for turn in range(WARM_UP + times):
        for page in pages:
            visitor = visitors[page.person]
            _nothing, empty_seconds = visitor.get(EMPTY)
            text, seconds = visitor.get(page.path)
            if turn == 0:
                assert page.words in text, f"{page.path} viser ikke «{page.words}»"
                sizes[page.name] = len(text.encode())
            if turn >= WARM_UP:
                spent[page.name].append(seconds)
                empty[page.name].append(empty_seconds)
    return [
        Measured(
            page.name,
            page.path,
            milliseconds(spent[page.name], 50),
            milliseconds(spent[page.name], 95),
            milliseconds(empty[page.name], 50),
            milliseconds(empty[page.name], 95),
            sizes[page.name],
        )
        for page in pages
    ]


def milliseconds(seconds: Sequence[float], percentile: int) -> float:
    """A percentile of some durations."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[percentile - 1] * 1000
