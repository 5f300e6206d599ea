"""How every form looks and answers: the renderer, the base class for the portal's forms, and Norwegian dates."""

import datetime as dt
import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

SHORT_TEXT = 200
LONG_TEXT = 20_000

DATE_FORMATS = ["%d.%m.%Y", "%Y-%m-%d", "%d%m%Y", "%d/%m/%Y", "%d-%m-%Y"]
# A year outside these is a slip of the finger, and what is reckoned from it would leave the calendar.
FIRST_YEAR, LAST_YEAR = 1900, 2100
DATETIME_FORMATS = [
    "%d.%m.%Y kl. %H.%M",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H.%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
]

# Text of this person that was kept when a save did not go through, while it is put back: field name → text. Set by
# ``portal.kept.restoring`` for one request.
PUT_BACK: ContextVar[Mapping[str, str] | None] = ContextVar("put_back", default=None)

# What is stored for a choice: one word in small letters.
CODE = re.compile(r"[a-z0-9_]+")

# Django's own messages name the field "this"; ours say what to do.
MESSAGES: tuple[tuple[type[forms.Field], dict[str, str | Promise]], ...] = (
    (forms.BooleanField, {"required": _("Du må krysse av her for å gå videre.")}),
    (forms.MultipleChoiceField, {"required": _("Velg minst ett alternativ.")}),
    (forms.ModelMultipleChoiceField, {"required": _("Velg minst ett alternativ.")}),
    (forms.ChoiceField, {"required": _("Velg ett av alternativene.")}),
    (forms.ModelChoiceField, {"required": _("Velg ett av alternativene.")}),
    (
        forms.FileField,
        {"required": _("Velg en fil."), "empty": _("Filen er tom. Velg en annen fil.")},
    ),
    (
        forms.DateField,
        {
            "required": _("Skriv en dato."),
            "invalid": _("Skriv datoen som dag.måned.år, for eksempel 03.09.2026."),
        },
    ),
    (
        forms.DateTimeField,
        {
            "required": _("Skriv dato og klokkeslett."),
            "invalid": _("Skriv dato og klokkeslett, for eksempel 03.09.2026 kl. 14.30."),
        },
    ),
    (
        forms.IntegerField,
        {
            "required": _("Skriv et tall."),
            "invalid": _("Skriv et helt tall med sifre."),
        },
    ),
    (forms.EmailField, {"required": _("Skriv en e-postadresse.")}),
    (forms.Field, {"required": _("Fyll ut dette feltet.")}),
)

TOO_LONG = ngettext_lazy(
    "Teksten er for lang: %(show_value)d tegn. Du kan skrive høyst %(limit_value)d tegn.",
    "Teksten er for lang: %(show_value)d tegn. Du kan skrive høyst %(limit_value)d tegn.",
    "limit_value",
)

TOO_LARGE = _("Filen er for stor ({size}). Den kan være høyst %(limit)d MB.")


class PortalBoundField(BoundField):
    """A field with the portal's messages and limits and the design system's class, and whether it is optional."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        prepare_field(field)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add `ds-input` to whatever Django adds (aria-invalid, aria-describedby)."""
        attrs = super().build_widget_attrs(attrs, widget)
        given = (widget or self.field.widget).attrs.get("class", "")
        attrs["class"] = " ".join(dict.fromkeys(["ds-input", *given.split(), *str(attrs.get("class", "")).split()]))
        return attrs

    def value(self) -> Any:
        """What the field shows; in an open form, text that is being put back, below what stands there already."""
        shown, kept = super().value(), PUT_BACK.get()
        if not kept or self.form.is_bound or not is_text(self.field) or not _fits(self.form, kept):
            return shown
        back = kept.get(self.html_name)
        standing = shown.strip() if isinstance(shown, str) else ""
        if back is None or not isinstance(self.field.widget, forms.Textarea) or standing in back:
            return shown if back is None else back
        return f"{standing}\n\n{back}"

    @property
    def marked_optional(self) -> bool:
        """Optional fields say so; a checkbox one may leave empty is understood without it."""
        wanted = getattr(self.form, "mark_optional", False) and not getattr(self.field, "one_of_several", False)
        return wanted and not self.field.required and not isinstance(self.field, forms.BooleanField)

    @property
    def first_id(self) -> str:
        """The id a link in the error summary goes to: the first of a group's choices, else the field's own."""
        if self.use_fieldset and self.subwidgets:
            return self.subwidgets[0].id_for_label or self.auto_id
        return self.id_for_label or self.auto_id


class PortalRenderer(TemplatesSetting):
    """FORM_RENDERER: all forms, those of packages included, come out of `ds/form.html` and `ds/field.html`."""

    form_template_name = "ds/form.html"
    field_template_name = "ds/field.html"
    bound_field_class = PortalBoundField


class PortalFields:
    """What the portal's own forms share beyond what the renderer gives every form.

    The browser's own validation stays off (write `novalidate` on the form): its bubbles are in the browser's
    language and vanish. Text is never cut by the browser either; what is too long comes back with its length.
    """

    use_required_attribute = False
    mark_optional = True
    # False where a page has many of the same form, so that nobody can tell which one a kept text belongs to.
    put_back = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class PortalForm(PortalFields, forms.Form):
    """Base of the portal's forms. A form of filters, where nothing is required, sets `mark_optional = False`."""


class VersionedForm(PortalForm):
    """A form that carries a mark of what was recorded when its page was opened, for the action to compare."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def seen(self, version: str) -> None:
        """The person has been told that others were first: saving once more is meant."""
        data: Any = self.data
        data = data.copy()
        data["version"] = version
        self.data = data


def is_text(field: forms.Field) -> bool:
    """Whether one writes in the field oneself: not a choice, a box to tick, a file, or something the form hides."""
    chosen = (forms.ChoiceField, forms.BooleanField, forms.FileField, forms.ModelChoiceField, forms.UUIDField)
    return not isinstance(field, chosen) and not field.widget.is_hidden


def _fits(form: forms.BaseForm, kept: Mapping[str, str]) -> bool:
    """Whether kept text was written in a form like this one: it has every field that was written in."""
    return getattr(form, "put_back", False) and set(kept) <= {form.add_prefix(name) for name in form.fields}


def is_written(name: str, value: str) -> bool | None:
    """Whether the portal's forms have a field of this name that one writes in; None where they know none.

    Where one chooses in other fields of that name, a word that looks like a stored code was not written.
    """
    written = [is_text(field) for field in _fields(name)]
    if not written:
        return None
    return any(written) and (all(written) or not CODE.fullmatch(value))


def field_labels(name: str) -> set[str]:
    """What the portal's forms call a field of this name; more than one where they differ, none where it is unknown."""
    return {str(field.label) for field in _fields(name) if field.label}


def _fields(name: str) -> list[forms.Field]:
    found: list[forms.Field] = []
    waiting: list[type[Any]] = [PortalFields]
    while waiting:
        kinds: list[type[Any]] = waiting.pop().__subclasses__()
        waiting += kinds
        for kind in kinds:
            field = getattr(kind, "base_fields", {}).get(name)
            if field is not None:
                found.append(field)
    return found


class PortalModelForm(PortalFields, forms.ModelForm):
    """The same for a model's fields; its `save()` never carries a transition."""


def prepare_field(field: forms.Field) -> None:
    """Give a field the portal's messages and, for text, a limit: its own, else 200 characters, 20 000 in a text area.

    Placeholders go: they vanish when one types, and look like an answer to some.
    """
    field.widget.attrs.pop("placeholder", None)
    for kind, messages in MESSAGES:
        if isinstance(field, kind):
            _use_messages(field, messages)
            break
    if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
        _limit_text(field)
    if isinstance(field, forms.FileField):
        field.widget.attrs.setdefault("data-max-bytes", settings.PORTAL_UPLOAD_MAX_BYTES)
        field.widget.attrs.setdefault("data-too-large", TOO_LARGE % {"limit": settings.PORTAL_UPLOAD_MAX_BYTES >> 20})


def _use_messages(field: forms.Field, messages: dict[str, str | Promise]) -> None:
    defaults: dict[str, Any] = {}
    for cls in reversed(type(field).__mro__):
        defaults.update(getattr(cls, "default_error_messages", {}))
    for code, message in messages.items():
        # Messages given where the form is written win over ours.
        if field.error_messages.get(code) == defaults.get(code):
            field.error_messages[code] = message  # type: ignore[assignment]


def _limit_text(field: forms.CharField) -> None:
    limit = field.max_length or (LONG_TEXT if isinstance(field.widget, forms.Textarea) else SHORT_TEXT)
    field.widget.attrs.pop("maxlength", None)
    others = [check for check in field.validators if not isinstance(check, MaxLengthValidator)]
    field.validators = [*others, MaxLengthValidator(limit, message=TOO_LONG)]


def within_reach(value: dt.date) -> None:
    """Refuses a date (or a moment) in a year that nobody means. Raises ``ValidationError``."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("Skriv et årstall fra %(first)d til %(last)d."),
            code="year",
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class DateField(forms.DateField):
    """A date written the Norwegian way (3.9.2026, 03092026) or as ISO, from 1900 to 2100."""

    default_validators = [within_reach]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(
            format="%d.%m.%Y",
            attrs={"autocomplete": "off", "inputmode": "numeric", "size": 12},
        )
        super().__init__(
            **{
                "widget": widget,
                "input_formats": DATE_FORMATS,
                "help_text": _("Dag.måned.år"),
                **kwargs,
            }
        )


class DateTimeField(forms.DateTimeField):
    """Date and time written the Norwegian way (3.9.2026 kl. 14.30) or as ISO, in the portal's time zone."""

    default_validators = [within_reach]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%d.%m.%Y kl. %H.%M", attrs={"autocomplete": "off", "size": 22})
        help_text = _("Dag.måned.år kl. time.minutt")
        super().__init__(
            **{
                "widget": widget,
                "input_formats": DATETIME_FORMATS,
                "help_text": help_text,
                **kwargs,
            }
        )
