"""The consent form on paper: who is asked to share what with whom, in the edition's words, with a line for everyone who
must sign."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from cases import consent_rules as rules
from cases.deciders import KIND_OF
from cases.models import ConsentParty
from cases.sharing import SharingFacts
from guideline.schema import ConsentForm
from portal.models import Service
from portal.pdf.render import RenderedPdf, render_pdf
from portal.timeframe import start_of, today

TEMPLATE = "pdf/consent_form.html"


@dataclass(frozen=True)
class Signer:
    """A line to sign on: whose name, in what capacity, and about what where that is not all."""

    name: str
    role: str
    decides: str = ""


def blank_paper(facts: SharingFacts, form: ConsentForm, now: dt.datetime) -> dict[str, Any]:
    """A form to fill in by hand: nothing on it is about a person."""
    return _frame(facts, form, now) | {
        "blank": True,
        "categories": list(form.categories.values()),
        "intro": form.intro_blank,
        "withdraw": form.withdraw_blank,
        "signers": [Signer("", role) for role in form.signers.blank],
    }


def filled_paper(
    facts: SharingFacts,
    form: ConsentForm,
    *,
    services: Sequence[Service],
    categories: Sequence[str],
    purpose: str,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    now: dt.datetime,
) -> dict[str, Any]:
    """The form for one child. Whoever decides about each category when it begins to apply has a line; one who must see
    nothing has none. The services of a child with a protected address are named by kind, since the paper is handed out.
    """
    case, child = facts.case, facts.case.child
    begins = start_of(valid_from) if valid_from and valid_from > today(now) else now
    holder = case.holder
    return _frame(facts, form, now) | {
        "blank": False,
        "child": child.name,
        "born": _day(form, child.birth_date) if child.birth_date else "",
        "reference": case.reference,
        "intro": form.intro.format(child=child.name),
        "purpose": purpose,
        "services": [_named(form, service, hidden=child.protected) for service in services],
        "categories": [form.categories[c] for c in categories],
        "period": form.until.format(date=_day(form, valid_until)) if valid_until else form.open_end,
        # The paper is handed out: of a child whose address is protected it names nobody who can be found.
        "withdraw": form.withdraw_blank
        if facts.case.child.protected
        else form.withdraw_text.format(holder=holder.user.name, phone=holder.service.phone or "–"),
        "signers": signers(facts, form, categories, begins),
    }


def signers(facts: SharingFacts, form: ConsentForm, categories: Sequence[str], at: dt.datetime) -> list[Signer]:
    """Everyone who decides about some of the categories at an instant, as the rules say, in the rules' order."""
    deciding: dict[rules.Party, list[str]] = {}
    for category in categories:
        for party in facts.who_decides(category, at).parties:
            deciding.setdefault(party, []).append(category)
    rows = {str(row.pk): row for row in facts.guardian_rows}
    order = list(rules.PartyKind)
    found = []
    for party in sorted(
        deciding, key=lambda party: (order.index(party.kind), list(rows).index(party.id) if party.id else 0)
    ):
        if party.id and rows[party.id].blocked:
            continue
        kind = KIND_OF[party.kind]
        name = rows[party.id].name if party.id else facts.case.child.name if kind == ConsentParty.Kind.YOUTH else ""
        some = deciding[party] if len(deciding[party]) < len(categories) else []
        found.append(Signer(name, getattr(form.signers, kind), ", ".join(form.categories[c].label for c in some)))
    return found


def render(content: dict[str, Any]) -> RenderedPdf:
    """The PDF of a form; equal content gives equal bytes."""
    html = render_to_string(TEMPLATE, {"p": content, "f": content["form"]})
    return render_pdf(html, title=content["form"].title, lang=content["form"].key)


def _frame(facts: SharingFacts, form: ConsentForm, now: dt.datetime) -> dict[str, Any]:
    withhold = facts.rules.withhold_from
    return {
        "form": form,
        "community": facts.case.community.name,
        "created": timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0).isoformat(),
        "printed": _day(form, today(now)),
        "meanings": [text.format(withhold=withhold) for text in form.meanings],
    }


def _named(form: ConsentForm, service: Service, *, hidden: bool) -> str:
    return form.service_kinds.get(service.kind, form.service_kinds["other"]) if hidden else service.name


def _day(form: ConsentForm, day: dt.date) -> str:
    return form.date.format(day=day.day, month=form.months[day.month - 1], year=day.year)
