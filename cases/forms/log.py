"""Narrowing the log of a case: by person or service, and by days."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from cases.log_reading import Visitor, Wanted
from cases.log_summary import PERSON, SERVICE, who_choices
from portal.forms import DateField, PortalForm


class LogForm(PortalForm):
    """What of the log one wants to see. Sent by GET, so that a page of it has an address."""

    mark_optional = False

    hvem = forms.ChoiceField(label=_("Hvem"), required=False)
    fra = DateField(label=_("Fra og med"), required=False, help_text="")
    til = DateField(label=_("Til og med"), required=False, help_text="")

    def __init__(self, *args: Any, visitors: Sequence[Visitor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visitors = visitors
        offer(self, "hvem", who_choices(visitors))

    def clean(self) -> dict[str, Any]:
        """The period runs forwards."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("fra"), cleaned.get("til")
        if first and last and last < first:
            self.add_error("til", _("Til og med må være samme dag som fra og med, eller senere."))
        return cleaned

    def wanted(self, kind: str) -> Wanted:
        """What is asked for; a field that could not be read narrows nothing."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        who = given.get("hvem", "")
        return Wanted(
            kind=kind,
            user_id=uuid.UUID(who.removeprefix(PERSON)) if who.startswith(PERSON) else None,
            service_id=uuid.UUID(who.removeprefix(SERVICE)) if who.startswith(SERVICE) else None,
            first=given.get("fra"),
            last=given.get("til"),
        )
