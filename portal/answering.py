"""How a view answers an action: what went wrong is said where the person is, and nothing that was typed is lost."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from portal.states import MovedOn

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from portal.context import Actor
    from portal.models import Membership

Result = TypeVar("Result")


class PortalRequest(HttpRequest):
    """A request behind the portal's middleware; for annotations."""

    actor: "Actor"
    memberships: "list[Membership]"
    htmx: "HtmxDetails"


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, even if it was nothing; None when the page is only read."""
    return request.POST if request.method == "POST" else None


class Invalid(Exception):
    """An action refuses its input: field name (or ``""`` for the whole form) → sentence for the person."""

    def __init__(self, **errors: str) -> None:
        super().__init__("ugyldig")
        self.errors = errors


def attempt(
    request: HttpRequest, form: forms.BaseForm | None, action: Callable[..., Result], **arguments: Any
) -> Result | None:
    """Runs an action for a view. None means it did not happen and the reason is in the form (or in the messages).

    Runs in a savepoint, so that a refused write leaves nothing behind while the access event stays.
    """
    try:
        with transaction.atomic():
            return action(**arguments)
    except MovedOn as late:
        _say(request, form, late.message)
    except Invalid as invalid:
        for name, message in invalid.errors.items():
            if form is not None and (name in form.fields or not name):
                form.add_error(name or None, message)
            else:
                _say(request, form, message)
    except ValidationError as invalid:
        by_field = invalid.message_dict if hasattr(invalid, "error_dict") else {NON_FIELD_ERRORS: invalid.messages}
        for name, texts in by_field.items():
            for text in texts:
                if form is not None and name in form.fields:
                    form.add_error(name, text)
                else:
                    _say(request, form, text)
    except IntegrityError as broken:
        _say(request, form, constraint_message(broken))
    return None


def constraint_message(error: IntegrityError) -> str:
    """The sentence that belongs to the database constraint which refused the write."""
    from django.apps import apps

    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                message = str(constraint.violation_error_message)
                if message != str(constraint.default_violation_error_message):
                    return message
    return _("Dette kan ikke lagres slik. Last siden på nytt og prøv igjen.")


def _say(request: HttpRequest, form: forms.BaseForm | None, message: str) -> None:
    if form is not None:
        form.add_error(None, message)
    else:
        messages.error(request, message)
