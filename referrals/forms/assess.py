"""Forms of the one who assesses and finalises."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from guideline.schema import Edition, FormTemplate
from portal.forms import DateField, DateTimeField, PortalForm, VersionedForm
from portal.models import Service
from referrals.instead_of_consent import bases_for
from referrals.models import Referral
from referrals.phones import Phone, spaced

# The national numbers belong to no service of ours: life in danger, and the emergency clinics.
NATIONAL = [("113", _("113 (fare for liv)")), ("116117", _("116 117 (legevakt)"))]


class Versioned(PortalForm):
    """A form that saves itself: the version it was opened with, and the open page, so that a page is not in conflict
    with itself."""

    # A draft may lack anything, so nothing is called optional.
    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    page = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def opened(self) -> dict[str, Any]:
        """The version and page as the action wants them; a form without them is an old one and counts as stale."""
        version = self.cleaned_data.get("version")
        return {"version": -1 if version is None else version, "page": self.cleaned_data.get("page")}


class GpAssessmentForm(Versioned):
    """The GP's assessment (6.1.3): one field per section of the edition. A draft may lack any of them."""

    def __init__(self, *args: Any, template: FormTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = list(template.sections)
        for section in template.sections.values():
            self.fields[section.key] = forms.CharField(
                label=section.heading,
                help_text=section.help,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def texts(self) -> dict[str, str]:
        """Section key → text."""
        return {key: self.cleaned_data.get(key, "") for key in self.keys}


class OverallForm(Versioned):
    """The overall assessment (6.1.2)."""

    overall = forms.CharField(
        label=_("Samlet vurdering"),
        help_text=_(
            "Bygg på bidragene. Hva mener du barnet trenger, og hvorfor er det spesialisthelsetjenesten som bør gi det?"
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class ReasonsForm(PortalForm):
    """Why the GP's assessment or the consent is missing: a code, the basis one relies on, and the reason; printed."""

    mark_optional = False

    gp_code = forms.ChoiceField(label=_("Hvorfor mangler fastlegens vurdering?"), required=False)
    gp_reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Trykkes på henvisningen."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent_code = forms.ChoiceField(label=_("Hvorfor sendes henvisningen uten samtykke?"), required=False)
    consent_basis = forms.ChoiceField(label=_("Grunnlag i stedet for samtykke"), required=False)
    consent_reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Trykkes på henvisningen, sammen med grunnlaget."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @staticmethod
    def given(referral: Referral) -> dict[str, str]:
        """The reasons as they stand."""
        names = ("gp_code", "gp_reason", "consent_code", "consent_basis", "consent_reason")
        return {name: getattr(referral, f"missing_{name}") for name in names}

    def __init__(self, *args: Any, edition: Edition, receiver: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = [("", _("Velg"))]
        offer(self, "gp_code", none + edition.choices("missing_gp_assessment"))
        offer(self, "consent_code", none + edition.choices("missing_consent"))
        offer(self, "consent_basis", none + bases_for(edition, receiver))


class ExternalAssessmentForm(PortalForm):
    """A GP assessment received outside the portal, with source and date."""

    external_from = forms.CharField(label=_("Hvem er vurderingen fra?"), max_length=160)
    how = forms.CharField(
        label=_("Hvordan kom den?"), help_text=_("For eksempel brev eller e-melding."), max_length=160, required=False
    )
    assessed_on = DateField(label=_("Dato på vurderingen"))
    text = forms.CharField(label=_("Vurderingen"), widget=forms.Textarea(attrs={"rows": 6}))


class ReasonForm(PortalForm):
    """One reason in words."""

    reason = forms.CharField(label=_("Begrunnelse"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class WrongForm(PortalForm):
    """Why an entry is wrong."""

    reason = forms.CharField(label=_("Hva er feil?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class ReturnForm(PortalForm):
    """What the referrer needs before finalising."""

    message = forms.CharField(
        label=_("Hva mangler?"),
        help_text=_("Stafettholderen får beskjeden og henter inn resten."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class FinaliseForm(PortalForm):
    """The channel it really goes by."""

    channel = forms.ChoiceField(
        label=_("Hvordan sendes henvisningen?"),
        choices=[choice for choice in Referral.Channel.choices if choice[0]],
        widget=forms.RadioSelect,
        initial=Referral.Channel.PORTAL,
    )


class NewVersionForm(VersionedForm):
    """What is changed since it was sent, and the referral's texts as they are to be from now on."""

    mark_optional = False

    change = forms.CharField(
        label=_("Hva er endret?"),
        help_text=_("Står i versjonshistorikken på henvisningen."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    overall = forms.CharField(label=_("Samlet vurdering"), widget=forms.Textarea(attrs={"rows": 8}))
    worry = forms.CharField(
        label=_("Hva gjelder bekymringen?"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    questions = forms.CharField(
        label=_("Hva ønsker dere at avdelingen skal svare på?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    why_specialist = forms.CharField(
        label=_("Hvorfor er ikke tiltak i kommunen nok?"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    urgency_reason = forms.CharField(label=_("Hvorfor haster det?"), widget=forms.Textarea(attrs={"rows": 2}))

    TEXTS = ("worry", "questions", "why_specialist", "urgency_reason")

    def __init__(self, data: Any = None, *, referral: Referral, texts_shown: bool) -> None:
        """``texts_shown``: the person reads the referral's own texts and the overall assessment, so may change them."""
        texts = {name: getattr(referral, name) for name in self.TEXTS}
        super().__init__(
            data, initial={**texts, "overall": referral.overall_assessment, "version": referral.texts_mark}
        )
        # Asked for as urgent it needs its reason; the hospital's own urgency has one of its own.
        if not referral.urgency_reason:
            del self.fields["urgency_reason"]
        if not texts_shown:
            self.fields = {key: field for key, field in self.fields.items() if key not in ("overall", *self.TEXTS)}
        self.texts_shown = texts_shown

    def clean(self) -> dict[str, Any]:
        """Refuses texts from a page opened while they could be read: what was typed is not left out in silence."""
        if not self.texts_shown and any(name in self.data for name in ("overall", *self.TEXTS)):
            raise forms.ValidationError(
                _("Samtykket gir ikke tjenesten din innsyn i tekstene lenger. De er ikke endret.")
            )
        return super().clean() or self.cleaned_data

    def texts(self) -> dict[str, str]:
        """The texts that the page had, by name, with line breaks as one character; what it had not is not emptied."""
        shown = [name for name in self.TEXTS if name in self.fields and name in self.data]
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in shown}

    def answer(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        said = {"change": given["change"], "overall": given.get("overall")}
        return {**said, "texts": self.texts(), "opened": given["version"]}


class WithdrawForm(PortalForm):
    """Why the referral is withdrawn."""

    code = forms.ChoiceField(label=_("Hvorfor trekkes henvisningen?"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Begrunnelse"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "code", edition.choices("withdrawn"))


class ResubmitForm(PortalForm):
    """Where the referral goes this time."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    receiver = forms.ChoiceField(label=_("Til hvilken avdeling?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, receivers: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"token": uuid.uuid4(), **kwargs.get("initial", {})}})
        self.by_id = {str(service.pk): service for service in receivers}
        offer(self, "receiver", [(key, s.name) for key, s in self.by_id.items()])

    def receiver_chosen(self) -> Service:
        """The department chosen; after ``is_valid``."""
        return self.by_id[self.cleaned_data["receiver"]]


class CallForm(PortalForm):
    """Who was called in an emergency, and when (6.1.5)."""

    called = forms.ChoiceField(label=_("Hvem ringte du?"))
    spoke_with = forms.CharField(
        label=_("Hvem snakket du med?"), help_text=_("Navn eller funksjon."), max_length=120, required=False
    )
    called_on = DateTimeField(label=_("Når?"))

    def __init__(
        self, *args: Any, services: Sequence[Service], shown: Iterable[Phone] = (), now: dt.datetime | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """``shown`` are the on-call numbers on the page: the one that was called is recorded, not the switchboard's."""
        self.shown = {phone.service.pk: phone.number for phone in shown if phone.service is not None}
        moment = timezone.localtime(now or timezone.now()).replace(second=0, microsecond=0)
        super().__init__(*args, **{**kwargs, "initial": {"called_on": moment, **kwargs.get("initial", {})}})
        self.by_id = {str(service.pk): service for service in services}
        known = [(key, service.name) for key, service in self.by_id.items()]
        offer(self, "called", [*known, *NATIONAL])

    def answer(self) -> dict[str, Any]:
        """The arguments of ``record_call``; after ``is_valid``."""
        chosen = self.cleaned_data["called"]
        service = self.by_id.get(chosen)
        return {
            "called": service,
            "phone": self.shown.get(service.pk, service.phone) if service else spaced(chosen),
            "spoke_with": self.cleaned_data["spoke_with"],
            "called_on": self.cleaned_data["called_on"],
        }
