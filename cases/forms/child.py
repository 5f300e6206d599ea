"""Fields about the child, shared by the new case and the child's own page."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.actions.child import STRICTNESS, version_of
from cases.forms.choices import offer
from cases.models import AddressProtection, Child
from cases.national_number import read
from guideline.schema import Edition
from portal.forms import DateField, PortalForm, VersionedForm
from portal.identity.fnr import FnrError, NationalNumber, agrees_with_birth_date
from portal.models import Organisation

LONGEST_WAIT = dt.timedelta(days=310)
OVERDUE = dt.timedelta(days=31)


class ChildFields(PortalForm):
    """Who the child is; the national number may be left out, and an unborn child has a due date."""

    name = forms.CharField(
        label=_("Barnets navn"),
        max_length=120,
        help_text=_("For et barn som ikke er født: skriv for eksempel «Ufødt barn av Kari Fjord»."),
    )
    birth_date = DateField(label=_("Fødselsdato"), required=False)
    due_date = DateField(
        label=_("Termin, når barnet ikke er født"),
        required=False,
        help_text=_("Dag.måned.år. La stå tomt når barnet er født."),
    )
    number = forms.CharField(
        label=_("Fødselsnummer eller D-nummer"),
        required=False,
        max_length=30,
        help_text=_("11 siffer. Kan fylles ut senere. Nummeret lagres kryptert."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 16}),
    )
    interpreter_language = forms.CharField(
        label=_("Tolkespråk"),
        required=False,
        max_length=60,
        help_text=_("Språk og dialekt, når barnet eller foreldrene trenger tolk."),
    )
    address_protection = forms.ChoiceField(
        label=_("Adressebeskyttelse"),
        choices=AddressProtection,
        initial=AddressProtection.NONE,
        help_text=_("Skjuler alt som kan røpe hvor barnet er."),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.oldest = max(edition.ages) if edition.ages else 25
        for name in ("birth_date", "due_date"):
            # One of the two is needed, so neither is «optional».
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    def clean_birth_date(self) -> dt.date | None:
        """A day that has been, and within the ages the guideline is for."""
        born: dt.date | None = self.cleaned_data["birth_date"]
        today = timezone.localdate()
        if born and born > today:
            raise ValidationError(_("Fødselsdatoen er fram i tid. Er barnet ikke født, oppgir du termin i stedet."))
        if born and today.year - born.year - ((today.month, today.day) < (born.month, born.day)) > self.oldest:
            raise ValidationError(
                _t("Retningslinjen gjelder til og med %(age)s år. Sjekk årstallet.") % {"age": self.oldest}
            )
        return born

    def clean_due_date(self) -> dt.date | None:
        """A day about a pregnancy's length away at most."""
        due: dt.date | None = self.cleaned_data["due_date"]
        today = timezone.localdate()
        if due and not today - OVERDUE <= due <= today + LONGEST_WAIT:
            raise ValidationError(_("Terminen er for langt fram eller tilbake. Er barnet født, oppgir du fødselsdato."))
        return due

    def clean_number(self) -> NationalNumber | None:
        """The number, or the sentence that says what is wrong with it."""
        text = self.cleaned_data["number"]
        if not text:
            return None
        try:
            return read(text)
        except FnrError as wrong:
            raise ValidationError(wrong.message, code=wrong.code) from wrong

    def clean(self) -> dict[str, Any]:
        """One of the dates, and a number that does not belong to another day."""
        cleaned = super().clean() or self.cleaned_data
        born, due = cleaned.get("birth_date"), cleaned.get("due_date")
        if not born and not due and not {"birth_date", "due_date"} & set(self.errors):
            self.add_error("birth_date", _("Oppgi fødselsdato, eller termin når barnet ikke er født."))
        if born and due and self.needs_one_date:
            self.add_error("due_date", _("Oppgi enten fødselsdato eller termin, ikke begge."))
        number = cleaned.get("number")
        if number and not born and "birth_date" not in self.errors:
            self.add_error("number", _("Et barn som ikke er født, har ikke fødselsnummer. Oppgi fødselsdato først."))
        return cleaned

    # A child that was expected keeps its due date after it is born.
    needs_one_date = True

    @property
    def number_disagrees(self) -> bool:
        """A hint, never an error: the number's date is another than the birth date."""
        if not self.is_bound or not hasattr(self, "cleaned_data"):
            return False
        number, born = self.cleaned_data.get("number"), self.cleaned_data.get("birth_date")
        return bool(number and born and agrees_with_birth_date(number, born) is False)


class ChildForm(ChildFields, VersionedForm):
    """The child's own page: what is recorded, with a mark of what it was when the page was opened."""

    field_order = (
        "name", "birth_date", "due_date", "number", "clear_number", "municipality_id", "interpreter_language",
        "address_protection", "protection_reason", "version",
    )  # fmt: skip
    needs_one_date = False

    clear_number = forms.BooleanField(label=_("Fjern nummeret som er registrert"), required=False)
    municipality_id = forms.ModelChoiceField(
        label=_("Kommune barnet bor i"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        help_text=_("Saken blir hos stafettholderen også når barnet flytter."),
    )
    protection_reason = forms.ChoiceField(
        label=_("Hvorfor er adressebeskyttelsen svakere nå?"),
        required=False,
        help_text=_("Må fylles ut når beskyttelsen blir svakere. Grunnen står i loggen."),
    )

    def __init__(self, *args: Any, child: Child, municipalities: list[Organisation], **kwargs: Any) -> None:
        kwargs["initial"] = {
            **{name: getattr(child, name) for name in ("name", "birth_date", "due_date", "interpreter_language")},
            "address_protection": child.address_protection,
            "municipality_id": child.municipality_id,
            "version": version_of(child),
        }
        super().__init__(*args, **kwargs)
        field = self.fields["municipality_id"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(pk__in=[m.pk for m in municipalities]).order_by("sort_key")
        if child.birth_date and not child.due_date:
            del self.fields["due_date"]
        if child.address_protection == STRICTNESS[0]:
            del self.fields["protection_reason"]
        else:
            reasons = kwargs["edition"].choices("protection_lowered")
            offer(self, "protection_reason", [("", _("Beskyttelsen er ikke svakere")), *reasons])
        number = self.fields["number"]
        if child.number_hash:
            number.label, number.help_text = (
                _("Nytt nummer"),
                _("La stå tomt for å beholde nummeret som er registrert."),
            )
        else:
            del self.fields["clear_number"]

    def values(self) -> dict[str, Any]:
        """The arguments of ``change_child``."""
        cleaned = self.cleaned_data
        names = ("name", "birth_date", "due_date", "interpreter_language", "address_protection", "number", "version")
        return {
            **{name: cleaned.get(name) for name in names},
            "clear_number": cleaned.get("clear_number", False),
            "protection_reason": cleaned.get("protection_reason", ""),
            "municipality_id": cleaned["municipality_id"].pk,
        }
