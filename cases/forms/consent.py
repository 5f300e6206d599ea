"""Forms of consent: a yes or no, taking it back, and another basis than consent."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.deciders import PartyChoice
from cases.forms.choices import offer
from cases.forms.signed_form import ScanField, scan_of
from cases.models import Case, Consent
from cases.service_choices import named
from guideline.schema import Edition
from guideline.schema.consent import StatutoryBasis
from portal.forms import DateField, PortalForm
from portal.models import Service
from portal.timeframe import today


def months_ahead(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of the month where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a day 28")


def categories_of(edition: Edition) -> list[tuple[str, str]]:
    """The edition's categories as choices, each with what it holds."""
    return [(c.key, f"{c.label}: {c.text}") for c in edition.consent.categories.values()]


def labels_of(edition: Edition, keys: Collection[str]) -> list[tuple[str, str]]:
    """Some of the edition's categories as choices, in its order."""
    return [(c.key, c.label) for c in edition.consent.categories.values() if c.key in keys]


class CategoryField(forms.MultipleChoiceField):
    """Some of the edition's categories."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Hvilke temaer?"), widget=forms.CheckboxSelectMultiple, **kwargs)


class ConsentForm(PortalForm):
    """A decision about sharing. Who can be chosen is worked out from age, responsibility and care."""

    decision = forms.ChoiceField(
        label=_("Hva er svaret?"),
        choices=[
            (Consent.Decision.GIVEN, _("Ja, dette kan deles")),
            (Consent.Decision.REFUSED, _("Nei, dette skal ikke deles")),
        ],
        widget=forms.RadioSelect,
    )
    parties = forms.MultipleChoiceField(
        label=_("Hvem har svart?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Kryss av for dem som har svart det samme samtidig. Svarer de ulikt, registrerer du ett svar for hver."
        ),
        error_messages={"required": _("Velg hvem som har svart.")},
    )
    categories = CategoryField(error_messages={"required": _("Velg minst ett tema.")})
    services = forms.MultipleChoiceField(
        label=_("Tjenester i saken"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Også stafettholderens tjeneste trenger samtykke for å se det andre har skrevet."),
    )
    others = forms.MultipleChoiceField(
        label=_("Andre tjenester"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Samtykket åpner først når tjenesten er med i saken."),
    )
    purpose = forms.CharField(
        label=_("Formål"),
        max_length=300,
        initial=_("Samordnet hjelp til barnet"),
        help_text=_("Slik det er forklart for dem som har svart."),
    )
    how = forms.ChoiceField(label=_("Hvordan ble det sagt?"), widget=forms.RadioSelect)
    given_on = DateField(label=_("Når ble det sagt?"))
    one_guardian = forms.ChoiceField(
        label=_("Er det nok at én har samtykket?"),
        required=False,
        help_text=_("Som regel må alle med foreldreansvar samtykke."),
    )
    one_guardian_reason = forms.CharField(
        label=_("Hvorfor er det nok?"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    valid_from = DateField(
        label=_("Gjelder fra"),
        required=False,
        help_text=_(
            "La stå tomt når det gjelder straks. En ungdom kan skrive under før fødselsdagen da den bestemmer selv."
        ),
    )
    valid_until = DateField(label=_("Gjelder til og med"), required=False)
    signed = ScanField(required=False)
    note = forms.CharField(label=_("Merknad"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self,
        *args: Any,
        edition: Edition,
        parties: list[PartyChoice],
        case: Case,
        in_case: list[Service],
        others: list[Service],
        **kwargs: Any,
    ) -> None:
        day = today(timezone.now())
        kwargs["initial"] = {
            "given_on": day,
            "valid_until": months_ahead(day, edition.consent.default_months),
            "services": [str(service.pk) for service in in_case],
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.by_id = {str(service.pk): service for service in [*in_case, *others]}
        self.reasons = dict(edition.choices("one_guardian"))
        offer(self, "parties", [(choice.key, choice.label) for choice in parties])
        offer(self, "categories", categories_of(edition))
        offer(self, "services", [(str(service.pk), service.name) for service in in_case])
        offer(self, "others", [(str(service.pk), named(service, case)) for service in others])
        offer(self, "how", edition.choices("consent_given_how"))
        offer(self, "one_guardian", [("", _("Nei, alle som bestemmer, skal svare")), *self.reasons.items()])

    def answer(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        data = self.cleaned_data
        code = self.reasons.get(data["one_guardian"], "")
        reason = ". ".join(part for part in (str(code), data["one_guardian_reason"]) if part) if code else ""
        names = ("decision", "parties", "categories", "purpose", "how", "given_on", "valid_from", "valid_until", "note")
        return {name: data[name] for name in names} | {
            "services": [self.by_id[key] for key in [*data["services"], *data["others"]]],
            "one_guardian_reason": reason,
            "signed": scan_of(data["signed"]),
        }

    def clean(self) -> dict[str, Any]:
        """A reason without the choice would be lost silently."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("one_guardian_reason") and not data.get("one_guardian"):
            self.add_error("one_guardian", _("Velg hvorfor det er nok at én samtykker, eller fjern teksten under."))
        return data


class WithdrawForm(PortalForm):
    """Taking a decision back, for all its services or some."""

    services = forms.MultipleChoiceField(
        label=_("Hvilke tjenester gjelder det?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Alle er valgt. Fjern krysset for dem som fortsatt kan få vite."),
        error_messages={"required": _("Velg minst én tjeneste.")},
    )
    categories = forms.MultipleChoiceField(
        label=_("Hvilke temaer gjelder det?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Alle er valgt. Fjern krysset for det som fortsatt kan deles."),
        error_messages={"required": _("Velg minst ett tema.")},
    )
    note = forms.CharField(
        label=_("Hvem sa det, og hva ble sagt?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, services: list[Service], categories: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs["initial"] = {
            "services": [str(service.pk) for service in services], "categories": [key for key, _label in categories],
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.by_id = {str(service.pk): service for service in services}
        offer(self, "services", [(str(service.pk), service.name) for service in services])
        offer(self, "categories", categories)
        self.about_all = len(categories)
        if not services:
            del self.fields["services"]

    def chosen(self) -> dict[str, Any]:
        """What is taken back, as the action takes it: services, and categories; None for all of them."""
        keys, about = self.cleaned_data.get("services", []), self.cleaned_data["categories"]
        return {
            "services": None if len(keys) == len(self.by_id) else [self.by_id[key] for key in keys],
            "categories": None if len(about) == self.about_all else about,
        }


class StatutoryForm(PortalForm):
    """Another basis than consent."""

    code = forms.ChoiceField(
        label=_("Hvilket grunnlag?"), widget=forms.RadioSelect, error_messages={"required": _("Velg ett grunnlag.")}
    )
    service = forms.ChoiceField(label=_("Hvilken tjeneste får vite?"))
    categories = CategoryField(error_messages={"required": _("Velg minst ett tema.")})
    reason = forms.CharField(
        label=_("Hvorfor gjelder grunnlaget her?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Skriv vurderingen, og hvem den er drøftet med."),
    )
    valid_until = DateField(
        label=_("Gjelder til og med"),
        required=False,
        help_text=_("La stå tomt når slutten ikke er kjent. Dag.måned.år"),
    )

    def __init__(self, *args: Any, edition: Edition, services: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {str(service.pk): service for service in services}
        offer(self, "categories", categories_of(edition))
        offer(self, "service", [("", _("Velg tjeneste")), *((str(s.pk), s.name) for s in services)])
        offer(
            self,
            "code",
            [
                (
                    basis.key,
                    f"{basis.label} ({', '.join(r.short for r in edition.legal_refs(basis.legal))}). {basis.text}"
                    f" {_limits(basis)}".rstrip(),
                )
                for basis in edition.consent.statutory_bases.values()
            ],
        )

    def answer(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        return self.cleaned_data | {"service": self.by_id[self.cleaned_data["service"]]}


def _limits(basis: StatutoryBasis) -> str:
    """What the edition asks besides: a no stands, and an end must be given."""
    said = [
        _("Åpner ikke mot et nei.") if basis.yields_to_refusal else "",
        _("Må ha sluttdato.") if basis.end_required else "",
    ]
    return " ".join(str(part) for part in said if part)
