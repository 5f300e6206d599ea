"""Forms about guardians and about who decides for the child."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.guardians import GuardianDetails, version_of
from cases.forms.choices import offer
from cases.models import Child, Guardian
from guideline.schema import Edition
from portal.forms import DateField, VersionedForm


class GuardianForm(VersionedForm):
    """A guardian: who, what they decide, how to reach them, and what must be kept from them."""

    name = forms.CharField(label=_("Navn"), max_length=120)
    relation = forms.ChoiceField(label=_("Relasjon til barnet"), choices=Guardian.Relation)
    parental_responsibility = forms.BooleanField(
        label=_("Har foreldreansvar"),
        required=False,
        help_text=_("Den som har foreldreansvar, samtykker for barnet. Det er noe annet enn hvem barnet bor hos."),
    )
    daily_care = forms.BooleanField(label=_("Har daglig omsorg"), required=False)
    phone = forms.CharField(label=_("Telefon"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-post"), required=False)
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    interpreter_language = forms.CharField(
        label=_("Trenger tolk på"), max_length=60, required=False, help_text=_("Språk og dialekt.")
    )
    contact_hidden = forms.BooleanField(
        label=_("Kontaktopplysningene skal ikke vises til den andre forelderen"), required=False
    )
    blocked = forms.BooleanField(
        label=_("Skal ikke ha innsyn"),
        required=False,
        help_text=_("Bruk dette når personen kan være en fare. Personen blir ikke spurt og kan ikke samtykke."),
    )
    mandate_categories = forms.MultipleChoiceField(
        label=_("Mandatet gjelder"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For verge, eller pårørende til en som er over 18. Ingen kryss betyr hele mandatet."),
    )
    mandate_from = DateField(label=_("Mandatet gjelder fra"), required=False)
    mandate_until = DateField(label=_("Mandatet gjelder til og med"), required=False)

    def __init__(self, *args: Any, edition: Edition, guardian: Guardian | None = None, **kwargs: Any) -> None:
        if guardian is not None:
            recorded = {name: getattr(guardian, name) for name in self.base_fields if name != "version"}
            kwargs["initial"] = recorded | {"version": version_of(guardian)}
        super().__init__(*args, **kwargs)
        offer(self, "mandate_categories", [(c.key, c.label) for c in edition.consent.categories.values()])

    def details(self) -> GuardianDetails:
        """What was filled in, as the action takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return GuardianDetails(**data | {"mandate_categories": tuple(data["mandate_categories"])})


class CapacityForm(VersionedForm):
    """Facts that move the decision from the parents or the young person to someone else."""

    care_taken_over_on = DateField(
        label=_("Barnevernet overtok omsorgen"),
        required=False,
        help_text=_(
            "Datoen for omsorgsovertakelsen. Etter den samtykker barnevernet. La stå tomt når foreldrene bestemmer."
        ),
    )
    lacks_capacity_reason = forms.CharField(
        label=_("Hvorfor mangler barnet eller den unge samtykkekompetanse?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Gjelder den som ellers ville bestemt selv, for eksempel fra 16 år. La stå tomt når det ikke er aktuelt."
        ),
    )
    lacks_capacity_assessed_by = forms.CharField(
        label=_("Hvem har vurdert det?"), max_length=160, required=False, help_text=_("Navn, yrke og tjeneste.")
    )
    lacks_capacity_on = DateField(label=_("Når ble det vurdert?"), required=False)
    lacks_capacity_categories = forms.MultipleChoiceField(
        label=_("Hva gjelder vurderingen?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Samtykkekompetansen kan mangle for noe og ikke for annet. Ingen kryss betyr alt."),
    )

    def __init__(self, *args: Any, child: Child, edition: Edition, **kwargs: Any) -> None:
        recorded = {name: getattr(child, name) for name in self.base_fields if name != "version"}
        kwargs["initial"] = recorded | {"version": version_of(child)}
        super().__init__(*args, **kwargs)
        offer(self, "lacks_capacity_categories", [(c.key, c.label) for c in edition.consent.categories.values()])
