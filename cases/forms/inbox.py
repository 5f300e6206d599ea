"""The inbox's one small form."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from portal.forms import PortalForm
from portal.models import Membership


class ReassignForm(PortalForm):
    """Who in the service takes the task; empty gives it back to all. A person is chosen once, whatever roles they
    have."""

    to = forms.ChoiceField(
        label=_("Gi til"),
        required=False,
        error_messages={"invalid_choice": _("Velg en som arbeider i tjenesten nå, og som kan gjøre oppgaven.")},
    )

    def __init__(
        self, *args: Any, takers: Iterable[Membership], holder: uuid.UUID | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._by_user = {str(m.user_id): m for m in takers}
        choices = [("", _("Alle i tjenesten")), *((key, m.user.name) for key, m in self._by_user.items())]
        offer(self, "to", choices)
        if holder is not None:
            self.initial["to"] = str(holder)

    def clean_to(self) -> Membership | None:
        """The membership chosen, or None."""
        return self._by_user.get(self.cleaned_data["to"])
