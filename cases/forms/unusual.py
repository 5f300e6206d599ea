"""Forms for what the family says of people in the services, and for a leader's note on an unusual access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.acquaintances import people_in
from cases.forms.choices import offer
from cases.models import Case
from portal.forms import PortalForm


class AcquaintanceForm(PortalForm):
    """Who works where, and what the family has said."""

    who = forms.ChoiceField(label=_("Hvem gjelder det?"))
    note = forms.CharField(
        label=_("Hva familien har sagt"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Leses bare av stafettholderens tjeneste."),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meaning, choices = people_in(case)
        offer(self, "who", choices)

    def answer(self) -> dict[str, Any]:
        """What the action wants."""
        service, person = self.meaning[self.cleaned_data["who"]]
        return {"service": service, "person": person, "note": self.cleaned_data["note"]}


class LookedAtForm(PortalForm):
    """What came of looking at it."""

    finding = forms.CharField(widget=forms.HiddenInput, max_length=200)
    note = forms.CharField(
        label=_("Hva fant du ut?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Skriv ikke navn på barn."),
    )  # fmt: skip
    put_back = False
