"""Forms of user administration."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from portal.actions.second_factor import CHECKS
from portal.context import Actor
from portal.forms import DateField, PortalForm
from portal.models import Profession, Role, Service
from portal.people_access import Filters, services_of
from portal.roles import ROLES_BY_KIND
from portal.timeframe import today
from portal.user_rights import may_give

HPR = RegexValidator(re.compile(r"^\d{7,9}$"), _("HPR-nummeret har sju til ni sifre."))


def grouped_services(actor: Actor) -> list[tuple[Any, Any]]:
    """The services an actor may choose, under the name of their organisation."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for service in services_of(actor).order_by("organisation__sort_key", "sort_key", "pk"):
        groups.setdefault(service.organisation.name, []).append((str(service.pk), service.name))
    return list(groups.items())


def roles_for(actor: Actor, service: Service) -> list[tuple[str, Any]]:
    """The roles the actor may give in a service, in the order of the role list."""
    possible = ROLES_BY_KIND[service.kind]
    return [(role.value, role.label) for role in Role if role in possible and may_give(actor, role)]


class UserFilterForm(PortalForm):
    """Narrows the list of users."""

    mark_optional = False
    q = forms.CharField(label=_("Navn, e-post eller HPR-nummer"), required=False)
    rolle = forms.ChoiceField(label=_("Rolle"), required=False, choices=[("", _("Alle roller")), *Role.choices])
    tjeneste = forms.ChoiceField(label=_("Tjeneste"), required=False)
    vis = forms.ChoiceField(
        label=_("Vis"),
        required=False,
        choices=[
            ("", _("Med tilgang")),
            ("waiting", _("Venter på godkjenning")),
            ("ended", _("Uten tilgang nå")),
            ("all", _("Alle")),
        ],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tjeneste"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Alle tjenester")), *grouped_services(actor)]

    def filters(self) -> Filters:
        """What was asked for; what makes no sense is left out rather than refused."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        return Filters(asked.get("q", ""), asked.get("rolle", ""), asked.get("tjeneste") or None, asked.get("vis", ""))


class ServiceChoiceForm(PortalForm):
    """First step of inviting and moving: to which service."""

    tjeneste = forms.ChoiceField(label=_("Hvilken tjeneste?"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tjeneste"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Velg tjeneste")), *grouped_services(actor)]

    def service(self, actor: Actor) -> Service | None:
        """The chosen service, or None while nothing valid is chosen."""
        if not self.is_bound or not self.is_valid():
            return None
        return services_of(actor).filter(pk=self.cleaned_data["tjeneste"]).first()


class PersonFields(PortalForm):
    """What is known of a person besides the address."""

    name = forms.CharField(
        label=_("Navn"), max_length=120, help_text=_("Fornavn og etternavn, slik kolleger skal se det.")
    )
    title = forms.CharField(label=_("Stilling"), max_length=80, required=False)
    profession = forms.ChoiceField(
        label=_("Yrke"),
        required=False,
        choices=Profession.choices,
        help_text=_("Yrket avgjør hvem som kan henvise. Lege og psykolog må ha HPR-nummer."),
    )
    hpr_number = forms.CharField(label=_("HPR-nummer"), max_length=9, required=False, validators=[HPR])

    def clean(self) -> dict[str, Any]:
        """A doctor or psychologist has an HPR number."""
        cleaned = super().clean() or {}
        authorised = cleaned.get("profession") in {Profession.DOCTOR, Profession.PSYCHOLOGIST}
        if authorised and not cleaned.get("hpr_number") and "hpr_number" not in self.errors:
            self.add_error("hpr_number", _("Skriv HPR-nummeret: rollen bygger på autorisasjonen."))
        return cleaned


class InviteForm(PersonFields):
    """Second step: who, and in which role."""

    email = forms.EmailField(
        label=_("E-post"),
        max_length=254,
        help_text=_("Jobbadressen. Invitasjonen sendes hit, og adressen er brukernavnet."),
    )
    role = forms.ChoiceField(label=_("Rolle"), widget=forms.RadioSelect)
    valid_from = DateField(label=_("Fra når?"), required=False, help_text=_("Tomt betyr i dag."))
    valid_until = DateField(label=_("Til og med"), required=False, help_text=_("For vikarer og prosjekter."))
    field_order = ["email", "name", "role", "title", "profession", "hpr_number", "valid_from", "valid_until"]

    def __init__(self, *args: Any, actor: Actor, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = roles_for(actor, service)

    def clean_email(self) -> str:
        """Small letters, as addresses are stored."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """The period makes sense."""
        cleaned = super().clean()
        start, end = cleaned.get("valid_from") or today(), cleaned.get("valid_until")
        if end is not None and end < start:
            self.add_error("valid_until", _("Siste dag kan ikke være før første dag."))
        return cleaned


class MoveForm(PortalForm):
    """Second step of moving: in which role."""

    role = forms.ChoiceField(label=_("Ny rolle"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, actor: Actor, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = roles_for(actor, service)


class EndForm(PortalForm):
    """Why an access ends."""

    reason = forms.CharField(
        label=_("Hvorfor avsluttes tilgangen?"),
        max_length=200,
        help_text=_("For eksempel: har sluttet, har byttet oppgaver. Skriv ikke noe om helse eller om barn."),
    )


class ResetForm(PortalForm):
    """How it was made sure of who asks to have the login reset."""

    checked = forms.ChoiceField(
        label=_("Hvordan vet du hvem som spør?"), widget=forms.RadioSelect, choices=list(CHECKS.items())
    )
