"""The list of cases and its search."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.child_words import age_words
from cases.listing import ALL, MINE, SERVICE, cases_listed, closed_to, looks_like_number, search
from cases.models import Case
from guideline.editions import current_edition
from portal import audit
from portal.answering import PortalRequest
from portal.context import Actor
from portal.htmx import redirect, respond
from portal.rights import can, check
from portal.searching import remember, remembered, typed

PER_PAGE = 25
SCOPES = {MINE: _("Mine saker"), SERVICE: _("Tjenestens saker"), ALL: _("Alle jeg kan se")}


def case_list(request: PortalRequest) -> HttpResponse:
    """Cases the person may see, page by page. Searches are posted, and stand in no address (portal.searching); one by
    national number is answered at once and kept nowhere."""
    actor, now = request.actor, timezone.now()
    check(actor, "case.search")
    scope = request.GET.get("vis", "")
    scope = scope if scope in SCOPES else SERVICE
    closed = request.GET.get("avsluttede") == "1"
    query = typed(request) if request.method == "POST" else remembered(request, "cases")
    if request.method == "POST" and not looks_like_number(query):
        chosen = {"vis": ALL if query else scope, "avsluttede": "1" if closed else ""}
        return redirect(request, reverse("cases:list") + remember(request, "cases", query, **chosen))
    cases = cases_listed(actor, scope=ALL if query else scope, closed=closed or bool(query), now=now)
    found = search(query, cases) if query else None
    page = Paginator(found.cases if found else cases, PER_PAGE).get_page(request.GET.get("side"))
    rows = [_row(actor, case) for case in page]
    shown = [(case.pk, case.child_id) for case in page]
    if found:
        audit.record_search(actor, "case.search", found.by, "case.list", shown)
    else:
        audit.record_list_read(actor, "case.list", shown)
    context = {
        "page": page,
        "rows": rows,
        "query": "" if found and found.by == "number" else query,
        "searched": found,
        "scope": scope,
        "closed": closed,
        "tabs": [(label, _address(key, closed), key == scope) for key, label in SCOPES.items()],
        "closed_url": _address(scope, not closed),
        "may_open": can(actor, "case.open"),
    }
    return respond(request, "cases/list.html", None, context)


def _address(scope: str, closed: bool) -> str:
    asked = {"vis": scope, **({"avsluttede": "1"} if closed else {})}
    return f"{reverse('cases:list')}?{urlencode(asked)}"


def _row(actor: Actor, case: Case) -> dict[str, object]:
    visited = getattr(case, "visited_at", None)
    return {
        "case": case,
        "age": age_words(case.child, timezone.localdate()),
        "level": current_edition(case.community).level_label(case.level, case.municipality.municipality_number or ""),
        "due_on": getattr(case, "next_due", None),
        "due_basis": getattr(case, "next_basis", ""),
        "new": visited is not None and case.changed_at > visited,
        "closed": case.state == Case.State.CLOSED,
        # A closed case that another service holds is open for what one's own wrote, and no more.
        "url_name": "cases:own" if closed_to(actor, case) else "cases:case",
    }
