"""Forms of emergency access."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.national_number import read
from portal.forms import DateField, PortalForm
from portal.identity.fnr import FnrError, NationalNumber


class EmergencyForm(PortalForm):
    """Who the child is, and why it cannot wait."""

    number = forms.CharField(label=_("Barnets fødselsnummer"), required=False, max_length=20)
    name = forms.CharField(label=_("Barnets navn"), required=False, max_length=120)
    birth_date = DateField(label=_("Fødselsdato"), required=False)
    reason = forms.CharField(
        label=_("Hvorfor haster det?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stafettholderen, lederen der og lederen din leser dette med en gang."),
    )

    def clean_number(self) -> NationalNumber | None:
        """The number, or the sentence that says what is wrong with it."""
        text = self.cleaned_data["number"]
        if not text.strip():
            return None
        try:
            return read(text)
        except FnrError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """A number, or a name with a birth date."""
        cleaned: dict[str, Any] = super().clean() or {}
        born: dt.date | None = cleaned.get("birth_date")
        if not cleaned.get("number") and not (cleaned.get("name") and born) and not self.errors:
            self.add_error("number", _("Oppgi fødselsnummer, eller både navn og fødselsdato."))
        return cleaned


class ReviewForm(PortalForm):
    """What the holder's side came to."""

    note = forms.CharField(
        label=_("Hva kom dere fram til?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Var det riktig å åpne saken? Hva gjør dere hvis ikke? Leses av stafettholderens tjeneste."),
    )
