"""A page with every component on it, as HTML text: what the browser tests look at."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from portal.forms import DateField, DateTimeField, PortalForm

HERE = Path(__file__).parent
CHOICES = [("low", "Lav"), ("high", "Høy")]


class EveryField(PortalForm):
    """One field of each kind."""

    title = forms.CharField(label="Kort tittel", max_length=80, help_text="Vises i listen.")
    reason = forms.CharField(label="Begrunnelse", widget=forms.Textarea(attrs={"rows": 4}))
    urgency = forms.ChoiceField(label="Hastegrad", choices=CHOICES, widget=forms.RadioSelect, help_text="Velg én.")
    service = forms.ChoiceField(label="Tjeneste", choices=[("", "Velg"), *CHOICES])
    categories = forms.MultipleChoiceField(label="Kategorier", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    since = DateField(label="Fra når?", required=False)
    called_at = DateTimeField(label="Når ringte du?")
    attachment = forms.FileField(label="Vedlegg", required=False, help_text="PDF eller bilde.")
    secret = forms.CharField(label="Passord", widget=forms.PasswordInput)
    informed = forms.BooleanField(label="Foreldrene er informert", help_text="Begge, som hovedregel.")


class Filters(PortalForm):
    """Nothing here is required, and nothing says so."""

    mark_optional = False
    q = forms.CharField(label="Navn eller referanse", required=False)
    state = forms.ChoiceField(label="Tilstand", choices=[("", "Alle"), *CHOICES], required=False)


class Reason(PortalForm):
    """A dialog's form."""

    why = forms.CharField(label="Begrunnelse", widget=forms.Textarea(attrs={"rows": 3}))


def shell() -> dict[str, Any]:
    """What the context processor gives a person who is logged in."""
    service = SimpleNamespace(name="Koordinerende enhet, Namsos kommune")
    membership = SimpleNamespace(get_role_display="Koordinator")
    actor = SimpleNamespace(user=object(), name="Marte Eksempel", service=service, membership=membership)
    items = [("Innboks", "Inbox", 3), ("Saker", "Folder", 0), ("Henvisninger", "Paperplane", 0)]
    items += [("Retningslinjen", "Book", 0), ("Brukere", "PersonGroup", 0)]
    nav = [
        {"url": f"/{n}/", "label": label, "icon": icon, "count": count, "current": label == "Saker"}
        for n, (label, icon, count) in enumerate(items)
    ]
    return {
        "portal_name": "Samhandlingsportalen",
        "community": "Helsefellesskapet nordre Trøndelag",
        "nav": nav,
        "unread": 12,
        "actor": actor,
        "several": True,
        "demo": True,
        "request_id": "0123456789ab",
    }


def context() -> dict[str, Any]:
    """Sample values for component_page.html; nobody in it exists."""
    today = timezone.localdate()
    days = dt.timedelta
    return {
        "shell": shell(),
        "crumbs": [("Saker", "/saker/")],
        "now": timezone.now(),
        "asked": today - days(20),
        "phases": [
            {"number": "6.0", "name": "Undring og tiltak", "state": "done", "text": "12. sep."},
            {"number": "6.1", "name": "Henvisning", "state": "late", "text": "2 mangler", "url": "#p"},
            {"number": "6.2", "name": "Utredning", "state": "now", "text": "Pågår"},
            {"number": "6.3", "name": "Behandling", "state": "next", "text": "Ikke startet"},
            {"number": "6.4", "name": "Overgang", "state": "na", "text": "Ikke aktuelt"},
        ],
        "tasks": [
            ("Skriv bidrag til henvisning", "fra PPT Namdal", today - days(2)),
            ("Vurder henvisning", "fra Namsos barneskole", today),
            ("Svar på drøfting", "fra BUP Namsos", today + days(9)),
        ],
        "rows": [
            ("Namsos barneskole", "in", today),
            ("PPT Namdal, pedagogisk-psykologisk tjeneste", "late", today),
            ("Helsestasjonen", "asked", today),
        ],
        "looks": {
            "in": ("Levert", "success", "CheckmarkCircleFill"),
            "late": ("Forsinket", "danger", "ExclamationmarkTriangleFill"),
            "asked": ("Venter", "neutral", "HourglassTopFilled"),
        },
        "page": Paginator(range(400), 20).get_page(4),
        "form": EveryField({"title": "x" * 90, "since": "i går", "called_at": "nå"}, {}),
        "filters": Filters(),
        "dialog_form": Reason(prefix="dialog"),
    }


def html(text: str = "", **extra: Any) -> str:
    """The component page, or another template's text, for a person who is logged in. No database is touched."""
    request = RequestFactory().get("/komponenter/", {"side": "4"})
    template = engines["django"].from_string(text or (HERE / "component_page.html").read_text())
    return template.render({**context(), **extra}, request)
