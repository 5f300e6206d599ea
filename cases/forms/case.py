"""Forms of the case itself: a new case, a further concern, informing guardians, level, closing, merging."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.child import ChildFields
from cases.forms.choices import offer
from cases.models import Case
from guideline.schema import Edition
from portal.forms import DateField, PortalForm
from portal.identity.reference import ReferenceFormatError, parse_reference
from portal.ids import uuid7
from portal.models import Organisation


class ConcernFields(PortalForm):
    """What was seen and heard, for how long, and with whom it is shared (BTI level 0)."""

    seen_and_heard = forms.CharField(
        label=_("Hva har du sett og hørt?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Skriv det du selv har sett og hørt, så konkret du kan. Skill mellom det du vet og det du tror."),
    )
    how_long = forms.CharField(label=_("Hvor lenge har det vart?"), help_text=_("For eksempel «siden høstferien»."))
    shared_with = forms.CharField(
        label=_("Hvem har du delt undringen med?"),
        max_length=300,
        help_text=_(
            "For eksempel leder, kollega, foreldre eller barnet selv. Skriv «ingen» hvis du ikke har delt den."
        ),
    )
    earlier_concern = forms.CharField(
        label=_("Har noen vært bekymret før?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class NewCaseForm(ChildFields, ConcernFields):
    """A case opened from a concern. ``case_id`` makes a double click harmless."""

    field_order = (
        "name", "birth_date", "due_date", "number", "municipality", "interpreter_language", "address_protection",
        "seen_and_heard", "how_long", "shared_with", "earlier_concern", "case_id", "create_anyway",
    )  # fmt: skip

    municipality = forms.ModelChoiceField(
        label=_("Kommune barnet bor i"), queryset=Organisation.objects.none(), empty_label=_("Velg kommune")
    )
    case_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Skjemaet er ufullstendig. Last siden på nytt."),
            "invalid": _("Last siden på nytt."),
        },
    )
    create_anyway = forms.BooleanField(
        label=_("Jeg har sett på sakene over. Dette gjelder et annet barn."), required=False
    )

    def __init__(self, *args: Any, municipalities: list[Organisation], edition: Edition, **kwargs: Any) -> None:
        kwargs["initial"] = {"case_id": uuid7(), **(kwargs.get("initial") or {})}
        super().__init__(*args, edition=edition, **kwargs)
        if len(municipalities) == 1:
            del self.fields["municipality"]
        else:
            field = self.fields["municipality"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Organisation.objects.filter(pk__in=[m.pk for m in municipalities]).order_by("sort_key")

    def values(self) -> dict[str, Any]:
        """The arguments of ``open_case``."""
        cleaned = self.cleaned_data
        names = (
            "case_id", "birth_date", "due_date", "number", "address_protection", "interpreter_language",
            "seen_and_heard", "how_long", "shared_with", "earlier_concern",
        )  # fmt: skip
        return {
            **{name: cleaned[name] for name in names},
            "child_name": cleaned["name"],
            "municipality": cleaned.get("municipality"),
        }


class InformForm(PortalForm):
    """When and how the guardians were told."""

    on = DateField(label=_("Når ble foresatte informert?"))
    how = forms.CharField(
        label=_("Hvordan?"), max_length=300, help_text=_("For eksempel «samtale på skolen med begge foreldrene».")
    )

    def clean_on(self) -> dt.date:
        """Not in the future."""
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("Datoen er fram i tid. Registrer når foresatte er informert."))
        return day


class NotInformedForm(PortalForm):
    """Why the guardians are not informed; the case is then hidden from them."""

    code = forms.ChoiceField(label=_("Hvorfor er foresatte ikke informert?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begrunnelse"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Hva vurderingen bygger på, og hvem du har drøftet den med. Har du plikt til å melde til barnevernet?"
        ),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "code", edition.choices("parents_not_informed"))


class InformedWithdrawForm(NotInformedForm):
    """Why what stands about the guardians is taken back; and where it must be, why they are not informed."""

    field_order = ("withdrawn", "code", "reason", "what")
    what = forms.CharField(widget=forms.HiddenInput, max_length=20)
    withdrawn = forms.CharField(
        label=_("Hvorfor er det feil?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Vises for stafettholderens tjeneste."),
    )

    def __init__(self, *args: Any, edition: Edition, what: str, another: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"what": what}
        super().__init__(*args, edition=edition, **kwargs)
        if not another:
            del self.fields["code"], self.fields["reason"]

    def values(self) -> dict[str, Any]:
        """The arguments of ``withdraw_informed``."""
        cleaned = self.cleaned_data
        return {
            "what": cleaned["what"],
            "reason": cleaned["withdrawn"],
            "code": cleaned.get("code", ""),
            "why": cleaned.get("reason", ""),
        }


class LevelForm(PortalForm):
    """Another level, and why."""

    to_level = forms.TypedChoiceField(label=_("Nytt nivå"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begrunnelse"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Hva er vurdert, og hva mener barnet og foreldrene?"),
    )

    def __init__(self, *args: Any, case: Case, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = case.municipality.municipality_number or ""
        offer(
            self,
            "to_level",
            [
                (n, f"{edition.level_label(n, number)}: {edition.levels[str(n)].short}")
                for n in (1, 2, 3)
                if n != case.level
            ],
        )


class CloseForm(PortalForm):
    """Why the case is closed."""

    code = forms.ChoiceField(label=_("Hvorfor avsluttes saken?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begrunnelse"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Hva er avklart med barnet og foreldrene, og hvem følger opp det som gjenstår?"),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "code", edition.choices("case_closed"))


class ReasonForm(PortalForm):
    """One reason, for reopening or declining."""

    reason = forms.CharField(label=_("Begrunnelse"), widget=forms.Textarea(attrs={"rows": 3}))


class MergeForm(PortalForm):
    """Which other case, and which of the two lives on."""

    reference = forms.CharField(
        label=_("Referansen til den andre saken"), help_text=_("For eksempel NT-2026-004217-K.")
    )
    keep = forms.ChoiceField(
        label=_("Hvilken sak skal leve videre?"),
        widget=forms.RadioSelect,
        choices=[("this", _("Denne saken")), ("other", _("Den andre saken"))],
        help_text=_(
            "Den andre blir avsluttet og forseglet med lenke hit. Ingenting flyttes, og ingen får se mer enn før."
        ),
    )
    reason = forms.CharField(
        label=_("Hvordan vet dere at det er samme barn?"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_reference(self) -> str:
        """The reference as it is stored."""
        try:
            return str(parse_reference(self.cleaned_data["reference"]))
        except ReferenceFormatError as wrong:
            raise ValidationError(wrong.message, code=wrong.code) from wrong
