"""What goes on a printed consent form."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from cases.forms.consent import CategoryField, categories_of, months_ahead
from cases.models import Case
from cases.service_choices import named
from guideline.schema import Edition
from portal.forms import DateField, PortalForm
from portal.models import Service
from portal.timeframe import today


class PaperForm(PortalForm):
    """In which language, for which services and categories, for what and until when; or a form to fill in by hand."""

    language = forms.ChoiceField(label=_("Språk"), widget=forms.RadioSelect)
    blank = forms.BooleanField(
        label=_("Tomt skjema"),
        required=False,
        help_text=_("Uten navn og valg, til å fylle ut for hånd. Da bruker skjemaet ikke det som står under."),
    )
    services = forms.MultipleChoiceField(label=_("Tjenester"), required=False, widget=forms.CheckboxSelectMultiple)
    others = forms.MultipleChoiceField(label=_("Andre tjenester"), required=False, widget=forms.CheckboxSelectMultiple)
    categories = CategoryField(required=False)
    purpose = forms.CharField(
        label=_("Formål"), max_length=300, required=False, initial=_("Samordnet hjelp til barnet"),
        help_text=_("Skriv det på språket skjemaet er på."),
    )  # fmt: skip
    valid_from = DateField(label=_("Gjelder fra"), required=False, help_text=_("La stå tomt når det gjelder straks."))
    valid_until = DateField(label=_("Gjelder til og med"), required=False)

    def __init__(
        self, *args: Any, edition: Edition, case: Case, in_case: list[Service], others: list[Service], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "language": next(iter(edition.consent_forms), ""),
            "valid_until": months_ahead(today(timezone.now()), edition.consent.default_months),
            "services": [str(service.pk) for service in in_case],
            "categories": list(edition.consent.categories),
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.by_id = {str(service.pk): service for service in [*in_case, *others]}
        offer(self, "language", [(form.key, form.label) for form in edition.consent_forms.values()])
        offer(self, "categories", categories_of(edition))
        offer(self, "services", [(str(service.pk), service.name) for service in in_case])
        offer(self, "others", [(str(service.pk), named(service, case)) for service in others])

    def clean(self) -> dict[str, Any]:
        """A form that is filled in needs what it asks about."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("blank"):
            return data
        if not data.get("services") and not data.get("others"):
            self.add_error("services", _("Velg minst én tjeneste, eller et tomt skjema."))
        if not data.get("categories"):
            self.add_error("categories", _("Velg minst ett tema, eller et tomt skjema."))
        if not data.get("purpose"):
            self.add_error("purpose", _("Skriv hva opplysningene skal brukes til."))
        first = max(today(timezone.now()), data.get("valid_from") or today(timezone.now()))
        if data.get("valid_until") and data["valid_until"] < first:
            self.add_error("valid_until", _("Samtykket kan ikke gå ut før det begynner å gjelde."))
        return data

    def choices(self) -> dict[str, Any]:
        """What was chosen, as the paper takes it."""
        data = self.cleaned_data
        return {name: data[name] for name in ("categories", "purpose", "valid_from", "valid_until")} | {
            "services": [self.by_id[key] for key in [*data["services"], *data["others"]]]
        }
