"""Forms for measures, the child's words, documents, and marking an entry as wrong."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from cases.models import Measure
from guideline.schema import Edition
from portal.forms import DateField, PortalForm, VersionedForm
from portal.models import Service


class MeasureForm(PortalForm):
    """A measure planned or going on."""

    title = forms.CharField(label=_("Hva er tiltaket?"), max_length=160)
    description = forms.CharField(
        label=_("Hva gjøres, hvor ofte og av hvem?"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    service = forms.ChoiceField(label=_("Ansvarlig tjeneste"))
    state = forms.ChoiceField(
        label=_("Er tiltaket i gang?"),
        choices=[
            (Measure.State.ONGOING, _("Ja, det er i gang eller gjennomført")),
            (Measure.State.PLANNED, _("Nei, det er planlagt")),
        ],
        widget=forms.RadioSelect,
        initial=Measure.State.ONGOING,
    )
    started_on = DateField(
        label=_("Fra"), required=False, help_text=_("Dag.måned.år. For et planlagt tiltak: når det skal begynne.")
    )

    def __init__(self, *args: Any, services: list[Service], own: Service, **kwargs: Any) -> None:
        kwargs["initial"] = {"service": str(own.pk)}
        super().__init__(*args, **kwargs)
        self.by_id = {str(service.pk): service for service in services}
        offer(self, "service", [(str(service.pk), service.name) for service in services])

    def answer(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        return self.cleaned_data | {"service": self.by_id[self.cleaned_data["service"]]}


class StartForm(PortalForm):
    """A planned measure has begun."""

    started_on = DateField(label=_("Når begynte det?"))


class EvaluateForm(VersionedForm):
    """What effect a measure had."""

    effect = forms.ChoiceField(
        label=_("Hvilken effekt hadde tiltaket?"),
        choices=[choice for choice in Measure.Effect.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvilken effekt tiltaket hadde.")},
    )
    effect_text = forms.CharField(
        label=_("Hva har dere sett?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Hva ble bedre, hva ble ikke bedre, og hva sier barnet og familien?"),
    )
    ended_on = DateField(
        label=_("Sluttet"), required=False, help_text=_("La stå tomt når tiltaket fortsetter. Dag.måned.år")
    )


class StopForm(PortalForm):
    """Why a measure was stopped."""

    reason = forms.CharField(label=_("Hvorfor stoppes tiltaket?"), widget=forms.Textarea(attrs={"rows": 4}))
    ended_on = DateField(label=_("Sluttet"), required=False)


class VoiceForm(PortalForm):
    """Words verbatim and how they came, or why there are none."""

    speaker = forms.ChoiceField(
        label=_("Hvem sine ord?"),
        choices=[("child", _("Barnets")), ("family", _("Familiens"))],
        widget=forms.RadioSelect,
        initial="child",
    )
    words = forms.CharField(
        label=_("Med egne ord"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Skriv det som ble sagt, ordrett. Teksten blir gjengitt slik den står i henvisningen."),
    )
    how_obtained = forms.ChoiceField(label=_("Hvordan kom ordene fram?"), required=False)
    how_more = forms.CharField(label=_("Mer om hvordan"), required=False, max_length=200)
    obtained_on = DateField(label=_("Når?"), required=False)
    not_obtained_reason = forms.ChoiceField(label=_("Hvorfor er ordene ikke innhentet?"), required=False)
    missing_more = forms.CharField(
        label=_("Begrunnelse"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.how = dict(edition.choices("child_voice_how"))
        self.missing = dict(edition.choices("child_voice_missing"))
        offer(self, "how_obtained", [("", _("Velg")), *self.how.items()])
        offer(self, "not_obtained_reason", [("", _("Ikke aktuelt: ordene står over")), *self.missing.items()])

    def answer(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        data = self.cleaned_data
        return {
            "speaker": data["speaker"],
            "words": data["words"],
            "how_obtained": _joined(self.how.get(data["how_obtained"], ""), data["how_more"]),
            "obtained_on": data["obtained_on"],
            "not_obtained_reason": _joined(self.missing.get(data["not_obtained_reason"], ""), data["missing_more"]),
        }


class DocumentForm(PortalForm):
    """A file with what it is about."""

    file = forms.FileField(
        label=_("Fil"),
        help_text=_("PDF, PNG eller JPEG. Bilder lagres uten opplysninger om hvor og når de er tatt."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}),
        max_length=200,
    )
    title = forms.CharField(
        label=_("Hva er dokumentet?"), max_length=160, help_text=_("For eksempel «Sakkyndig vurdering, mars 2026».")
    )
    category = forms.ChoiceField(
        label=_("Hvilket tema hører det til?"),
        widget=forms.RadioSelect,
        help_text=_("Temaet avgjør hvilke tjenester som ser dokumentet, etter samtykket i saken."),
    )
    sealed = forms.BooleanField(
        label=_("Bare for henviseren"),
        required=False,
        help_text=_("Stafettholderen ser at dokumentet er kommet, men ikke innholdet."),
    )

    def __init__(self, *args: Any, edition: Edition, service: Service, **kwargs: Any) -> None:
        kwargs["initial"] = {"category": edition.consent.categories_of(service.kind)[0]}
        super().__init__(*args, **kwargs)
        own = edition.consent.categories_of(service.kind)
        ordered = sorted(
            edition.consent.categories.values(), key=lambda c: own.index(c.key) if c.key in own else len(own)
        )
        offer(self, "category", [(c.key, c.label) for c in ordered])

    def clean_file(self) -> UploadedFile:
        """Refuses a file over the limit before it is read into memory."""
        sent: UploadedFile = self.cleaned_data["file"]
        limit = settings.PORTAL_UPLOAD_MAX_BYTES
        if (sent.size or 0) > limit:
            raise forms.ValidationError(
                _("Filen er for stor. Den kan være på høyst %(limit)d MB.") % {"limit": limit >> 20}, code="too_big"
            )
        return sent

    def answer(self) -> dict[str, Any]:
        """What was sent, as the action takes it."""
        data, sent = self.cleaned_data, self.cleaned_data["file"]
        return {
            "data": sent.read(),
            "file_name": sent.name,
            "declared_type": sent.content_type or "",
            "title": data["title"],
            "category": data["category"],
            "sealed": data["sealed"],
        }


class ErrorForm(PortalForm):
    """Why an entry is wrong."""

    reason = forms.CharField(
        label=_("Hva er feil?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Oppføringen blir stående med strek over, med navnet ditt og denne forklaringen."),
    )


def _joined(label: object, more: str) -> str:
    return ". ".join(part for part in (str(label), more.strip()) if part)
