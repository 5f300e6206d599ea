"""Reserving an entry from guardians."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Withheld
from portal.forms import DateField, PortalForm
from portal.timeframe import today


class ReserveForm(PortalForm):
    """Why guardians are not to know of an entry, and who assessed it."""

    ground = forms.ChoiceField(
        label=_("Hvorfor skal ikke foreldrene få vite dette?"),
        choices=Withheld.Ground,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvorfor foreldrene ikke skal få vite det.")},
    )
    reason = forms.CharField(
        label=_("Begrunnelse"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Hva barnet har sagt, og hva som er vurdert. Bare stafettholderens tjeneste og din leser det."),
    )
    assessed_by = forms.CharField(
        label=_("Hvem har vurdert det?"), max_length=160, help_text=_("Navn, yrke og tjeneste.")
    )
    assessed_on = DateField(label=_("Når ble det vurdert?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"assessed_on": today(timezone.now())} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class LiftForm(PortalForm):
    """Why guardians may know of it after all."""

    reason = forms.CharField(
        label=_("Hvorfor kan foreldrene få vite det nå?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
