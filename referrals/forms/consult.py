"""Forms of the consultation before referral (6.1.4): to ask, to answer, and to record one in a minute."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from guideline.schema import Edition
from portal.forms import DateField, PortalForm
from portal.models import Service
from portal.timeframe import today
from referrals.actions.consult import Talk
from referrals.models import Consultation

HELD = [choice for choice in Consultation.Held.choices if choice[0] != Consultation.Held.PORTAL]
AGES = [
    ("0–5 år", _("0–5 år")),
    ("6–12 år", _("6–12 år")),
    ("13–15 år", _("13–15 år")),
    ("16–17 år", _("16–17 år")),
    ("18–25 år", _("18–25 år")),
    ("ufødt", _("Ufødt barn")),
]
NOT_IDENTIFYING = _("Skriv ikke navn, fødselsdato, skole eller annet som kan vise hvem det gjelder.")


def age_group(years: int | None) -> str:
    """The age group a nameless consultation tells; unborn where there is no age."""
    if years is None:
        return "ufødt"
    for last, (key, _label) in zip((5, 12, 15, 17), AGES, strict=False):
        if years <= last:
            return key
    return "18–25 år"


class Departments(PortalForm):
    """A choice of department by id."""

    def use_departments(self, departments: Iterable[Service]) -> None:
        """Offers these; a single one is chosen already."""
        self.by_id = {str(service.pk): service for service in departments}
        offer(self, "department", [(key, service.name) for key, service in self.by_id.items()])
        if len(self.by_id) == 1:
            self.fields["department"].initial = next(iter(self.by_id))

    def department_chosen(self) -> Service:
        """The department; after ``is_valid``."""
        return self.by_id[self.cleaned_data["department"]]


class Named(PortalForm):
    """The choice of telling whom it is about: nameless unless one says otherwise."""

    nameless = forms.ChoiceField(
        label=_("Skal avdelingen vite hvem det gjelder?"),
        choices=[("yes", _("Nei, drøft uten navn")), ("no", _("Ja, avdelingen kan se barnets navn"))],
        widget=forms.RadioSelect,
        initial="yes",
        # Not sent: nameless.
        required=False,
    )

    def offer_names(self, may_name: bool) -> None:
        """Takes the choice away where the child cannot be named."""
        if not may_name:
            del self.fields["nameless"]

    @property
    def is_nameless(self) -> bool:
        """Whether the department is not to know; after ``is_valid``."""
        return bool(self.cleaned_data.get("nameless", "yes") != "no")


class AskForm(Departments, Named):
    """A question to a department."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    department = forms.ChoiceField(label=_("Hvilken avdeling vil dere drøfte med?"), widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("Hva vil dere drøfte?"),
        help_text=format_lazy(
            "{} {}", _("Kort om hva som bekymrer, hva som er prøvd, og hva dere lurer på."), NOT_IDENTIFYING
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
    )
    field_order = ("token", "department", "nameless", "question")

    def __init__(self, *args: Any, departments: Iterable[Service], may_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"token": uuid.uuid4(), **kwargs.get("initial", {})}})
        self.use_departments(departments)
        self.offer_names(may_name)


class AnswerForm(PortalForm):
    """The department's answer."""

    answer = forms.ChoiceField(label=_("Hva råder dere til?"), widget=forms.RadioSelect)
    answer_text = forms.CharField(
        label=_("Begrunnelse og råd"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "answer", edition.choices("consultation_answer"))

    def talk(self) -> Talk:
        """The answer as the action wants it; after ``is_valid``."""
        data = self.cleaned_data
        return Talk(
            answer=data["answer"],
            answer_text=data["answer_text"],
            held=data.get("held") or Consultation.Held.PORTAL,
            held_on=data.get("held_on"),
            answered_by_name=data.get("answered_by_name", ""),
        )


class HeldForm(AnswerForm):
    """How, when and with whom it was held: for one asked in the portal and answered otherwise."""

    held = forms.ChoiceField(label=_("Hvordan drøftet dere?"), choices=HELD, widget=forms.RadioSelect, initial="phone")
    held_on = DateField(label=_("Når?"))
    answered_by_name = forms.CharField(label=_("Hvem svarte i avdelingen?"), max_length=120, required=False)
    field_order = (
        "token",
        "department",
        "nameless",
        "asked_in",
        "held",
        "held_on",
        "answered_by_name",
        "age_group",
        "question",
        "answer",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"held_on": today(), **kwargs.get("initial", {})}})
        self.fields["answer_text"].required = False
        self.fields["answer_text"].label = _("Råd og begrunnelse")


class RecordForm(HeldForm, Departments, Named):
    """The municipality records one: all on one screen, with today and the phone chosen."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    department = forms.ChoiceField(label=_("Hvilken avdeling?"), widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("Hva drøftet dere?"),
        help_text=_("En setning eller to."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
    )

    def __init__(self, *args: Any, departments: Iterable[Service], may_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"token": uuid.uuid4(), **kwargs.get("initial", {})}})
        self.use_departments(departments)
        self.offer_names(may_name)


class RegisterForm(HeldForm):
    """The department records one it gave a municipality, without the child's name."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    asked_in = forms.ChoiceField(label=_("Hvem spurte?"))
    age_group = forms.ChoiceField(label=_("Barnets alder"), choices=[("", _("Ikke oppgitt")), *AGES], required=False)
    question = forms.CharField(
        label=_("Hva drøftet dere?"),
        help_text=NOT_IDENTIFYING,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
    )

    def __init__(self, *args: Any, services: Iterable[Service], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"token": uuid.uuid4(), **kwargs.get("initial", {})}})
        self.fields["answered_by_name"].label = _("Hvem svarte?")
        self.services = {str(service.pk): service for service in services}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, service in self.services.items():
            groups.setdefault(service.organisation.name, []).append((key, service.name))
        offer(self, "asked_in", [("", _("Velg")), *groups.items()])

    def asked_in_chosen(self) -> Service:
        """The municipal service; after ``is_valid``."""
        return self.services[self.cleaned_data["asked_in"]]
