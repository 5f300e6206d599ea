"""Forms of the contributor's page: sections that save themselves, declining, attachments."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.choices import offer
from guideline.schema import ContributionTemplate
from portal.forms import PortalForm
from portal.ids import uuid7
from referrals.actions.conflict import TextConflict
from referrals.models import ContributionSection

TEXT, VERSION = "text-", "version-"


@dataclass
class SectionRow:
    """One section on the page: its field, its version, and the two texts when another was first."""

    section: ContributionSection
    field: forms.BoundField
    version: int
    required: bool
    conflict: TextConflict | None = None
    mine: str = ""


class ContributionForm(PortalForm):
    """All sections of a contribution, so that everything is saved at once without JavaScript.

    Each has a text and the version it was opened with; ``page`` names the open page. Nothing is required: what is
    missing is advised, never demanded, except that an empty contribution is not submitted (the action says so).
    """

    mark_optional = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sections: Iterable[ContributionSection],
        template: ContributionTemplate | None,
        sealed: bool = False,
    ) -> None:
        super().__init__(data, initial={"page": uuid7(), "sealed": sealed})
        self.sections = list(sections)
        self.conflicts: dict[str, tuple[TextConflict, str]] = {}
        # Section key → version after saving.
        self.saved: dict[str, int] = {}
        known = template.sections if template else {}
        self.advised = {key for key, section in known.items() if section.required}
        for section in self.sections:
            self.fields[TEXT + section.key] = forms.CharField(
                label=section.heading,
                help_text=known[section.key].help if section.key in known else "",
                required=False,
                initial=section.text,
                widget=forms.Textarea(attrs={"rows": 6}),
            )
            self.fields[VERSION + section.key] = forms.IntegerField(
                required=False, min_value=0, initial=section.version, widget=forms.HiddenInput
            )
        self.fields["sealed"] = forms.BooleanField(
            label=_("Bare henviseren og avdelingen skal lese bidraget"),
            help_text=_("Stafettholderen ser at bidraget er kommet, men ikke hva som står der."),
            required=False,
        )
        self.fields["page"] = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def set_conflict(self, section: ContributionSection, conflict: TextConflict, mine: str) -> None:
        """Shows both texts, and both in the field: whoever saves without reading loses nothing."""
        self.conflicts[section.key] = conflict, mine
        both = "\n\n".join(part for part in (conflict.current, mine) if part.strip())
        self.initial[TEXT + section.key] = both
        if self.is_bound:
            self.data = {**{key: self.data[key] for key in self.data}, TEXT + section.key: both}

    def text_of(self, section: ContributionSection) -> str:
        """The text as typed, with line breaks as one character."""
        return str(self.cleaned_data[TEXT + section.key]).replace("\r\n", "\n")

    def version_of(self, section: ContributionSection) -> int:
        """The version the page was opened with; none is a stale form."""
        return int(self.cleaned_data.get(VERSION + section.key) or 0)

    @property
    def page(self) -> uuid.UUID | None:
        """The open page."""
        found: uuid.UUID | None = self.cleaned_data.get("page")
        return found

    def sent(self) -> list[ContributionSection]:
        """The sections that the post carried and that are valid: an autosave carries one."""
        return [s for s in self.sections if TEXT + s.key in self.data and TEXT + s.key in self.cleaned_data]

    def rows(self) -> list[SectionRow]:
        """The sections for the page."""
        found = []
        for section in self.sections:
            row = SectionRow(
                section, self[TEXT + section.key], self._shown_version(section), section.key in self.advised
            )
            if section.key in self.conflicts:
                row.conflict, row.mine = self.conflicts[section.key]
                row.version = row.conflict.version
            found.append(row)
        return found

    def _shown_version(self, section: ContributionSection) -> int:
        """What was sent, when the form is shown again; so that a stale form stays stale."""
        if not self.is_bound:
            return section.version
        if section.key in self.saved:
            return self.saved[section.key]
        sent = str(self.data.get(VERSION + section.key, ""))
        return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


class DeclineForm(PortalForm):
    """Declining, with a reason of the edition."""

    code = forms.ChoiceField(label=_("Hvorfor bidrar dere ikke?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Vil dere legge til noe?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, reasons: list[tuple[str, str]]) -> None:
        super().__init__(data)
        offer(self, "code", reasons)


class UploadForm(PortalForm):
    """A PDF or picture that goes with the contribution."""

    file = forms.FileField(
        label=_("Fil"),
        help_text=_("PDF, PNG eller JPEG, høyst 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    title = forms.CharField(label=_("Hva er dokumentet?"), max_length=160)
    kind = forms.ChoiceField(label=_("Hva slags vedlegg er det?"))

    def __init__(self, data: Any = None, files: Any = None, *, kinds: list[tuple[str, str]]) -> None:
        super().__init__(data, files)
        offer(self, "kind", [("", _("Velg")), *kinds])

    def answer(self) -> dict[str, Any]:
        """What was sent, as the action takes it."""
        file = self.cleaned_data["file"]
        return {
            "data": file.read(),
            "file_name": file.name,
            "declared_type": file.content_type or "",
            "title": self.cleaned_data["title"],
            "kind": self.cleaned_data["kind"],
        }
