"""Forms for handing over the case and for the services that take part."""

from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from cases.models import Case, Participant
from cases.service_choices import to_choose
from portal.forms import DateField, PortalForm
from portal.models import Membership, Service


class OfferForm(PortalForm):
    """Who is asked to take over, and a word to them."""

    to = forms.ChoiceField(label=_("Hvem spør du?"))
    message = forms.CharField(
        label=_("Melding"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skriv ikke noe om barnet her. Den du spør, har ikke innsyn før pinnen er tatt imot."),
    )

    def __init__(self, *args: Any, people: "QuerySet[Membership]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(m.pk): m for m in people}
        groups = groupby(self.people.values(), key=lambda m: m.service.name)
        offer(
            self,
            "to",
            [
                ("", _("Velg en person")),
                *(
                    (service, [(str(m.pk), f"{m.user.name}, {m.get_role_display()}") for m in group])
                    for service, group in groups
                ),
            ],
        )

    def clean_to(self) -> Membership:
        """The membership chosen."""
        return self.people[self.cleaned_data["to"]]


class EndForm(PortalForm):
    """Why a service takes part no longer."""

    reason = forms.CharField(label=_("Begrunnelse"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ParticipantForm(PortalForm):
    """A service that is to take part: why, whom it knows, and for how long."""

    service = forms.ModelChoiceField(
        label=_("Tjeneste"), queryset=Service.objects.none(), empty_label=_("Velg tjeneste"),
        help_text=_("Tjenestene som har ansvar for kommunen barnet bor i."),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Formål"), max_length=300, help_text=_("Hva tjenesten skal bidra med, kort. Foreldrene kan lese det.")
    )
    knows = forms.ChoiceField(
        label=_("Hvem kjenner tjenesten?"),
        choices=Participant.Knows,
        initial=Participant.Knows.CHILD,
        widget=forms.RadioSelect,
    )
    valid_from = DateField(label=_("Fra"), initial=timezone.localdate)
    valid_until = DateField(label=_("Til og med"), required=False)

    def __init__(self, *args: Any, services: "QuerySet[Service]", case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = services
        field.choices = [("", field.empty_label), *to_choose(services, case)]

    def clean(self) -> dict[str, Any]:
        """The period runs forwards."""
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("Sluttdatoen kan ikke være før startdatoen."))
        return cleaned


class ParticipantEditForm(ParticipantForm):
    """The same of a service that takes part: who it is and when it came in stay as they are."""

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        names = ("purpose", "knows", "valid_until")
        kwargs["initial"] = {name: getattr(participant, name) for name in names}
        super().__init__(*args, services=Service.objects.none(), case=participant.case, **kwargs)
        del self.fields["service"], self.fields["valid_from"]
