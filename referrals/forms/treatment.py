"""The form of a department whose help has begun."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.forms import DateField, PortalForm


class TreatmentForm(PortalForm):
    """When treatment began; the dates of the right are met on this day."""

    started_on = DateField(
        label=_("Behandlingen startet"),
        help_text=_("Dag.måned.år. Første dag barnet fikk helsehjelpen det har rett til."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"started_on": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
