"""Forms for starting and assembling a referral."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from cases.models import Document
from portal.forms import DateField, PortalForm
from portal.ids import uuid7
from portal.models import Membership, Service
from referrals.actions.received import Letter
from referrals.models import Referral

LONG = {"rows": 5}


class TextsForm(PortalForm):
    """The referral's own texts. ``version`` and ``page`` tell two writers apart.

    Any may be empty while it is being made, but none is unwanted: so no field says «valgfritt».
    """

    mark_optional = False

    worry = forms.CharField(
        label=_("Hva gjelder bekymringen?"),
        help_text=_("Kort, med egne ord. Undringen, tiltakene og barnets ord i saken følger med av seg selv."),
        required=False,
        widget=forms.Textarea(attrs=LONG),
    )
    questions = forms.CharField(
        label=_("Hva ønsker dere at avdelingen skal svare på?"),
        help_text=_("For eksempel utredning, behandling, veiledning eller en bestemt avklaring."),
        required=False,
        widget=forms.Textarea(attrs=LONG),
    )
    why_specialist = forms.CharField(
        label=_("Hvorfor er ikke tiltak i kommunen nok?"),
        required=False,
        widget=forms.Textarea(attrs=LONG),
    )
    urgency = forms.ChoiceField(
        label=_("Hastegrad"),
        choices=[(Referral.Urgency.ORDINARY, _("Ordinær")), (Referral.Urgency.URGENT, _("Haster"))],
        widget=forms.RadioSelect,
        help_text=_("Er det øyeblikkelig hjelp? Da skal dere ringe vakthavende nå, ikke skrive her."),
    )
    urgency_reason = forms.CharField(
        label=_("Hvorfor haster det?"),
        help_text=_("Fylles ut når det haster."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    page = forms.UUIDField(widget=forms.HiddenInput, required=False)

    NAMES = ("worry", "questions", "why_specialist", "urgency", "urgency_reason")

    @classmethod
    def of(cls, referral: Referral, data: Any = None) -> "TextsForm":
        """The form for a referral as it stands, on a page of its own."""
        initial = {name: getattr(referral, name) for name in cls.NAMES}
        return cls(data, initial=initial | {"version": referral.text_version, "page": uuid7()})

    def clean(self) -> dict[str, Any]:
        """Line breaks as one character, however the browser sends them; a reason where it is urgent."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.NAMES:
            if isinstance(cleaned.get(name), str):
                cleaned[name] = cleaned[name].replace("\r\n", "\n")
        reason = cleaned.get("urgency_reason")
        if cleaned.get("urgency") == Referral.Urgency.URGENT and reason is not None and not reason.strip():
            self.add_error("urgency_reason", _("Skriv hvorfor det haster."))
        return cleaned

    def texts(self) -> dict[str, Any]:
        """What the action takes; a form without a version is a stale one."""
        return {
            **{name: self.cleaned_data[name] for name in self.NAMES},
            "version": self.cleaned_data.get("version") or 0,
            "page": self.cleaned_data.get("page"),
        }


class StartForm(TextsForm):
    """Starting a referral: which department, and the texts one has already."""

    receiver = forms.ChoiceField(label=_("Hvilken avdeling henviser dere til?"), widget=forms.RadioSelect)
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("receiver", *TextsForm.NAMES, "token")

    def __init__(self, data: Any = None, *, receivers: list[Service]) -> None:
        initial = {"token": uuid7(), "urgency": Referral.Urgency.ORDINARY}
        if len(receivers) == 1:
            initial["receiver"] = str(receivers[0].pk)
        super().__init__(data, initial=initial)
        del self.fields["version"], self.fields["page"]
        self.by_id = {str(service.pk): service for service in receivers}
        offer(
            self,
            "receiver",
            [(key, f"{service.name}, {service.organisation.name}") for key, service in self.by_id.items()],
        )

    def answer(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        cleaned = self.cleaned_data
        texts = {name: cleaned[name] for name in self.NAMES}
        return texts | {"receiver": self.by_id[cleaned["receiver"]], "token": cleaned["token"]}


class AskForm(PortalForm):
    """Asking one service: its own date and words. Each service has its own form, so ids carry the service's."""

    put_back = False

    service = forms.UUIDField(widget=forms.HiddenInput)
    due_on = DateField(label=_("Frist"))
    request_text = forms.CharField(
        label=_("Hva trenger dere å vite?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, service_id: uuid.UUID | None = None, due_on: dt.date | None = None) -> None:
        super().__init__(data, auto_id=f"ask-{service_id}-%s", initial={"service": service_id, "due_on": due_on})


class MoreForm(PortalForm):
    """Asking the writer of a submitted contribution for more."""

    message = forms.CharField(
        label=_("Hva trenger dere mer om?"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    due_on = DateField(
        label=_("Frist"), required=False, help_text=_("Dag.måned.år. Tomt: fristen dere ga første gang.")
    )


class ReceivedForm(PortalForm):
    """A contribution received outside the portal, with source and date."""

    external_from = forms.CharField(
        label=_("Hvem har skrevet det?"), max_length=160, help_text=_("Navn og stilling, slik det står på det som kom.")
    )
    how = forms.CharField(
        label=_("Hvordan kom det?"), help_text=_("For eksempel brev eller telefon."), max_length=160, required=False
    )
    written_on = DateField(label=_("Dato på bidraget"))
    text = forms.CharField(
        label=_("Det som kom"), help_text=_("Skriv av, eller oppsummer."), widget=forms.Textarea(attrs={"rows": 8})
    )
    file = forms.FileField(
        label=_("Brevet som fil"),
        required=False,
        help_text=_("PDF, PNG eller JPEG, høyst 20 MB. Det følger med henvisningen som vedlegg."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def answer(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        given = dict(self.cleaned_data)
        file = given.pop("file")
        return given | {"letter": Letter(file.read(), file.name, file.content_type or "") if file else None}


class CancelForm(PortalForm):
    """Taking back a request."""

    reason = forms.CharField(label=_("Hvorfor trekker dere forespørselen?"), max_length=300)


class AttachForm(PortalForm):
    """Attaching a document of the case."""

    document = forms.ChoiceField(label=_("Dokument"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Hva slags vedlegg er det?"))

    def __init__(self, data: Any = None, *, documents: list[Document], kinds: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.by_id = {str(document.pk): document for document in documents}
        offer(
            self,
            "document",
            [(key, f"{document.title} ({document.service.name})") for key, document in self.by_id.items()],
        )
        offer(self, "kind", [("", _("Velg")), *kinds])

    def answer(self) -> dict[str, Any]:
        """What was chosen, as the action takes it."""
        return {"document": self.by_id[self.cleaned_data["document"]], "kind": self.cleaned_data["kind"]}


class HandOverForm(PortalForm):
    """Choosing who assesses and finalises, among those entitled to refer."""

    referrer = forms.ChoiceField(label=_("Hvem skal vurdere og ferdigstille?"))

    def __init__(self, data: Any = None, *, referrers: list[Membership], chosen: uuid.UUID | None = None) -> None:
        super().__init__(data, auto_id="hand-over-%s", initial={"referrer": str(chosen) if chosen else ""})
        self.by_id = {str(membership.pk): membership for membership in referrers}
        offer(
            self,
            "referrer",
            [
                ("", _("Velg")),
                *(
                    (key, f"{m.user.name}, {m.get_role_display().lower()}, {m.service.name}")
                    for key, m in self.by_id.items()
                ),
            ],
        )

    def answer(self) -> Membership:
        """The membership chosen."""
        return self.by_id[self.cleaned_data["referrer"]]
