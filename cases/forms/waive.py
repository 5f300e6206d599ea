"""The form for setting an obligation aside."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import PortalForm


class SubjectForm(PortalForm):
    """In which process of the case."""

    subject = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Last siden på nytt."), "invalid": _("Last siden på nytt.")},
    )


class WaiveForm(SubjectForm):
    """Why the obligation is set aside."""

    reason = forms.CharField(
        label=_("Hvorfor settes plikten til side?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Skriv hva som er vurdert. Navnet ditt og grunnen blir stående, og plikten kan tas opp igjen."),
    )
