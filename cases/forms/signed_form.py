"""The signed paper of a consent, as a file."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cases.actions.signed_forms import Scan
from portal.forms import PortalForm

ACCEPT = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"


class ScanField(forms.FileField):
    """A scan or photograph of a paper; one over the limit is refused before it is read into memory."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Underskrevet skjema"),
            help_text=_(
                "PDF, PNG eller JPEG, skannet eller fotografert. Bare de som leser begrunnelsene, kan åpne det."
            ),
            widget=forms.FileInput(attrs={"accept": ACCEPT}),
            max_length=200,
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, not too big."""
        sent = super().clean(data, initial)
        limit = settings.PORTAL_UPLOAD_MAX_BYTES
        if isinstance(sent, UploadedFile) and (sent.size or 0) > limit:
            raise forms.ValidationError(
                _("Filen er for stor. Den kan være på høyst %(limit)d MB.") % {"limit": limit >> 20}, code="too_big"
            )
        return sent


def scan_of(sent: UploadedFile | None) -> Scan | None:
    """What was sent, as the action takes it."""
    return Scan(sent.read(), sent.name or "", sent.content_type or "") if sent else None


class SignedFormForm(PortalForm):
    """The signed paper of an answer that is recorded already."""

    signed = ScanField()

    def scan(self) -> Scan | None:
        """What was sent."""
        return scan_of(self.cleaned_data["signed"])
