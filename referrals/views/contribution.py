"""The contributor's page: what is asked of them and no more of the case; write, save, submit, decline, reopen."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guideline.editions import current_edition
from portal import kept
from portal.answering import PortalRequest, attempt, posted
from portal.confirming import confirm_page
from portal.htmx import redirect, respond
from portal.rights import check
from referrals.access import open_contribution, section_of, sections_of
from referrals.actions.conflict import TextConflict
from referrals.actions.write import (
    decline_contribution,
    kept_at,
    reopen_contribution,
    seal_draft,
    submit_contribution,
)
from referrals.contributing import page_context, save_sections
from referrals.forms.contribution import ContributionForm, DeclineForm
from referrals.models import Contribution
from referrals.states import WITH_HOSPITAL


def contribution(request: PortalRequest, contribution_id: uuid.UUID) -> HttpResponse:
    """Reading and writing on one page; without JavaScript the buttons save everything."""
    found = open_contribution(request.actor, contribution_id)
    check(request.actor, "contribution.read", found)
    sections = sections_of(found)
    form = form_of(found, sections, posted(request))
    if request.method == "POST":
        check(request.actor, "contribution.write", found)
        if save_sections(form, by=request.actor):
            return _saved(request, found, form)
        return _page(request, found, form, status=422, typed=True)
    show_kept_conflict(request, form)
    return _page(request, found, form)


def section(request: PortalRequest, contribution_id: uuid.UUID, key: str) -> HttpResponse:
    """One section saving itself: only its new version comes back, never the text; or that another was first."""
    recorded = request.method != "POST"
    found = open_contribution(request.actor, contribution_id, "contribution.autosave", recorded=recorded)
    if request.method != "POST":
        return redirect(request, "referrals:contribution", contribution_id)
    check(request.actor, "contribution.write", found)
    row = section_of(found, key)
    form = form_of(found, [row], request.POST)
    done = save_sections(form, by=request.actor)
    conflict, _mine = form.conflicts.get(key, (None, ""))
    context = {"contribution": found, "section": row, "form": form, "done": done, "conflict": conflict}
    context["version"] = form.saved.get(key, row.version)
    context["both_url"] = kept_at(row) + f"?konflikt={key}#del-{key}"
    context["error"] = next(iter([*form.errors.get(f"text-{key}", []), *form.non_field_errors()]), "")
    return respond(request, "referrals/_section_saved.html", None, context, status=200 if done else 422)


def decline(request: PortalRequest, contribution_id: uuid.UUID) -> HttpResponse:
    """Declines, with a reason."""
    found = open_contribution(request.actor, contribution_id, "contribution.decline")
    check(request.actor, "contribution.decline", found)
    edition = current_edition(found.referral.case.community)
    form = DeclineForm(posted(request), reasons=edition.choices("contribution_declined"))
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, decline_contribution, contribution=found, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Svaret er sendt. Takk for at dere sa fra."))
            return redirect(request, "referrals:contribution", contribution_id)
    return confirm_page(
        request,
        form,
        title=_("Vi bidrar ikke"),
        lead=_("Et nei med en grunn er også et svar: da slipper stafettholderen å vente."),
        confirm=_("Send svaret"),
        back=reverse("referrals:contribution", args=[contribution_id]),
        crumbs=[(_("Innboks"), reverse("cases:inbox"))],
    )


def reopen(request: PortalRequest, contribution_id: uuid.UUID) -> HttpResponse:
    """Takes the contribution back to write more."""
    found = open_contribution(request.actor, contribution_id, "contribution.reopen")
    if request.method == "POST":
        check(request.actor, "contribution.write", found)
        done = attempt(request, None, reopen_contribution, contribution=found, by=request.actor)
        if done is not None:
            messages.success(request, _("Bidraget er åpnet igjen. Husk å levere det på nytt."))
    return redirect(request, "referrals:contribution", contribution_id)


def _saved(request: PortalRequest, found: Contribution, form: ContributionForm) -> HttpResponse:
    """Everything typed is saved; what was kept of earlier attempts is dropped. Submits if that was the button."""
    assert request.actor.user is not None
    kept.drop(request.actor.user, request.path)
    if request.POST.get("handling") == "submit":
        action = submit_contribution
        done = attempt(request, form, action, contribution=found, by=request.actor, sealed=_sealed(form))
        if done is None:
            return _page(request, found, form, status=422)
        late = found.referral.state in WITH_HOSPITAL
        messages.success(
            request,
            _("Bidraget er levert. Det går med når henviseren sender en ny versjon.")
            if late
            else _("Bidraget er levert. Takk."),
        )
    else:
        attempt(request, None, seal_draft, contribution=found, by=request.actor, sealed=_sealed(form))
        messages.success(request, _("Utkastet er lagret."))
    return redirect(request, "referrals:contribution", found.pk)


def _sealed(form: ContributionForm) -> bool:
    return bool(form.cleaned_data.get("sealed"))


def form_of(found: Contribution, sections: list[Any], data: Any) -> ContributionForm:
    """The form of these sections, worded by the edition's template."""
    edition = current_edition(found.referral.case.community)
    template = edition.contributions.get(found.template)
    return ContributionForm(data, sections=sections, template=template, sealed=found.sealed)


def show_kept_conflict(request: PortalRequest, form: ContributionForm) -> None:
    """``?konflikt=<section>``: both texts side by side, after a section that saves itself met another's text."""
    key = request.GET.get("konflikt", "")
    row = next((s for s in form.sections if s.key == key), None)
    if row is None or request.actor.user is None:
        return
    text = kept.waiting_for(request.actor.user, request.path)
    if text is not None and key in text.fields and text.fields[key] != row.text:
        who = row.written_by.name if row.written_by else ""
        form.set_conflict(row, TextConflict(current=row.text, version=row.version, who=who), text.fields[key])


def _page(
    request: PortalRequest, found: Contribution, form: ContributionForm, status: int = 200, *, typed: bool = False
) -> HttpResponse:
    context = page_context(found, form, request.actor)
    if typed and not context["writing"]:
        # Another submitted, or the hospital decided: the page has no fields any more, and what was typed is kept.
        kept.keep_post(request)
    return respond(request, "referrals/contribution.html", None, context, status=status)
